"""Many desks on the event stream: how long an event takes to those it concerns, and to all."""
import asyncio
import json
import re
import resource
import subprocess
import time

from load import cpu_s, resident_mib
from processes import BENCH, SWITCHBOARD, Server, run

DESKS_PER_AREA = 10


class Desks:
    def __init__(self, port, cookies, areas):
        self.port, self.cookies, self.areas = port, cookies, areas
        self.sent = {}        # area -> when the last errand for it was posted
        self.latencies = []
        self.heard = 0
        self.everyone = 0
        self.all_at = None

    async def listen(self, number, ready):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET /s/bench/desk/events HTTP/1.1\r\nHost: bench\r\nCookie: {self.cookies[number]}\r\n"
                     "Accept: text/event-stream\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        ready()
        area = number % self.areas + 1  # as the groups are made
        while True:
            line = await reader.readline()
            if not line:
                return
            if not line.startswith(b"event: ") or line == b"event: hello\n":
                continue
            now = time.monotonic()
            if self.everyone:
                self.everyone -= 1
                self.all_at = now
            elif area in self.sent:
                self.heard += 1
                self.latencies.append(now - self.sent[area])

    async def post(self, connection, area, token):
        reader, writer = connection
        body = json.dumps({"data": {"type": "c3_new_errands", "attributes": {"msg": {
            "message_id": "", "from": "a@example.com", "subject": "s", "body": "b"}}}}).encode()
        self.sent[area] = time.monotonic()
        writer.write(f"POST /s/bench/capi/json/c3_new_errands HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
                     f"Content-Type: application/vnd.api+json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 201 " in head.split(b"\r\n")[0], head
        await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head)[1]))


async def drive(server, cookies, tokens, desks, rate, seconds, folder):
    areas = desks // DESKS_PER_AREA
    all_desks = Desks(server.port, cookies, areas)
    before = resident_mib(server.process.pid)
    connected = 0

    def ready():
        nonlocal connected
        connected += 1

    tasks = []
    for start in range(0, desks, 200):
        numbers = range(start, min(start + 200, desks))
        tasks += [asyncio.create_task(all_desks.listen(number, ready)) for number in numbers]
        while connected < numbers.stop:
            for task in tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.01)
    await asyncio.sleep(2)
    after = resident_mib(server.process.pid)

    posters = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(4)]
    cpu = cpu_s(server.pids)
    began = time.monotonic()
    for number in range(rate * seconds):
        pause = began + number / rate - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        area = number % len(tokens) + 1
        await all_desks.post(posters[number % 4], area, tokens[area - 1])
    took = time.monotonic() - began
    await asyncio.sleep(1)
    cpu = cpu_s(server.pids) - cpu
    latencies = sorted(all_desks.latencies)

    file = folder / "tag.yaml"
    file.write_text("workspace: bench\ntags: [news]\n")
    all_desks.everyone = desks
    began = time.monotonic()
    await (await asyncio.create_subprocess_exec(
        str(SWITCHBOARD), "provision", str(file), "--data", str(folder), stdout=subprocess.DEVNULL)).wait()
    deadline = began + 30
    while all_desks.everyone and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    last = (all_desks.all_at or deadline) - began
    missing = all_desks.everyone
    for task in tasks:
        task.cancel()
    return {"desks": desks, "rate": rate * seconds / took, "heard": all_desks.heard,
            "p50_ms": latencies[len(latencies) // 2] * 1e3, "p99_ms": latencies[len(latencies) * 99 // 100] * 1e3,
            "all_s": last, "missing": missing, "kib_each": (after - before) * 1024 / desks,
            "cpu_share": cpu / took}


def measure(work, desks, rate, seconds, say):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    folder = work / "streams"
    folder.mkdir(parents=True, exist_ok=True)
    areas = desks // DESKS_PER_AREA
    say(f"{desks} signed-in agents")
    made = run([BENCH, "make", "--data", folder, "--errands", 1, "--waiting", 0, "--agents", desks, "--areas", areas,
                "--tokens", areas, "--desks", desks])[-1]
    cookies = (folder / "cookies.txt").read_text().split("\n")
    server = Server.switchboard(folder)
    try:
        say(f"{desks} streams, {rate} errands a second, each for {DESKS_PER_AREA} desks")
        return asyncio.run(drive(server, cookies, made["tokens"], desks, rate, seconds, folder))
    finally:
        server.stop()
