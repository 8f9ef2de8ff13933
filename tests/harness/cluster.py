# A PostgreSQL 15 of a test's own, which the test may stop, kill -9 and start again.
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from .database import PostgreSQL
from .waiting import wait_for

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
INIT_MAX_S = 120
END_MAX_S = 60
OWNER = "postgres"
SETTINGS = {"listen_addresses": "", "max_connections": 60, "shared_buffers": "16MB"}


class Cluster:
    """Made and started by `start`; `clear` leaves nothing of it."""

    def __init__(self, settings=None, hba=None, disk=None):
        """`hba`: the lines of pg_hba.conf. `disk`: a SmallDisk for the data, without the write-ahead log."""
        # Not TMPDIR, because the path of a socket has room for 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="switchboard-pg-", dir="/tmp"))
        self.log = self.folder / "log"
        self.settings = SETTINGS | (settings or {})
        self.hba, self.disk = hba, disk
        self.data = disk.folder if disk else self.folder / "data"
        self.port = self.settings.get("port", 5432)
        self.url = f"postgres://switchboard@/postgres?host={self.folder}&port={self.port}"
        self.process = None
        # It refuses to run as root, and ends with the process that runs the tests.
        self.as_owner = [*(disk.inside if disk else []), "env", "-C", "/", "setpriv", "--pdeathsig", "INT"]
        if os.getuid() == 0:
            self.as_owner += ["--reuid", OWNER, "--regid", OWNER, "--init-groups"]
        own(self.folder)
        if disk:
            own(disk.path)

    def start(self):
        if self.process is None:
            self._init()
        options = [f"-c{name}={value}" for name, value in self.settings.items()]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.as_owner, str(PROGRAMS / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("PostgreSQL to start", self._is_ready)

    def stop(self, how=signal.SIGINT):
        """As pg_ctl stops it: SIGINT is fast, SIGQUIT immediate."""
        self.process.send_signal(how)
        self.process.wait(timeout=END_MAX_S)

    def kill(self):
        """kill -9 for all its processes."""
        # A postmaster that stands still starts no more of them.
        self.process.send_signal(signal.SIGSTOP)
        children = self.children()
        for pid in [self.process.pid, *children]:
            end(pid)
        self.process.wait(timeout=END_MAX_S)
        wait_for("PostgreSQL's processes to be gone", lambda: not any(parent(pid) for pid in children))

    def kill_session(self):
        """kill -9 for one session's process: PostgreSQL ends all others and recovers by itself."""
        sessions = [pid for pid in self.children() if b" switchboard" in command(pid)]
        assert sessions, "nobody is connected"
        end(sessions[0])

    def keep(self, name, content):
        """A file that only its owner may read, as its settings may name it."""
        file = self.folder / name
        file.touch(0o600)
        file.write_bytes(content)
        own(file)
        return file

    def children(self):
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        return [pid for pid in pids if parent(pid) == self.process.pid]

    def database(self, data):
        """A new database on it, as the harness knows one."""
        return ClusterDatabase(data, self.url)

    def clear(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:]) if self.log.exists() else ""

    def _init(self):
        options = ["--waldir", str(self.folder / "wal")] if self.disk else []
        done = subprocess.run(
            [*self.as_owner, str(PROGRAMS / "initdb"), "--pgdata", str(self.data), "--username", "switchboard",
             "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu",
             "--icu-locale", "en", "--no-sync", *options],
            capture_output=True, text=True, timeout=INIT_MAX_S)
        assert done.returncode == 0, done.stderr
        if self.hba:
            (self.data / "pg_hba.conf").write_text("\n".join(self.hba) + "\n")

    def _is_ready(self):
        code = self.process.poll()
        assert code is None, f"PostgreSQL left with {code}:\n{self.log_tail()}"
        asked = subprocess.run(
            [PROGRAMS / "pg_isready", "-q", "-h", str(self.folder), "-p", str(self.port)], timeout=END_MAX_S)
        return asked.returncode == 0


class ClusterDatabase(PostgreSQL):
    def drop(self):
        pass  # it goes with the cluster


def own(path):
    if os.getuid() == 0:
        owner = pwd.getpwnam(OWNER)
        os.chown(path, owner.pw_uid, owner.pw_gid)


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it was about to end anyway


def parent(pid):
    """The process that started it; None when it is gone, or only waits to be counted."""
    try:
        words = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if words[0] == b"Z" else int(words[1])


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
