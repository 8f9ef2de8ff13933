# A database or a folder that cannot be used: one sentence, exit status 1, and nothing in it is touched.
import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from harness.database import ENGINES
from harness.process import COMMAND_MAX_S, Serving
from harness.server import binary, environment
from live.test_operations import refused

NOBODY = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
# What is said of a schema after a statement: `{n}` is the last migration's number.
SCHEMAS = {
    "newer": (
        "INSERT INTO schema_migration SELECT 9999, name, checksum, applied_at FROM schema_migration WHERE number = 1",
        "This database was written by a newer Switchboard (schema 9999, this one knows {n}); "
        "use that version or restore a copy."),
    "with a gap": (
        "DELETE FROM schema_migration WHERE number = 2", "Migration 2 is missing: 3 stands in its place."),
    "of another make": (
        "UPDATE schema_migration SET checksum = '0' WHERE number = 2", "is not the one this database was made with."),
    "half finished": (
        # Some of these steps can be done twice, the first of them cannot.
        "DELETE FROM schema_migration WHERE number >= 24",
        "of the database failed and was undone: "),
    "without its steps": (
        "ALTER TABLE schema_migration RENAME TO steps", "This database belongs to another program (it has a table "),
}
TABLES = {
    "sqlite": "SELECT name, sql FROM sqlite_master ORDER BY 1, 2",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns "
                  "WHERE table_schema = 'public' ORDER BY 1, 2",
}


@pytest.fixture
def database(engine, tmp_path):
    (tmp_path / "data").mkdir()
    database = ENGINES[engine](tmp_path / "data")
    yield database
    database.drop()


def options(tmp_path, *more):
    return ["--data", tmp_path / "data", "--listen", "127.0.0.1:0", *more]


def sentence(*arguments, env=None):
    said = refused("serve", *arguments, env=env)
    assert len(said.splitlines()) == 1, said
    return said


def test_another_programs_database(engine, database, tmp_path):
    theirs = []
    if engine == "sqlite":
        file = tmp_path / "data/switchboard.sqlite"
        connection = sqlite3.connect(file)
        connection.execute("CREATE TABLE theirs (a)")
        connection.close()
        theirs = file.read_bytes()
    else:
        database.execute("CREATE TABLE theirs (a INTEGER)")
    assert sentence(*options(tmp_path, *database.options)) == (
        "This database belongs to another program (it has a table 'theirs'); give Switchboard its own.")
    if engine == "sqlite":
        assert file.read_bytes() == theirs
        assert not list(tmp_path.glob("data/*-wal"))
    assert len(database.rows(TABLES[engine])) == 1
    assert not (tmp_path / "data/secret.key").exists()


@pytest.mark.parametrize("state", list(SCHEMAS))
def test_a_schema_that_is_not_ours(engine, database, tmp_path, state):
    with Serving(tmp_path / "log", *options(tmp_path, *database.options)) as serving:
        assert serving.stop() == 0
    last = database.rows("SELECT max(number) AS n FROM schema_migration")[0]["n"]
    statement, said = SCHEMAS[state]
    database.execute(statement)
    before = database.rows(TABLES[engine])
    assert said.format(n=last) in sentence(*options(tmp_path, *database.options))
    assert database.rows(TABLES[engine]) == before


def test_files_that_are_no_database(tmp_path):
    file = tmp_path / "data/switchboard.sqlite"
    file.parent.mkdir()
    file.write_text("Dear diary, today\n" * 1000)
    cannot = f"The database ({file}) cannot be used: "
    assert sentence(*options(tmp_path)) == f"{cannot}file is not a database (SQLite 26)"
    assert file.read_text() == "Dear diary, today\n" * 1000
    file.unlink()
    file.mkdir()
    assert sentence(*options(tmp_path)) == f"{cannot}it is a folder"
    assert list(file.iterdir()) == []
    assert sentence(*options(tmp_path, "--database", tmp_path / "none/x.sqlite")) == (
        f"The database {tmp_path}/none/x.sqlite cannot be written: No such file or directory.")


def test_a_damaged_key(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/secret.key").touch(0o600)
    (tmp_path / "data/secret.key").write_text("half a k")
    assert sentence(*options(tmp_path)).endswith("is not a key of 32 bytes in base64; restore it from a copy.")
    assert (tmp_path / "data/secret.key").read_text() == "half a k"


@pytest.mark.parametrize("database_settings, said", [
    ("ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0", "its encoding is SQL_ASCII, not UTF8"),
    (None, 'database "{name}" does not exist'),
])
def test_a_postgresql_database_that_cannot_be_used(tmp_path, database_settings, said):
    database = ENGINES["postgresql"](tmp_path)
    other = ENGINES["postgresql"](tmp_path)
    try:
        other.drop()
        if database_settings:
            database.execute(f"CREATE DATABASE {other.database} {database_settings}")
        told = sentence(*options(tmp_path, *other.options))
        assert told.startswith(f"The database (postgres at {urlsplit(other.url).query.removeprefix('host=')}, ")
        assert told.endswith(said.format(name=other.database))
    finally:
        database.execute(f"DROP DATABASE IF EXISTS {other.database}")
        database.drop()


def test_a_role_without_rights(tmp_path):
    database = ENGINES["postgresql"](tmp_path)
    role = f"weak_{database.database}"
    try:
        database.execute(f"CREATE ROLE {role} LOGIN")
        url = database.url.replace("switchboard@", f"{role}@")
        assert sentence(*options(tmp_path, "--database", url)) == (
            "Switchboard's tables cannot be made in this database: permission denied for schema public "
            "(SQLSTATE 42501).")
        assert database.rows(TABLES["postgresql"]) == []
    finally:
        database.execute(f"DROP ROLE IF EXISTS {role}")
        database.drop()


@pytest.fixture
def folder():
    """Where also nobody may look."""
    folder = Path(tempfile.mkdtemp(prefix="switchboard-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(*arguments):
    """The sentence that a user without rights reads."""
    if os.getuid() != 0:
        pytest.skip("only root can become somebody without rights")
    done = subprocess.run([*NOBODY, binary(), "serve", "--listen", "127.0.0.1:0", *map(str, arguments)],
                          capture_output=True, text=True, env=environment(), timeout=COMMAND_MAX_S)
    assert done.returncode == 1 and done.stdout == "", done
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.removeprefix("Error: ").rstrip("\n")


def test_folders_without_rights(folder):
    closed, shown = folder / "closed", folder / "shown"
    closed.mkdir(0o700)
    shown.mkdir(0o755)
    for data in (closed, shown):
        assert as_nobody("--data", data) == f"The data folder {data} cannot be written: Permission denied."
        assert list(data.iterdir()) == []
    assert as_nobody("--data", folder / "none") == (
        f"The data folder {folder}/none cannot be made; check the rights of the folder above it.")
    assert not (folder / "none").exists()


def test_files_without_rights(folder):
    data = folder / "data"
    with Serving(folder / "log", "--data", data, "--listen", "127.0.0.1:0") as serving:
        assert serving.stop() == 0
    file = data / "switchboard.sqlite"
    for path in data.iterdir():
        shutil.chown(path, "nobody")
    shutil.chown(data, "nobody")
    before = file.read_bytes()
    files = sorted(data.iterdir())
    cannot = f"The database ({file}) cannot be used: this user may not read and write it"
    shutil.chown(file, "root")
    assert as_nobody("--data", data) == cannot
    shutil.chown(file, "nobody")
    file.chmod(0o400)
    assert as_nobody("--data", data) == cannot
    file.chmod(0o600)
    assert file.read_bytes() == before and sorted(data.iterdir()) == files
    shutil.chown(data / "secret.key", "root")
    assert "secret.key" in as_nobody("--data", data)
