"""Calls through the neutral API: cycles a second, and how soon an offer is seen on the stream."""
import asyncio
import json
import re
import time
import urllib.request

from load import wrk
from processes import Server

BASE = "/switchboard/v1/workspaces/bench"


def ask(server, method, path, body=None):
    request = urllib.request.Request(
        server.url + BASE + path, json.dumps(body).encode() if body else None, method=method,
        headers={"Authorization": f"Bearer {server.doors['neutral']}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def staffed(work, name, agents):
    """A server whose agents are all available, and the queue that half of them serve."""
    server = Server.bench(work / name, agents=agents)
    for agent in range(1, agents + 1):
        ask(server, "PUT", f"/agents/{agent}/presence", {"presence": "available"})
    return server, ask(server, "GET", "/queues")["items"][0]["id"]


def ended(server, queue):
    return ask(server, "GET", f"/queues/{queue}/statistics")["counts"]["handled"]


def cycles(work, agents, connections, runs, seconds, say):
    server, queue = staffed(work, "cycles", agents)
    figures = []
    try:
        for turn in range(runs):
            say(f"neutral API, {connections} connections, run {turn + 1} of {runs}")
            before, began = ended(server, queue), time.monotonic()
            one = wrk(server.url, server.pids, connections, seconds, "neutral.lua",
                      TOKEN=server.doors["neutral"], QUEUE=queue)
            one["cycles"] = (ended(server, queue) - before) / (time.monotonic() - began)
            figures.append(one)
    finally:
        server.stop()
    return sorted(figures, key=lambda figure: figure["cycles"])[len(figures) // 2]


class Stream:
    """When each offer was heard, by its item."""

    def __init__(self):
        self.heard = {}

    async def follow(self, server, ready):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"GET {BASE}/events HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n"
                     f"Authorization: Bearer {server.doors['neutral']}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        ready.set()
        kind = b""
        while line := await reader.readline():
            if line.startswith(b"event: "):
                kind = line[7:-1]
            elif line.startswith(b"data: ") and kind == b"offer.made":
                self.heard[int(re.search(rb'"item":(\d+)', line)[1])] = time.monotonic()


async def post(connection, server, path, body=b""):
    reader, writer = connection
    writer.write(f"POST {BASE}/{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {server.doors['neutral']}\r\n"
                 f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.split(b" ")[1] in (b"200", b"201"), head
    return await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head)[1]))


async def one_cycle(connections, server, call, sent):
    connection = await connections.get()
    began = time.monotonic()
    made = json.loads(await post(connection, server, "work-items", call))
    sent[made["id"]] = began
    await post(connection, server, f"offers/{made['offers'][0]['id']}/accept")
    await post(connection, server, f"work-items/{made['id']}/end")
    connections.put_nowait(connection)


async def drive(server, queue, rate, seconds):
    stream, ready, sent = Stream(), asyncio.Event(), {}
    follower = asyncio.create_task(stream.follow(server, ready))
    await ready.wait()
    connections = asyncio.Queue()
    for _ in range(32):
        connections.put_nowait(await asyncio.open_connection("127.0.0.1", server.port))
    call = json.dumps({"queue": queue, "channel": "call"}).encode()
    began, tasks = time.monotonic(), []
    for number in range(rate * seconds):
        pause = began + number / rate - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        tasks.append(asyncio.create_task(one_cycle(connections, server, call, sent)))
    await asyncio.gather(*tasks)
    took = time.monotonic() - began
    give_up = time.monotonic() + 30
    while len(stream.heard) < len(sent) and time.monotonic() < give_up:
        await asyncio.sleep(0.05)
    follower.cancel()
    assert stream.heard.keys() >= sent.keys(), "an offer was never heard"
    waits = sorted(stream.heard[item] - at for item, at in sent.items())
    return {"rate": len(sent) / took, "p50_ms": waits[len(waits) // 2] * 1e3,
            "p99_ms": waits[len(waits) * 99 // 100] * 1e3, "offers": len(waits)}


def offers_seen(work, agents, rate, seconds, say):
    """From the call's request to the offer on the stream, at a steady rate."""
    server, queue = staffed(work, "offers", agents)
    try:
        say(f"neutral API, offers on the stream at {rate} cycles/s")
        return asyncio.run(drive(server, queue, rate, seconds))
    finally:
        server.stop()
