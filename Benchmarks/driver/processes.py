"""The servers that are measured: started, waited for, stopped."""
import json
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = ROOT / ".build/release/bench"
SWITCHBOARD = ROOT / ".build/release/switchboard"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(command):
    """A program that prints JSON lines; its messages go to our standard error."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} {command[1]} left with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


class Server:
    """A server on a port of its own; `pids` are all the processes that work for it."""

    def __init__(self, command, port, log):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = open(log, "ab")
        self.began = time.monotonic()
        self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=self.log)
        self.pids = [self.process.pid]

    @classmethod
    def bench(cls, folder, database=None, storage="real", batch_max=None, agents=None, call_center=False, library=None):
        folder.mkdir(parents=True, exist_ok=True)
        port, hello = free_port(), free_port()
        command = [BENCH, "server", "--data", folder, "--listen", port, "--hello-listen", hello,
                   "--storage", storage]
        if database:
            command += ["--database", database]
        if batch_max:
            command += ["--batch-max", batch_max]
        if agents:
            command += ["--agents", agents]
        if call_center:
            command += ["--call-center"]
        if library:
            command += ["--library-questions", library]
        server = cls(command, port, folder / "log")
        told = json.loads(server.process.stdout.readline())
        server.token, server.doors = told["token"], told["doors"]
        server.hello = f"http://127.0.0.1:{hello}/hello"
        server.wait(server.hello)
        return server

    @classmethod
    def switchboard(cls, folder, database=None):
        port = free_port()
        command = [SWITCHBOARD, "serve", "--data", folder, "--listen", f"127.0.0.1:{port}"]
        if database:
            command += ["--database", database]
        server = cls(command, port, folder / "log")
        server.ready_s = server.wait(f"{server.url}/readyz")
        return server

    def wait(self, url, within_s=300):
        while time.monotonic() < self.began + within_s:
            if self.process.poll() is not None:
                raise SystemExit(f"the server left with {self.process.returncode}; see {self.log.name}")
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return time.monotonic() - self.began
            except OSError:
                time.sleep(0.005)
        raise SystemExit(f"{url} does not answer")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.log.close()


def postgres_pids():
    """The processes of the cluster that bin/with-postgres started for us."""
    found = subprocess.run(["pgrep", "-f", "^postgres: |/postgres "], capture_output=True, text=True).stdout
    return [int(pid) for pid in found.split()]


def commit():
    return subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"],
                          capture_output=True, text=True).stdout.strip()


def machine():
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    cores = len(re.findall(r"^processor", pathlib.Path("/proc/cpuinfo").read_text(), re.M))
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) >> 20
    return f"{cores} cores ({cpu[1] if cpu else 'unknown'}), {memory} GiB, the load on the same machine"
