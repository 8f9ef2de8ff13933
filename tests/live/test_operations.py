# What an operator meets: settings that are wrong, a server that is there already, backup, systemd, the docs.
import configparser
import re
import signal
import socket
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from harness.cention import CentionClient
from harness.database import ENGINES
from harness.process import Serving, run
from harness.waiting import wait_for
from live.test_tls import provision

ROOT = Path(__file__).parents[2]
SECRET = "s3cret-pass-phrase"


def serve(tmp_path, *options, name="data", **more):
    return Serving(tmp_path / f"{name}.log", "--data", tmp_path / name, "--listen", "127.0.0.1:0", *options, **more)


def refused(*arguments, env=None):
    """The one sentence with which a command refuses."""
    done = run(*arguments, env=env)
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    return done.stderr.removeprefix("Error: ").rstrip("\n")


def settings_names():
    """As the executable lists them when nothing is near."""
    said = refused("serve", env={"SWITCHBOARD_QQQQQQQQQQQQ": "1"})
    return [name.lower() for name in re.findall(r"SWITCHBOARD_([A-Z_]+)", said.split("there are ")[1])]


def test_an_empty_folder_begins(tmp_path):
    began = time.monotonic()
    with serve(tmp_path) as serving:
        print(f"\nserves after {time.monotonic() - began:.2f} s on an empty folder")
        assert serving.stop() == 0


@pytest.mark.parametrize("text, said", [
    ("listen: 127.0.0.1:0\nlissten: x\n", ":2:1: lissten is no setting; did you mean listen?"),
    ("public-url: x\n", ":1:1: public-url is no setting; did you mean public_url?"),
    ("  tls_certifcate: x\n", ":1:3: tls_certifcate is no setting; did you mean tls_certificate?"),
    ("colour: red\n", ":1:1: colour is no setting; there are listen, public_url, "),
    ("data: [a, {b: c}]\n", ":1:7: data needs a text."),
    ("data: {a: b}\n", ":1:7: data needs a text."),
    ("data:\n", ":1:6: data needs a text."),
    ("- listen\n", ":1:1: settings are written as name: value"),
    ("listen: :1\nlisten: :2\n", ": listen is set more than once."),
    ("listen: nowhere\n", ":1:9: 'nowhere' is no address to listen on"),
    ("public_url: cc.example.com\n", ":1:13: 'cc.example.com' is no public URL"),
    ("trusted_proxies: 10.0.0.0/99\n", ":1:18: "),
    (f"database: postgres://u:{SECRET}@h/d\n\t:\n", ": this is no YAML"),
    (f"database: 'postgres://u:{SECRET}@h/d\n", ": this is no YAML"),
    (f"database: mysql://u:{SECRET}@h/d\n", ":1:11: The database scheme 'mysql' is unknown"),
    (f"database: postgres://u:{SECRET}%@h/d\n", ":1:11: The PostgreSQL address is malformed"),
])
def test_a_wrong_settings_file_is_a_sentence(tmp_path, text, said):
    file = tmp_path / "switchboard.yaml"
    file.write_text(text)
    sentence = refused("serve", "--config", file)
    assert said in sentence and str(file) in sentence, sentence
    assert SECRET not in sentence
    assert len(sentence.splitlines()) == 1


def test_all_unknown_settings_are_told_at_once(tmp_path):
    file = tmp_path / "switchboard.yaml"
    file.write_text("lissten: x\ndata: y\ndatabse: z\n")
    assert [line.split(":")[1] for line in refused("serve", "--config", file).splitlines()] == ["1", "3"]


def test_a_wrong_variable_is_a_sentence(tmp_path):
    said = refused("serve", env={"SWITCHBOARD_LISTN": "127.0.0.1:0"})
    assert said == "SWITCHBOARD_LISTN in the environment is no setting; did you mean SWITCHBOARD_LISTEN?"
    said = refused("serve", "--data", tmp_path, env={"SWITCHBOARD_LISTEN": "nowhere"})
    assert said.startswith("SWITCHBOARD_LISTEN: 'nowhere' is no address")
    assert refused("serve", "--data", tmp_path, "--listen", "x").startswith("--listen: 'x' is no address")


def test_a_password_is_never_printed(tmp_path):
    # Nobody answers there; a wrong name; a wrong parameter.
    for rest in ("@127.0.0.1:1/none", "@nohost.invalid/none?connect_timeout=2", "@/none?host=/nowhere",
                 "@127.0.0.1:1/none?sslmode=never"):
        done = run("serve", "--data", tmp_path, "--database", f"postgres://switch:{SECRET}{rest}")
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr
        assert SECRET not in done.stderr + done.stdout, done.stderr


def test_a_running_server_prints_no_password(tmp_path):
    database = ENGINES["postgresql"](tmp_path)
    try:
        url = database.url.replace("switchboard@", f"switchboard:{SECRET}@")
        assert SECRET in url
        with serve(tmp_path, "--database", url) as serving:
            said = refused("forget-key", "--data", tmp_path / "other", "--database", url)
            assert said.startswith("Another Switchboard uses the database (postgres at ")
            assert SECRET not in said
            provision_on(tmp_path, "--data", tmp_path / "data", "--database", url)
            assert serving.stop() == 0
            assert SECRET not in serving.said()
    finally:
        database.drop()


def provision_on(tmp_path, *options):
    file = tmp_path / "w.yaml"
    file.write_text("workspace: acme\norganisation: Tests\ntime_zone: Europe/Stockholm\n")
    done = run("provision", file, *options)
    assert done.returncode == 0, done.stderr


def test_a_second_server_is_refused(tmp_path):
    with serve(tmp_path) as serving:
        holder = f"(process {serving.process.pid})"
        said = refused("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0")
        assert said == f"Another Switchboard {holder} uses the data folder {tmp_path}/data; stop it first."
        # Another folder, the same rows; by another name too.
        (tmp_path / "link").symlink_to(tmp_path / "data")
        for file in (tmp_path / "data/switchboard.sqlite", tmp_path / "link/switchboard.sqlite"):
            said = refused("serve", "--data", tmp_path / "other", "--database", file, "--listen", "127.0.0.1:0")
            assert said == (f"Another Switchboard {holder} uses the database {tmp_path}/data/switchboard.sqlite; "
                            "stop it first.")
        # This one is found out late, so that there is a log before the sentence.
        done = run("serve", "--data", tmp_path / "third", "--listen", f"127.0.0.1:{serving.port}")
        said = done.stderr.splitlines()[-1]
        assert done.returncode == 1
        assert said.startswith(f"Error: Something else listens on 127.0.0.1:{serving.port}; ")
        assert serving.stop() == 0
    # The lock goes with its holder, even when that was killed.
    with serve(tmp_path) as serving:
        serving.kill()
    with serve(tmp_path) as serving:
        assert serving.stop() == 0


def test_backup_while_errands_come(tmp_path):
    with serve(tmp_path) as serving:
        token = provision(tmp_path, serving)
        file = {"name": "big.txt", "content_type": "text/plain", "content": "QUJD" * 40_000}
        acknowledged, stop = [], threading.Event()

        def load():
            client = CentionClient(serving.url, "acme", token)
            while not stop.is_set():
                message = {"message_id": f"{len(acknowledged)}@x", "from": "a@example.com", "subject": "s",
                           "body": "b" * 3000, "attachments": [file] if len(acknowledged) == 3 else []}
                status, document = client.post("c3_new_errands", {"msg": message})
                assert status == 201, document
                acknowledged.append(document["data"]["id"])

        thread = threading.Thread(target=load, daemon=True)
        thread.start()
        try:
            wait_for("some errands", lambda: len(acknowledged) > 20)
            before = set(acknowledged)
            done = run("backup", tmp_path / "copy", "--data", tmp_path / "data")
        finally:
            stop.set()
            thread.join()
        assert done.returncode == 0, done.stderr
        assert "1 files" in done.stdout
        assert refused("backup", tmp_path / "copy", "--data", tmp_path / "data").endswith(
            "exists; name a folder that does not.")
        assert serving.stop() == 0

    rows = sqlite3.connect(tmp_path / "copy/switchboard.sqlite").execute("SELECT id FROM errand").fetchall()
    assert before <= {str(row[0]) for row in rows}
    assert (tmp_path / "copy/secret.key").read_bytes() == (tmp_path / "data/secret.key").read_bytes()
    blobs = [[path.read_bytes() for path in (tmp_path / name / "blobs").rglob("*") if path.is_file()]
             for name in ("data", "copy")]
    assert blobs[0] == blobs[1] and len(blobs[0]) == 1
    for path in [tmp_path / "copy", *(tmp_path / "copy").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    # The copy serves, with the tokens of the original.
    with serve(tmp_path, name="copy") as serving:
        client = CentionClient(serving.url, "acme", token)
        assert client.create_errand("After", "the restore")[0] == 201
        assert serving.stop() == 0


def test_backup_says_what_it_cannot_do(tmp_path):
    assert refused("backup", tmp_path / "copy", "--data", tmp_path / "none").startswith("There is no database ")
    said = refused("backup", tmp_path / "copy", "--data", tmp_path, "--database", f"postgres://u:{SECRET}@h/d")
    assert "pg_dump" in said and SECRET not in said


def test_systemd_hears_when_it_is_ready(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        path = str(tmp_path / "notify")
        manager.bind(path)
        manager.settimeout(60)
        with serve(tmp_path, env={"NOTIFY_SOCKET": path}) as serving:
            assert manager.recv(100) == b"READY=1"
            serving.signal(signal.SIGTERM)
            assert manager.recv(100) == b"STOPPING=1"
            assert serving.process.wait(timeout=60) == 0


def test_the_systemd_unit_names_what_there_is():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(ROOT / "examples/switchboard.service")
    service = unit["Service"]
    assert service["Type"] == "notify" and "-HUP" in service["ExecReload"]
    assert service["ExecStart"].split()[1:] == ["serve", "--config", "/etc/switchboard/switchboard.yaml"]
    text = (ROOT / "examples/switchboard.yaml").read_text()
    named = re.findall(r"^#? ?([a-z_]+):", text, re.M)
    assert named and set(named) <= set(settings_names())


def test_the_docs_name_every_setting():
    names = settings_names()
    assert len(names) >= 8
    text = (ROOT / "docs/operations.md").read_text()
    settings = text.split("\n## Settings\n")[1].split("\n## ")[0]
    table = re.findall(r"^\| `([a-z_]+)` \|", settings, re.M)
    assert table == names
    options = set(re.findall(r"--([a-z-]+)", run("serve", "--help").stdout))
    assert {name.replace("_", "-") for name in names} <= options
    commands = re.findall(r"^  ([a-z]+)  ", run("--help").stdout, re.M)
    for command in commands:
        assert f"switchboard {command}" in text or command == "help", f"{command} is not in docs/operations.md"
