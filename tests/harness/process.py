# The executable as an operator uses it: a command that ends, or a server with its log and its end.
import os
import signal
import subprocess

from . import metrics
from .server import binary, environment
from .waiting import wait_for

COMMAND_MAX_S = 120


def run(*arguments, env=None):
    """Runs a command that is expected to end."""
    return subprocess.run(
        [binary(), *map(str, arguments)], capture_output=True, text=True, timeout=COMMAND_MAX_S,
        env=with_changes(env))


def with_changes(env):
    """The servers' environment with `env`; None takes a variable out."""
    return {name: value for name, value in {**environment(), **(env or {})}.items() if value is not None}


class Serving:
    """`switchboard serve` on a free port, ready; `with` ends it however the test went."""

    def __init__(self, log, *options, env=None, says=" serves "):
        self.log, self.says = log, says
        self.is_silent = "off" in options  # about its metrics
        # An earlier server may have written to the same file.
        self.begin = log.stat().st_size if log.exists() else 0
        with log.open("ab") as opened:
            self.process = subprocess.Popen(
                [binary(), "serve", *map(str, options)], stdin=subprocess.DEVNULL, stdout=opened, stderr=opened,
                env=with_changes(env))
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

    @property
    def metrics(self):
        """Where the server tells its metrics; None when it does not."""
        return metrics.address(self.said())

    def said(self):
        return self.log.read_bytes()[self.begin:].decode(errors="replace")

    def heard(self, text, times=1):
        wait_for(f"the log to say {text!r}", lambda: self.said().count(text) >= times)

    def signal(self, number):
        os.kill(self.process.pid, number)

    def stop(self):
        """SIGTERM; the exit code. What must never be so was not, where the server tells of it."""
        def told():
            return self.metrics or "there are no metrics" in self.said()

        if not self.is_silent and wait_for("the metrics' address", told) is not True:
            metrics.nothing_is_broken(self.metrics)
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
