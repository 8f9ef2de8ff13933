# switchboard erase: through the running server and beside it; afterwards the person is nowhere, the log included.
import json

import pytest

from harness.database import ENGINES
from harness.process import Serving, run
from harness.receiver import Receiver
from harness.waiting import wait_for
from live.test_operations import refused
from live.test_tls import CENTER

from harness.cention import CentionClient

MARKER = "zebrafinch"
BIG = "emVicmFmaW5jaC4g" * 4000  # "zebrafinch. " in base64, more than a row holds


@pytest.fixture(params=list(ENGINES))
def database(request, tmp_path):
    database = ENGINES[request.param](tmp_path / "data")
    yield database
    database.drop()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


def say(client, marker, attach=True):
    """An errand with the marker in every member. Answers its id."""
    attachments = [
        {"name": f"{marker}.txt", "content_type": f"text/{marker}", "content": content, "content_id": f"{marker}@{n}"}
        for n, content in enumerate(("emVicmFmaW5jaA==", BIG))] if attach else []
    status, document = client.post("c3_new_errands", {
        "msg": {"message_id": f"{marker}@example.com", "name": f"Name {marker}", "from": f"{marker}@example.com",
                "subject": f"About {marker}", "body": f"Body {marker} " * 900,
                "html_body": f"<p>Html {marker}</p>" * 900, "attachments": attachments},
        "extradata": {"a": marker}, "cuid": f"cuid-{marker}"})
    assert status == 201, document
    return document["data"]["id"]


def everything(folder, database):
    """All bytes of the data folder, and all rows of all tables."""
    files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    tables = ("SELECT name FROM sqlite_master WHERE type = 'table'" if database.name == "sqlite" else
              "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    rows = [str(database.rows(f"SELECT * FROM {table['name']}")) for table in database.rows(tables)]
    return files.decode(errors="replace") + "\n".join(rows)


def test_a_person_is_erased(tmp_path, database, receiver):
    receiver.behave()
    center = tmp_path / "center.yaml"
    center.write_text(
        CENTER + f'callback_networks: [127.0.0.0/8]\ncallbacks:\n'
        f'  - {{name: crm, endpoint: "{receiver.url}/heard", secret: "123456", event: answer_errand}}\n')
    store = ["--data", tmp_path / "data", *database.options]
    with Serving(tmp_path / "server.log", *store, "--listen", "127.0.0.1:0") as serving:
        done = run("provision", center, *store)
        assert done.returncode == 0, done.stderr
        client = CentionClient(serving.url, "acme", json.loads(done.stdout)["access_tokens"]["web-form"])
        answered = say(client, MARKER)
        assert client.end_errand(answered, f"Dear {MARKER}")[0] == 201
        wait_for("the callback", lambda: receiver.received("/heard"))
        say(client, MARKER + "2")
        kept = say(client, "magpie", attach=False)
        found = everything(tmp_path / "data", database)
        assert found.count(MARKER) > 10 and BIG[:16] not in found

        erase = ["erase", "--workspace", "acme", *store, "--contact"]
        assert refused(*erase, "nobody@example.com") == (
            "Nobody with this address is known here; nothing was erased.")
        assert refused("erase", "--workspace", "nope", *store, "--contact", "x") == (
            "There is no workspace 'nope' here.")

        # Through the control socket.
        done = run(*erase, f"{MARKER}@example.com")
        assert done.returncode == 0, done.stderr
        counts = json.loads(done.stdout)
        assert (counts["contacts"], counts["errands"], counts["errands_closed"]) == (1, 1, 0)
        assert counts["old_copies_left"] is False
        assert counts["parts"] == {"message": 1, "response": 1, "recipient": 2, "attachment": 2, "delivery": 1}
        assert (counts["files_deleted"], counts["files_kept"]) == (0, 1), "the second person names it too"
        assert client.end_errand(answered, "again")[0] == 409
        assert client.end_errand(kept, "Dear magpie")[0] == 201
        wait_for("the other callback", lambda: len(receiver.received("/heard")) == 2)
        assert serving.stop() == 0
        assert MARKER not in serving.said()

    # Without a server.
    done = run(*erase, f"{MARKER}2@example.com")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["errands"], counts["errands_closed"], counts["files_deleted"]) == (1, 1, 1)
    assert MARKER not in everything(tmp_path / "data", database)
    assert not [path for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()]
    states = [row["state"] for row in database.rows("SELECT state FROM errand ORDER BY id")]
    assert states == [2, 2, 2]
    # What is left serves.
    with Serving(tmp_path / "again.log", *store, "--listen", "127.0.0.1:0") as serving:
        client = CentionClient(serving.url, "acme", client.token)
        say(client, MARKER, attach=False)
        assert serving.stop() == 0
