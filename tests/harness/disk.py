# A small disk that can be full: a tmpfs that only the processes in a mount namespace of its own see.
import os
import subprocess
import tempfile
from pathlib import Path

END_MAX_S = 60
MOUNT = 'mount -t tmpfs -o size="$1",mode=755 tmpfs "$0" && echo mounted && exec cat'
BLOCK = bytes(64 << 10)


class SmallDisk:
    def __init__(self, mib):
        """`folder` is where processes started with `inside` see the disk, `path` where the test does."""
        self.folder = Path(tempfile.mkdtemp(prefix="switchboard-disk-", dir="/tmp"))
        self.folder.chmod(0o755)  # PostgreSQL is somebody else
        is_root = os.getuid() == 0
        # The disk goes with this process, and that with its input, so also when the tests are killed.
        self.holder = subprocess.Popen(
            ["unshare", "-m" if is_root else "-Urm", "sh", "-c", MOUNT, str(self.folder), f"{mib}m"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.holder.stdout.readline() == "mounted\n", "no tmpfs can be mounted here"
        self.inside = ["nsenter", "-t", str(self.holder.pid), "-m"]
        if not is_root:
            self.inside += ["-U", "--preserve-credentials"]
        self.path = Path(f"/proc/{self.holder.pid}/root{self.folder}")
        self.ballast = self.path / "ballast"

    def fill(self):
        """Takes all that is free, to the last block."""
        with self.ballast.open("ab", buffering=0) as file:
            while True:
                try:
                    file.write(BLOCK)
                except OSError:
                    return

    def make_room(self):
        self.ballast.unlink()

    def clear(self):
        self.holder.stdin.close()
        self.holder.wait(timeout=END_MAX_S)
        self.folder.rmdir()
