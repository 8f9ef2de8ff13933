# A real server process: started, provisioned, stopped, killed, and started again on the same data.
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from . import metrics
from .database import ENGINES
from .waiting import wait_for

READY_MAX_S = 60
STOP_MAX_S = 60
PROVISION_MAX_S = 60
LOG_TAIL_LINES = 60


def binary():
    """The executable under test."""
    default = Path(__file__).parents[2] / ".build/debug/switchboard"
    file = Path(os.environ.get("SWITCHBOARD_TEST_BINARY", default))
    assert file.exists(), f"{file} is missing: 'bin/build debug' builds it"
    return str(file)


def environment():
    """What the server is started with: no setting of whoever runs the tests, and metrics on a free port."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SWITCHBOARD_")}
    return own | {"SWITCHBOARD_METRICS_LISTEN": "127.0.0.1:0"}


def free_port():
    """A port below the range of outgoing connections, so that it stays ours while a server is down."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Server:
    def __init__(self, database, disk=None, **settings):
        """`database`: an engine's name, or what makes a database of the data folder. `disk`: a SmallDisk for
        that folder. `settings` become SWITCHBOARD_… in the server's environment."""
        self.settings = {f"SWITCHBOARD_{key.upper()}": str(value) for key, value in settings.items()}
        # Short, because the control socket lies below it and its path has room for 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="switchboard-"))
        self.data = (disk.folder if disk else self.folder) / "data"
        self.inside = disk.inside if disk else []
        self.log = self.folder / "server.log"
        self.database = ENGINES.get(database, database)(self.data)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.begin = 0  # of this process's part of the log

    def start(self):
        store = ["--data", str(self.data), *self.database.options]
        self.begin = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.inside, binary(), "serve", "--listen", f"127.0.0.1:{self.port}", *store],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment() | self.settings)
        wait_for("the server to be ready", self._is_ready, within_s=READY_MAX_S)

    def provision(self, yaml):
        """Applies a provision file to the running server. Answers what the command printed."""
        file = self.folder / "provision.yaml"
        file.write_text(yaml)
        done = subprocess.run(
            [*self.inside, binary(), "provision", str(file), "--data", str(self.data), *self.database.options],
            capture_output=True, text=True, timeout=PROVISION_MAX_S, env=environment())
        assert done.returncode == 0, f"provision left with {done.returncode}: {done.stderr}"
        return json.loads(done.stdout)

    def kill(self):
        """kill -9: no goodbye."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM, and the exit code of a clean end; what must never be so was not."""
        if self.process is None or self.process.poll() is not None:
            return
        metrics.nothing_is_broken(wait_for("the metrics' address", self._metrics))
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=STOP_MAX_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the server did not stop on SIGTERM")
        assert code == 0, f"the server left with {code} on SIGTERM; its last words:\n{self.log_tail()}"

    def clear(self):
        """Leaves nothing behind; whatever happened before."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self.database.drop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_tail(self):
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])

    def _metrics(self):
        return metrics.address(self.log.read_bytes()[self.begin:].decode(errors="replace"))

    def _is_ready(self):
        code = self.process.poll()
        assert code is None, f"the server left with {code} while starting:\n{self.log_tail()}"
        try:
            return self.readiness()[0] == 200
        except OSError:
            return False

    def readiness(self):
        """What /readyz says: status and text."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=READY_MAX_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()
