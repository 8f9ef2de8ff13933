# TLS and passwords of PostgreSQL: all as libpq does them, and what is wrong is a sentence without the password.
import subprocess
from urllib.parse import quote

import pytest

from harness.certificates import Authority
from harness.cluster import Cluster
from harness.process import Serving
from harness.server import free_port
from live.test_operations import refused

USER = "teller"
PASSWORD = "s3cret p@ss/w:rd%?#&=ö"
HBA = ["local all all trust", "hostssl all all 127.0.0.1/32 scram-sha-256"]


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authorities")
    return Authority(folder / "ours"), Authority(folder / "theirs")


@pytest.fixture(scope="module")
def cluster(authorities):
    cluster = Cluster({"listen_addresses": "127.0.0.1", "port": free_port()}, HBA)
    try:
        certificate, key = authorities[0].make("postgres")
        cluster.settings |= {
            "ssl": "on",
            "ssl_cert_file": cluster.keep("server.pem", certificate.read_bytes()),
            "ssl_key_file": cluster.keep("server.key", key.read_bytes())}
        cluster.start()
        sql(cluster.url, f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'", f"CREATE DATABASE calls OWNER {USER}")
        yield cluster
    finally:
        cluster.clear()


def sql(url, *statements):
    done = subprocess.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", url, *(word for text in statements for word in ("-c", text))],
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Place:
    """The database over TCP, with what each test says about the connection."""

    def __init__(self, cluster, data, folder):
        self.cluster, self.data, self.folder = cluster, data, folder

    def options(self, password=PASSWORD, host="127.0.0.1", **parameters):
        secret = "" if password is None else ":" + quote(password, safe="")
        query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in parameters.items())
        url = f"postgres://{USER}{secret}@{host}:{self.cluster.port}/calls?{query}"
        return ["--data", self.data, "--listen", "127.0.0.1:0", "--database", url]

    def works(self, env=None, tls=True, **parameters):
        with Serving(self.folder / "log", *self.options(**parameters), env=env) as serving:
            seen = sql(self.cluster.url, "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                                         "WHERE application_name = 'switchboard'")
            assert seen == ("t\n" if tls else "f\n")
            assert serving.stop() == 0
            assert PASSWORD not in serving.said() and quote(PASSWORD, safe="") not in serving.said()

    def refuses(self, env=None, **parameters):
        """The one sentence."""
        before = self.tables()
        said = refused("serve", *self.options(**parameters), env=env)
        assert said.startswith("The database (postgres at ") and len(said.splitlines()) == 1, said
        for secret in (PASSWORD, parameters.get("password") or PASSWORD):
            assert secret not in said and quote(secret, safe="") not in said, said
        assert self.tables() == before
        return said

    def tables(self):
        return sql(self.cluster.url.replace("/postgres?", "/calls?"), "SELECT tablename FROM pg_tables ORDER BY 1")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """One for all tests of the database: it remembers the key that is kept there."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def place(cluster, data, tmp_path):
    return Place(cluster, data, tmp_path)


def test_tls_modes(place, authorities):
    ours, theirs = authorities
    said = place.refuses(sslmode="disable")
    assert "no encryption" in said and USER in said
    place.works(sslmode="require")
    place.works(sslmode="verify-ca", sslrootcert=ours.root)
    place.works(sslmode="verify-full", sslrootcert=ours.root)
    place.works(sslmode="verify-full", sslrootcert=ours.root, host="localhost", hostaddr="127.0.0.1")
    place.works(env={"PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(ours.root)})
    assert "certificate verify failed" in place.refuses(sslmode="verify-full", sslrootcert=theirs.root)
    assert "certificate verify failed" in place.refuses(sslmode="verify-ca", sslrootcert=theirs.root)
    said = place.refuses(sslmode="verify-full", sslrootcert=ours.root, host="db.example", hostaddr="127.0.0.1")
    assert 'does not match host name "db.example"' in said
    assert "does not exist" in place.refuses(sslmode="verify-full", sslrootcert=place.folder / "none.pem")


def test_passwords(place):
    wrong = 'password authentication failed for user "teller"'
    passwords = place.folder / "passwords"
    passwords.touch(0o600)
    passwords.write_text(f"127.0.0.1:{place.cluster.port}:calls:{USER}:" + PASSWORD.replace(":", r"\:") + "\n")
    place.works()  # percent-encoded
    place.works(password=None, env={"PGPASSWORD": PASSWORD})
    place.works(password=None, env={"PGPASSFILE": str(passwords)})
    assert wrong in place.refuses(password="another s3cret")
    assert wrong in place.refuses(password="another s3cret", env={"PGPASSWORD": PASSWORD})
    assert wrong in place.refuses(password=None, env={"PGPASSWORD": PASSWORD + "x"})
    assert "no password supplied" in place.refuses(password=None, env={"PGPASSFILE": str(place.folder / "none")})
