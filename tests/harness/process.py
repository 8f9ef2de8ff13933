# The executable as an operator uses it: a command that ends, or a server with its log and its end.
import os
import signal
import subprocess

from .server import binary, environment
from .waiting import wait_for

COMMAND_MAX_S = 120


def run(*arguments, env=None):
    """Runs a command that is expected to end."""
    return subprocess.run(
        [binary(), *map(str, arguments)], capture_output=True, text=True, timeout=COMMAND_MAX_S,
        env={**environment(), **(env or {})})


class Serving:
    """`switchboard serve` on a free port, ready; `with` ends it however the test went."""

    def __init__(self, log, *options, env=None, says=" serves "):
        self.log, self.says = log, says
        # An earlier server may have written to the same file.
        self.begin = log.stat().st_size if log.exists() else 0
        with log.open("ab") as opened:
            self.process = subprocess.Popen(
                [binary(), "serve", *map(str, options)], stdin=subprocess.DEVNULL, stdout=opened, stderr=opened,
                env={**environment(), **(env or {})})
        try:
            self.url = wait_for("the server to serve", self._address)
        except BaseException:
            self.kill()
            raise

    def _address(self):
        code = self.process.poll()
        assert code is None, f"the server left with {code}:\n{self.said()}"
        for line in self.said().splitlines():
            if self.says in line:
                return line.split(self.says, 1)[1].split(" ")[0].rstrip(":")
        return None

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])

    def said(self):
        return self.log.read_bytes()[self.begin:].decode(errors="replace")

    def heard(self, text, times=1):
        wait_for(f"the log to say {text!r}", lambda: self.said().count(text) >= times)

    def signal(self, number):
        os.kill(self.process.pid, number)

    def stop(self):
        """SIGTERM; the exit code."""
        self.signal(signal.SIGTERM)
        return self.process.wait(timeout=COMMAND_MAX_S)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
