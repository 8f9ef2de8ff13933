"""What programs ask through APIO: profiles read beside a plain hello, and searches among a supervisor's agents."""
import http.client
import json
import time

from load import wrk
from processes import Server
from rows import middle

SUPERVISED = "/api/v1/tenants/bench/groups/bench/users/supervisor@bench/services/call_centers/center/supervised_agents/"
SEARCHES = {
    "by the beginning of a name": {"sensitiveUserLastNameStarts": "Last 123"},
    "by what a user id holds, without case": {"insensitiveUserIdContains": "AGENT77"},
    "by one of three": {"insensitiveUserLastNameEquals": "last 5000", "sensitiveUserFirstNameEquals": "First 7",
                        "insensitiveExtensionContains": "999", "combineWithOr": True},
    "everybody": {},
}


def measure(work, agents, connections, runs, seconds, say):
    figures = {"hello": [], "profile": []}
    server = Server.bench(work / "apio-profile", agents=1_000)
    try:
        for turn in range(runs):
            say(f"profile GET, {connections} connections, run {turn + 1} of {runs}")
            figures["hello"].append(wrk(server.hello, server.pids, connections, seconds))
            figures["profile"].append(wrk(server.url, server.pids, connections, seconds, "apio_get.lua",
                                          TOKEN=server.doors["apio"], AGENTS=1_000))
    finally:
        server.stop()
    server = Server.bench(work / "apio-search", agents=agents, call_center=True)
    try:
        searches = {}
        for kind, search in SEARCHES.items():
            say(f"{agents:,} supervised agents, {kind}")
            searches[kind] = timed(server, search, 40 * runs)
    finally:
        server.stop()
    return {name: middle(list_) for name, list_ in figures.items()} | {"search": searches, "agents": agents}


def timed(server, search, times):
    """How many were found, and the 95th percentile of milliseconds, on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Authorization": f"Bearer {server.doors['apio']}"}
    taken, body = [], b""
    for _ in range(times):
        began = time.perf_counter()
        connection.request("GET", SUPERVISED, json.dumps(search), headers)
        answer = connection.getresponse()
        body = answer.read()
        taken.append((time.perf_counter() - began) * 1_000)
        assert answer.status == 200, body
    connection.close()
    return len(json.loads(body)["supervised_agents"]), sorted(taken)[int(len(taken) * 0.95)]
