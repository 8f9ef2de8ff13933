# The two engines a server may keep its rows in, each with a look into them past the server.
import json
import os
import sqlite3
import subprocess
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

QUERY_MAX_S = 60


class SQLite:
    """The embedded engine: one file in the data folder."""

    name = "sqlite"

    def __init__(self, data):
        self.data = Path(data)
        self.options = []

    def rows(self, query):
        connection = sqlite3.connect(f"file:{self._file()}?mode=ro", uri=True, timeout=QUERY_MAX_S)
        try:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query)]
        finally:
            connection.close()

    def execute(self, statement):
        connection = sqlite3.connect(self._file(), timeout=QUERY_MAX_S)
        try:
            with connection:
                connection.execute(statement)
        finally:
            connection.close()

    def drop(self):
        pass

    def _file(self):
        return next(f for f in sorted(self.data.iterdir()) if f.is_file() and self._is_database(f))

    @staticmethod
    def _is_database(file):
        with file.open("rb") as opened:
            return opened.read(16) == b"SQLite format 3\0"


class PostgreSQL:
    """A database of its own: on the server that `bin/with-postgres` started, or on a cluster."""

    name = "postgresql"

    def __init__(self, data, server=None):
        self.server = server or os.environ.get("SWITCHBOARD_TEST_POSTGRES")
        assert self.server, "SWITCHBOARD_TEST_POSTGRES is not set: run this through bin/test or bin/with-postgres"
        self.database = f"live_{uuid.uuid4().hex[:12]}"
        self._psql(self.server, f"CREATE DATABASE {self.database}")
        self.url = urlunsplit(urlsplit(self.server)._replace(path=f"/{self.database}"))
        self.options = ["--database", self.url]

    def rows(self, query):
        printed = self._psql(self.url, f"SELECT coalesce(json_agg(t), '[]') FROM ({query}) t")
        return json.loads(printed)

    def execute(self, statement):
        self._psql(self.url, statement)

    def drop(self):
        self._psql(self.server, f"DROP DATABASE {self.database} WITH (FORCE)")

    @staticmethod
    def _psql(url, statement):
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", url, "-c", statement],
            capture_output=True, text=True, timeout=QUERY_MAX_S)
        assert done.returncode == 0, done.stderr
        return done.stdout


ENGINES = {engine.name: engine for engine in (SQLite, PostgreSQL)}
