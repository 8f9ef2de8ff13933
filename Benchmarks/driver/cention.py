"""What programs ask through Cention's API: reports, the list of changed errands, contact cards, exports."""
import http.client
import json
import pathlib
import re
import threading
import time

import rows
from load import wrk
from processes import Server

BASE = "/s/bench/capi/json"
CLEAN = 10_000
CHANGED = 100_000
TURN_S = 1
TURNS_MAX = 7


def connection(server):
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)


def headers(token):
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/vnd.api+json"}


def served(folder, made):
    """The measured server on a data set that was made; `token` opens what programs read."""
    server = Server.bench(folder)
    server.token, server.creates = made["doors"]["cention"], made["tokens"][0]
    return server


def reports(work, turns, say):
    """The list of 100,000 changed errands; a report that nobody awaits, and every second one leaving the list."""
    folder = work / "reports"
    made = rows.make(folder, CLEAN + CHANGED, 0, say, changed=CHANGED)
    server = served(folder, made)
    try:
        say("the list of changed errands")
        taken, one = [], connection(server)
        for _ in range(20):
            began = time.perf_counter()
            one.request("GET", f"{BASE}/c3_dirty_errand_list", headers=headers(server.token))
            answer = json.loads(one.getresponse().read())
            taken.append((time.perf_counter() - began) * 1_000)
        one.close()
        found = {"listed": len(answer["data"]["attributes"]["errands"]), "list_ms": sorted(taken)[-2]}
        figures = {"hello": [], "clean": [], "changed": []}
        # Many short turns, each with a hello of its own: neighbours take and leave the machine's caches within seconds.
        for turn in range(turns):
            say(f"reports, 32 connections, turn {turn + 1} of {turns}")
            hello = wrk(server.hello, server.pids, 32, TURN_S)
            figures["hello"].append(hello)
            for kind, share in (("clean", 0), ("changed", 1)):
                # Each turn takes changed errands that none has read before, more than it can read.
                first = CLEAN + 1 + turn * (CHANGED // TURNS_MAX)
                one = wrk(server.url, server.pids, 32, TURN_S, "report.lua", TOKEN=server.token, CLEAN=CLEAN,
                          FIRST=first, LAST=first + CHANGED // TURNS_MAX - 1, CHANGED=share)
                figures[kind].append(one | {"of_hello": one["rps"] / hello["rps"]})
        return found | {kind: rows.middle(list_) for kind, list_ in figures.items()} | {"left": left(server)}
    finally:
        server.stop()


def left(server):
    """How many are still on the list: so many reports were read that took one off."""
    one = connection(server)
    one.request("GET", f"{BASE}/c3_dirty_errand_list", headers=headers(server.token))
    return len(json.loads(one.getresponse().read())["data"]["attributes"]["errands"])


def cards(work, sizes, runs, seconds, say):
    """Contact cards: half of the requests find a card and add to it, half make one."""
    found = {}
    for size in sizes:
        folder = work / f"cards-{size}"
        server = served(folder, rows.make(folder, 1_000, 0, say, senders=size))
        try:
            figures = []
            for turn in range(runs):
                say(f"{size:,} contact cards, run {turn + 1} of {runs}")
                figures.append(wrk(server.url, server.pids, 32, seconds, "card.lua", TOKEN=server.token, CARDS=size,
                                   RUN=turn))
            found[size] = rows.middle(figures)
        finally:
            server.stop()
    return found


def peak_mib(pid):
    return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def export(work, errands, seconds, say):
    """All errands exported, again and again, while errands are created."""
    folder = work / "export"
    server = served(folder, made := rows.make(folder, errands, 0, say))
    body = json.dumps({"data": {
        "type": "c3_trigger_exports", "attributes": {},
        "relationships": {"export": {"data": {"type": "c3_exports", "id": str(made["export"])}}}}})
    stop, told = threading.Event(), []

    def run():
        while not stop.is_set():
            began, one = time.monotonic(), connection(server)
            one.request("POST", f"{BASE}/c3_trigger_exports", body, headers(server.token))
            answer = one.getresponse()
            assert answer.status == 201, answer.status
            count, size = 0, 0
            while piece := answer.read(1 << 20):
                count, size = count + piece.count(b'"errand_id"'), size + len(piece)
            # A name may be cut in two by the pieces.
            assert count >= errands * 0.99, count
            told.append((time.monotonic() - began, size))
            one.close()

    try:
        say("errands created alone")
        alone = wrk(server.url, server.pids, 32, seconds, "create.lua", TOKEN=server.creates, RUN="alone")
        say(f"an export of {errands:,} errands alone")
        thread = threading.Thread(target=run)
        thread.start()
        while not told:
            time.sleep(0.01)
        export_s = told[0][0]
        say("errands created beside exports")
        beside = wrk(server.url, server.pids, 32, max(seconds, 3), "create.lua", TOKEN=server.creates, RUN="beside")
        stop.set()
        thread.join()
        return {"alone": alone, "beside": beside, "s": export_s, "mib": told[0][1] / (1 << 20),
                "peak_mib": peak_mib(server.process.pid), "errands": errands, "exports": len(told)}
    finally:
        stop.set()
        server.stop()
