# Two servers on one PostgreSQL: the second waits, and takes over when the first is killed or stopped.
import contextlib
import json
import pathlib
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request

import pytest
from harness.cention import CentionClient
from harness.database import PostgreSQL
from harness.process import Serving, run
from harness.waiting import wait_for

WORKSPACE = """
workspace: acme
areas:
  - {name: Support}
access_tokens:
  - {name: web-form, key: form-key, claims: [create_errand], channel: form, area: Support}
"""
STANDBY = " waits at "


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


@pytest.fixture
def database(tmp_path):
    database = PostgreSQL(tmp_path)
    yield database
    database.drop()


@contextlib.contextmanager
def pair(tmp_path, database):
    """An owner with a workspace, and a standby beside it."""
    options = ["--database", database.url]
    with Serving(tmp_path / "first.log", "--data", tmp_path / "first", "--listen", "127.0.0.1:0",
                 *options) as owner:
        file = tmp_path / "acme.yaml"
        file.write_text(WORKSPACE)
        done = run("provision", "--data", tmp_path / "first", *options, file)
        assert done.returncode == 0, done.stderr
        token = json.loads(done.stdout)["access_tokens"]["web-form"]
        (tmp_path / "second").mkdir(mode=0o700)
        shutil.copy(tmp_path / "first/secret.key", tmp_path / "second/secret.key")
        address = f"127.0.0.1:{free_port()}"
        with Serving(tmp_path / "second.log", "--data", tmp_path / "second", "--listen", address, *options,
                     says=STANDBY) as standby:
            assert standby.url == address
            standby.url = f"http://{address}"
            yield owner, standby, token


def create(server, token, message_id):
    client = CentionClient(server.url, "acme", token)
    try:
        status, document = client.create_errand("About a lamp", "Where is it?", message_id=message_id)
        assert status == 201, document
        return document["data"]["id"]
    finally:
        client.close()


def thread_states(pid):
    """One letter a thread; a signal takes a moment to reach all of them."""
    for stat in pathlib.Path(f"/proc/{pid}/task").glob("*/stat"):
        yield stat.read_text().rpartition(")")[2].split()[0]


def taken_over(standby, began):
    standby.heard(" serves ")
    wait_for("the standby to be ready", lambda: get(f"{standby.url}/readyz")[0] == 200)
    print(f"\nready {time.monotonic() - began:.1f} s after the owner was gone")


def test_a_standby_says_so_and_serves_nothing(tmp_path, database):
    with pair(tmp_path, database) as (owner, standby, token):
        assert get(f"{standby.url}/healthz")[0] == 200
        status, _, text = get(f"{standby.url}/readyz")
        assert (status, text) == (503, "not ready: standby, another server owns the database\n")
        request = urllib.request.Request(
            f"{standby.url}/s/acme/capi/json/c3_new_errands", data=b"{}",
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/vnd.api+json"})
        status, headers, text = get(request)
        assert status == 503 and headers["Retry-After"] == "2"
        assert "standby" in json.loads(text)["errors"][0]["detail"]
        for path, member in [
                ("/acd/agent-state/retrieve", "error_message"), ("/api/v1/session/user_login_info/", "details"),
                ("/switchboard/v1/workspaces/acme/queues", "detail")]:
            status, headers, text = get(f"{standby.url}{path}")
            assert status == 503 and headers["Retry-After"] == "2", path
            assert "standby" in json.loads(text)[member], path
        assert get(f"{standby.url}/s/acme/desk")[0] == 503
        assert get(f"{owner.url}/readyz")[0] == 200
        assert standby.stop() == 0
        create(owner, token, "after@example.com")
        assert owner.stop() == 0


def test_a_killed_owner_is_replaced(tmp_path, database):
    with pair(tmp_path, database) as (owner, standby, token):
        errand = create(owner, token, "first@example.com")
        began = time.monotonic()
        owner.kill()
        taken_over(standby, began)
        # What the first acknowledged is known to the second: the same request is the same errand.
        assert create(standby, token, "first@example.com") == errand
        assert create(standby, token, "second@example.com") != errand
        assert standby.stop() == 0


def test_a_stopped_owner_is_replaced_and_stores_nothing_when_revived(tmp_path, database):
    with pair(tmp_path, database) as (owner, standby, token):
        create(owner, token, "first@example.com")
        began = time.monotonic()
        owner.signal(signal.SIGSTOP)
        wait_for("every thread to have stopped", lambda: set(thread_states(owner.process.pid)) == {"T"})
        # Sent to a server that cannot answer: whatever becomes of it, it must not be acknowledged.
        late = socket.create_connection(("127.0.0.1", owner.port))
        body = json.dumps({"data": {"type": "c3_new_errands", "attributes": {"msg": {
            "message_id": "late@example.com", "from": "kim@example.com", "subject": "late", "body": "late"}}}})
        late.sendall((
            f"POST /s/acme/capi/json/c3_new_errands HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/vnd.api+json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
        taken_over(standby, began)
        create(standby, token, "second@example.com")
        owner.signal(signal.SIGCONT)
        assert owner.process.wait(timeout=60) == 75
        assert "another Switchboard server owns this database" in owner.said()
        late.settimeout(60)
        answer = b""
        with contextlib.suppress(OSError):
            while piece := late.recv(4096):
                answer += piece
        late.close()
        assert b" 201 " not in answer
        rows = database.rows("SELECT message_id FROM message ORDER BY id")
        assert [row["message_id"] for row in rows] == ["first@example.com", "second@example.com"]
        create(standby, token, "third@example.com")
        assert standby.stop() == 0


def test_a_standby_with_another_key_is_refused(tmp_path, database):
    options = ["--database", database.url, "--listen", "127.0.0.1:0"]
    with Serving(tmp_path / "first.log", "--data", tmp_path / "first", *options) as owner:
        refused = run("serve", "--data", tmp_path / "second", *options)
        assert refused.returncode == 1
        assert refused.stderr.splitlines()[-1] == (
            f"Error: The data folder {tmp_path}/second has no key for this database; copy secret.key from the data "
            "folder of the server that has served it so far, or see 'switchboard forget-key --help'.")
        assert not (tmp_path / "second/secret.key").exists()
        (tmp_path / "second/secret.key").write_text("A" * 43 + "=\n")
        (tmp_path / "second/secret.key").chmod(0o600)
        refused = run("serve", "--data", tmp_path / "second", *options)
        assert refused.returncode == 1
        assert "is not the one this database was written with" in refused.stderr.splitlines()[-1]
        # While a server owns the database its key stays known.
        refused = run("forget-key", "--data", tmp_path / "second", *options[:2])
        assert refused.returncode == 1 and "uses the database" in refused.stderr
        assert owner.stop() == 0
    forgotten = run("forget-key", "--data", tmp_path / "second", *options[:2])
    assert forgotten.returncode == 0, forgotten.stderr
    with Serving(tmp_path / "second.log", "--data", tmp_path / "second", *options) as second:
        assert second.stop() == 0
