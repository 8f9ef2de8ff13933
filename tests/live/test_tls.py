# https from certificate files: served, reloaded under open connections, refused with a sentence, stopped.
import http.client
import re
import signal
import socket
import ssl
import time
import urllib.parse

import pytest

from conftest import PASSWORD
from harness.cention import CentionClient
from harness.certificates import Authority
from harness.process import Serving, run
from harness.server import free_port
from harness.waiting import wait_for

CENTER = f"""
workspace: acme
organisation: Tests
time_zone: Europe/Stockholm
agents:
  - {{login_name: ana, user_name: Ana Alm, password: {PASSWORD}, admin_level: agent}}
areas:
  - {{name: Support}}
agent_groups:
  - {{name: Everyone, agents: [ana], areas: [Support]}}
access_tokens:
  - {{name: web-form, key: form-key, claims: [create_errand], channel: form, area: Support}}
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls") / "authority")


@pytest.fixture
def files(authority, tmp_path):
    """The two files a server is started with; `install` puts another pair in their place."""
    return Files(authority, tmp_path)


class Files:
    def __init__(self, authority, folder):
        self.authority, self.certificate, self.key = authority, folder / "server.pem", folder / "server.key"
        self.install(authority.make("first"))

    def install(self, pair):
        self.certificate.write_bytes(pair[0].read_bytes())
        self.key.write_bytes(pair[1].read_bytes())
        self.key.chmod(0o644)

    @property
    def options(self):
        return ["--tls-certificate", self.certificate, "--tls-key", self.key]


def serve(tmp_path, files, *options):
    listen = [] if "--listen" in options else ["--listen", "127.0.0.1:0"]
    return Serving(tmp_path / "server.log", "--data", tmp_path / "data", *listen, *files.options, *options)


def trusting(files):
    return ssl.create_default_context(cafile=str(files.authority.root))


def connect(serving, files):
    return http.client.HTTPSConnection("127.0.0.1", serving.port, timeout=60, context=trusting(files))


def get(connection, path="/readyz", headers={}):
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def serial(connection):
    return connection.sock.getpeercert()["serialNumber"]


def shown(serving, files):
    """The serial number that a new connection is shown."""
    connection = connect(serving, files)
    try:
        assert get(connection)[0].status == 200
        return serial(connection)
    finally:
        connection.close()


def provision(tmp_path, serving):
    file = tmp_path / "center.yaml"
    file.write_text(CENTER)
    done = run("provision", file, "--data", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    return re.search(r'"web-form" *: *"([^"]+)"', done.stdout)[1]


def sign_in(connection):
    """The session's cookie, and the header that set it."""
    form = urllib.parse.urlencode({"login_name": "ana", "password": PASSWORD})
    connection.request("POST", "/s/acme/desk/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303
    header = answer.headers["Set-Cookie"]
    return header.split(";")[0], header


class Stream:
    """An open event stream."""

    def __init__(self, serving, files, cookie):
        self.connection = connect(serving, files)
        self.connection.request("GET", "/s/acme/desk/events", headers={"Cookie": cookie})
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200

    def wait_for(self, text):
        for line in self.answer:
            if text in line.decode():
                return
        raise AssertionError(f"the stream ended before it said {text}")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_https(tmp_path, files):
    with serve(tmp_path, files) as serving:
        assert serving.url.startswith("https://127.0.0.1:")
        silent = socket.create_connection(("127.0.0.1", serving.port), timeout=120)
        provision(tmp_path, serving)
        connection = connect(serving, files)
        answer, _ = get(connection)
        assert answer.status == 200
        assert connection.sock.version() == "TLSv1.3"
        assert answer.headers["Strict-Transport-Security"] is None, "the host's other ports are not ours"
        _, header = sign_in(connection)
        assert "Secure" in header.split("; ") and "HttpOnly" in header.split("; ")

        older = trusting(files)
        older.maximum_version = ssl.TLSVersion.TLSv1_2
        with socket.create_connection(("127.0.0.1", serving.port)) as plain:
            with older.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
                assert secure.version() == "TLSv1.2"
        oldest = trusting(files)
        oldest.minimum_version = ssl.TLSVersion.TLSv1
        oldest.maximum_version = ssl.TLSVersion.TLSv1_1
        oldest.set_ciphers("ALL:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", serving.port)) as plain:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                oldest.wrap_socket(plain, server_hostname="127.0.0.1")

        # Plain http on this port, half a handshake, half a request: each ends alone.
        with socket.create_connection(("127.0.0.1", serving.port), timeout=60) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b"HTTP/1.1 200" not in plain.recv(1000)
        with socket.create_connection(("127.0.0.1", serving.port)) as plain:
            secure = trusting(files).wrap_socket(plain, server_hostname="127.0.0.1")
            secure.sendall(b"POST /s/acme/desk/sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
        assert silent.recv(1) == b"", "who never begins a handshake is sent away"
        assert get(connection)[0].status == 200
        assert serving.stop() == 0
        assert "every user of this machine may read" in serving.said()
        assert " error " not in serving.said(), serving.said()


def test_strict_transport_on_the_standard_port(tmp_path, files):
    port = free_port()
    with serve(tmp_path, files, "--public-url", "https://localhost", "--listen", f"127.0.0.1:{port}"):
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=trusting(files))
        assert get(connection)[0].headers["Strict-Transport-Security"] == "max-age=31536000"


def test_reload(tmp_path, files):
    with serve(tmp_path, files) as serving:
        token = provision(tmp_path, serving)
        kept = connect(serving, files)
        cookie, _ = sign_in(kept)
        first = serial(kept)
        stream = Stream(serving, files, cookie)
        stream.wait_for("hello")

        def nothing_broke():
            assert get(kept)[0].status == 200
            assert serial(kept) == first, "an open connection changed its certificate"
            client = CentionClient(serving.url, "acme", token)
            client.connection = connect(serving, files)
            assert client.create_errand("Hello", "Anybody?")[0] == 201
            stream.wait_for("event: counts")

        files.install(files.authority.make("second"))
        serving.signal(signal.SIGHUP)
        serving.heard("certificate reloaded: SIGHUP")
        second = shown(serving, files)
        assert second != first
        nothing_broke()

        # A file that is no good changes nothing.
        files.certificate.write_text("not a certificate\n")
        serving.signal(signal.SIGHUP)
        serving.heard("certificate not reloaded (SIGHUP), the old one stays")
        assert shown(serving, files) == second
        nothing_broke()

        # No signal: a renewed certificate is found.
        files.install(files.authority.make("third"))
        wait_for("the third certificate", lambda: shown(serving, files) not in (first, second))
        nothing_broke()
        assert serving.stop() == 0


def test_stop_with_open_streams(tmp_path, files):
    with serve(tmp_path, files) as serving:
        provision(tmp_path, serving)
        idle = connect(serving, files)
        cookie, _ = sign_in(idle)
        streams = [Stream(serving, files, cookie) for _ in range(5)]
        for stream in streams:
            stream.wait_for("hello")
        silent = socket.create_connection(("127.0.0.1", serving.port))  # never begins its handshake
        half = trusting(files).wrap_socket(
            socket.create_connection(("127.0.0.1", serving.port)), server_hostname="127.0.0.1")
        half.sendall(b"GET / HTTP/1.1\r\nHo")
        # Asks for more than any buffer holds, and reads nothing.
        greedy = trusting(files).wrap_socket(
            socket.create_connection(("127.0.0.1", serving.port)), server_hostname="127.0.0.1")
        greedy.setblocking(False)
        asked = b"GET /s/acme/desk/static/desk.css HTTP/1.1\r\nHost: a\r\n\r\n" * 1000
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            try:
                greedy.send(asked)
                give_up = time.monotonic() + 1
            except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
                time.sleep(0.05)
        began = time.monotonic()
        assert serving.stop() == 0
        print(f"\nstopped with open TLS streams after {time.monotonic() - began:.2f} s")
        for stream in streams:
            stream.answer.read()  # ends, with TLS's own goodbye
        for one in (silent, half, greedy):
            one.close()


def test_sighup_without_certificate(tmp_path):
    with Serving(tmp_path / "server.log", "--data", tmp_path / "data", "--listen", "127.0.0.1:0") as serving:
        serving.signal(signal.SIGHUP)
        serving.heard("there is no certificate to reload")
        assert serving.stop() == 0


@pytest.mark.parametrize("case, words", {
    "missing": "cannot be read: No such file or directory",
    "folder": "cannot be read: it is no file",
    "empty": "cannot be read: it is empty",
    "no certificate": "holds no certificate in PEM form",
    "no key": "holds no private key in PEM form",
    "mismatched": "does not belong to the certificate",
    "expired": "expired on 2024-02-01T00:00:00Z; renew it",
    "early": "is valid only from 2098-01-01T00:00:00Z on",
    "locked": "is locked with a passphrase",
    "alone": "a certificate needs its private key; set tls_key too",
}.items())
def test_bad_files_are_a_sentence(tmp_path, authority, case, words):
    certificate, key = authority.make("good")
    empty = tmp_path / "empty"
    empty.write_text("")
    match case:
        case "missing": certificate = tmp_path / "nothing.pem"
        case "folder": certificate = tmp_path
        case "empty": key = empty
        case "no certificate": certificate = key
        case "no key": key = certificate
        case "mismatched": key = authority.make("other")[1]
        case "expired": certificate, key = authority.make("old", "20240101000000Z", "20240201000000Z")
        case "early": certificate, key = authority.make("new", "20980101000000Z")
        case "locked": key = authority.lock(key)
    options = ["--tls-certificate", certificate] + ([] if case == "alone" else ["--tls-key", key])
    done = run("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", *options)
    assert done.returncode == 1
    assert words in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    assert "PRIVATE" not in done.stderr or case == "no key"


def test_plain_http_is_sent_on(tmp_path, files):
    port = free_port()
    with serve(tmp_path, files, "--public-url", "https://cc.example.com", "--redirect-listen",
               f"127.0.0.1:{port}") as serving:
        connection = wait_for("the redirect", lambda: answering(port))
        answer, _ = get(connection, "/s/acme/desk?x=1&y=%20")
        assert answer.status == 308
        assert answer.headers["Location"] == "https://cc.example.com/s/acme/desk?x=1&y=%20"
        answer, _ = get(connection, "//evil.example.com/")
        assert answer.headers["Location"].startswith("https://cc.example.com/")
        connection.request("POST", "/s/acme/capi/json/c3_new_errands", b"{}", {"Authorization": "Bearer x"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Location"]) == (403, None)
        answer.read()
        assert serving.stop() == 0
    done = run("serve", "--data", tmp_path / "data", "--redirect-listen", ":80", *files.options)
    assert done.returncode == 1 and "--redirect-listen: browsers are sent on to public_url" in done.stderr


def answering(port):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.connect()
        return connection
    except OSError:
        return None
