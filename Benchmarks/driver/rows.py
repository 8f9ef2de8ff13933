"""One function a row of the table. Each returns its figures; the table's words are in table.py."""
import os
import pathlib
import statistics
import threading
import time

from load import cpu_s, resident_mib, wrk
from processes import Server, postgres_pids, run, BENCH

CREATE = "/s/bench/capi/json/c3_new_errands"


def median(figures, key):
    return statistics.median(figure[key] for figure in figures)


def middle(figures):
    """The median of each figure over the runs, and how far apart the requests/s were."""
    merged = {key: median(figures, key) for key in figures[0]}
    rates = [figure["rps"] for figure in figures]
    merged["spread"] = (max(rates) - min(rates)) / merged["rps"] if merged["rps"] else 0
    return merged


def creates(work, engines, connections, runs, seconds, say):
    """Durable creates, the same with storage stubbed, each in a transaction of its own, and hello."""
    found = {}
    for engine, database in engines.items():
        servers = {
            "durable": Server.bench(work / f"{engine}-durable", database and f"{database}&dbname=bench_durable"),
            "stub": Server.bench(work / f"{engine}-stub", database and f"{database}&dbname=bench_stub", storage="stub"),
            "single": Server.bench(work / f"{engine}-single", database and f"{database}&dbname=bench_single", batch_max=1),
        }
        try:
            for count in connections:
                figures = {"hello": [], "stub": [], "durable": [], "single": []}
                for turn in range(runs):
                    say(f"{engine}, {count} connections, run {turn + 1} of {runs}")
                    figures["hello"].append(
                        wrk(servers["durable"].hello, servers["durable"].pids, count, seconds))
                    for name, server in servers.items():
                        figures[name].append(
                            wrk(server.url, server.pids, count, seconds, "create.lua", TOKEN=server.token,
                                RUN=f"{count}-{turn}"))
                found[engine, count] = {name: middle(list_) for name, list_ in figures.items()}
        finally:
            for server in servers.values():
                server.stop()
    return found


# The other doors to the ACD: what is asked there, and of wrk which script; `doors` of the server opens them.
DOORS = {"tenios": ("agent-state change through TENIOS", "tenios.lua"),
         "apio": ("profile PUT through APIO", "apio.lua")}


def doors(work, agents, connections, runs, seconds, say):
    """Durable creates, and beside them each door's commonest change, on a server of its own."""
    servers = {name: Server.bench(work / name, agents=agents) for name in ["create", *DOORS]}
    figures = {name: [] for name in servers}
    try:
        for turn in range(runs):
            for name, server in servers.items():
                say(f"{name}, {connections} connections, run {turn + 1} of {runs}")
                if name == "create":
                    script, key = "create.lua", server.token
                else:
                    script, key = DOORS[name][1], server.doors[name]
                figures[name].append(wrk(server.url, server.pids, connections, seconds, script, TOKEN=key,
                                         RUN=turn, AGENTS=agents))
    finally:
        for server in servers.values():
            server.stop()
    return {name: middle(list_) for name, list_ in figures.items()}


def router(say):
    say("the router alone")
    return run([BENCH, "router"])


def router_soak(events, say):
    say(f"the router for {events:,} events")
    return run([BENCH, "soak-router", "--events", events])[-1]


def make(folder, errands, waiting, say, agents=50, areas=20, database=None, changed=0, senders=None):
    folder.mkdir(parents=True, exist_ok=True)
    say(f"a data set of {errands} errands, {waiting} of them waiting")
    command = [BENCH, "make", "--data", folder, "--errands", errands, "--waiting", waiting, "--agents", agents,
               "--areas", areas]
    if database:
        command += ["--database", database]
    if changed:
        command += ["--changed", changed]
    if senders:
        command += ["--senders", senders]
    return run(command)[-1]


def pages(work, sizes, runs, seconds, say):
    """One errand page, one list page, one search by sender; on one connection."""
    found = {}
    for errands in sizes:
        folder = work / f"set-{errands}"
        made = make(folder, errands, errands // 50, say)
        server = Server.switchboard(folder)
        try:
            kinds = {
                "errand": ("/s/bench/desk/errands/%d", errands),
                "list": ("/s/bench/desk/areas/%d?list=closed", 20),
                "sender": ("/s/bench/desk/areas/%d?list=closed&address=sender7@customers.example.com", 20),
            }
            for kind, (page, biggest) in kinds.items():
                say(f"{errands} errands, the {kind} page")
                figures = [wrk(server.url, server.pids, 1, seconds, "pages.lua", PAGE=page, MAX=biggest,
                               COOKIE=made["cookie"]) for _ in range(runs)]
                found[errands, kind] = middle(figures)
        finally:
            server.stop()
    return found


def start_up(work, errands, waiting, runs, say):
    folder = work / f"start-{errands}"
    make(folder, errands, waiting, say)
    seconds = []
    for turn in range(runs):
        say(f"start-up, run {turn + 1} of {runs}")
        server = Server.switchboard(folder)
        seconds.append(server.ready_s)
        server.stop()
    return statistics.median(seconds)


def memory(work, say):
    folder = work / "idle"
    make(folder, 1, 0, say)
    server = Server.switchboard(folder)
    time.sleep(2)
    idle = resident_mib(server.process.pid)
    server.stop()
    folder = work / "large"
    make(folder, 500_000, 500_000, say, agents=15_000, areas=500)
    server = Server.switchboard(folder)
    time.sleep(5)
    large = resident_mib(server.process.pid)
    server.stop()
    return {"idle_mib": idle, "large_mib": large}


def attachment(work, seconds, say):
    """p99 of small errands from 64 connections, without and with a large attachment arriving all the time."""
    import base64
    import urllib.request
    server = Server.bench(work / "attachment")
    content = base64.b64encode(os.urandom(24 * 1024 * 1024 - 4096)).decode()
    stop = threading.Event()
    sent = []

    def send():
        number = 0
        while not stop.is_set():
            number += 1
            body = ('{"data":{"type":"c3_new_errands","attributes":{"msg":{"message_id":"big-%d","from":"a@example.com",'
                    '"subject":"big","body":"","attachments":[{"name":"big.bin","content_type":"application/octet-stream",'
                    '"content":"%s"}]}}}}' % (number, content)).encode()
            request = urllib.request.Request(server.url + CREATE, body, {
                "Authorization": f"Bearer {server.token}", "Content-Type": "application/vnd.api+json"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                assert answer.status == 201
            sent.append(number)
            stop.wait(1)

    try:
        say("small errands alone")
        alone = wrk(server.url, server.pids, 64, seconds, "create.lua", TOKEN=server.token, RUN="alone")
        say("small errands beside a large attachment")
        thread = threading.Thread(target=send)
        thread.start()
        beside = wrk(server.url, server.pids, 64, seconds, "create.lua", TOKEN=server.token, RUN="beside")
        stop.set()
        thread.join()
    finally:
        stop.set()
        server.stop()
    return {"alone": alone, "beside": beside, "sent": len(sent)}
