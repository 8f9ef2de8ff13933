# A telephony system's day through the neutral API: calls, answers, failed ringing, and a kill -9 in the middle.
import itertools
import random
import threading

import pytest

from harness.neutral import EventFollower, NeutralClient
from harness.waiting import wait_for

AGENTS = 6
CALLS = 120
names = itertools.count(1)


@pytest.fixture
def pbx(server):
    name = f"t{next(names)}"
    agents = "\n".join(f"  - {{login_name: a{n}}}" for n in range(AGENTS))
    members = ", ".join(f"{{login_name: a{n}}}" for n in range(AGENTS))
    printed = server.provision(f"""
workspace: {name}
agents:
{agents}
areas:
  - {{name: Back office}}
access_tokens:
  - {{name: pbx, key: k, claims: [acd]}}
call_centers:
  - {{service_user_id: "sales-{name}@example.com", name: Sales, type: Premium, offer_timeout_s: 3, wrap_up_s: 1,
      agents: [{members}]}}
  - {{service_user_id: "full-{name}@example.com", name: Full, type: Premium,
      overflow: {{size: 0, action: {{number: "+49301111"}}}}, agents: []}}
""")
    client = NeutralClient(server.url, name, printed["access_tokens"]["pbx"])
    follower = EventFollower(client)
    yield client, follower
    follower.stop()


def ready(client, login, presence="available"):
    agent = client.agents()[login]["id"]
    status, document = client.send("PUT", f"/agents/{agent}/presence", {"presence": presence})
    assert status == 200, document
    return agent


def call(client, queue="Sales", **members):
    status, document = client.send(
        "POST", "/work-items", {"queue": client.queue(queue), "channel": "call", "from": "+4930555"} | members)
    assert status == 201, document
    return document


def test_an_offer_is_heard_and_answered(pbx):
    client, follower = pbx
    waiting = call(client)
    assert (waiting["state"], waiting["position"]) == ("waiting", 1)
    agent = ready(client, "a0")
    made = follower.wait_for("offer.made", waiting["id"])["data"]
    assert made["agent"] == agent and made["reason"] == "only_candidate" and made["deadline"].endswith("Z")
    # Nobody picks up: the offer ends by itself, and an answer is too late.
    ended = follower.wait_for("offer.ended", waiting["id"])["data"]
    assert ended["ending"] == "no_answer" and ended["offer"] == made["offer"]
    status, problem = client.send("POST", f"/offers/{made['offer']}/accept")
    assert status == 409 and problem["detail"] == "This offer is over: no answer."
    again = follower.wait_for("offer.made", waiting["id"], 2)["data"]
    status, active = client.send("POST", f"/offers/{again['offer']}/accept", {"agent": agent})
    assert status == 200 and active["state"] == "active"
    assert client.send("POST", f"/work-items/{waiting['id']}/end")[1]["state"] == "wrap_up"
    assert follower.wait_for("item.left", waiting["id"])["data"]["ended"] == "done"


def test_a_cursor_below_the_floor_and_beyond_the_end(pbx):
    client, follower = pbx
    last = client.send("GET", "/events?limit=1")[1]["last"]
    assert client.send("GET", f"/events?after={last + 5}")[0] == 410
    lost = EventFollower(client, after=last + 5)
    try:
        wait_for("reload", lambda: lost.reloads or None)
        assert lost.events == []
    finally:
        lost.stop()
    follower.wait_for("workspace.provisioned")


class Telephony:
    """Rings agents' telephones as offers come, and carries on whatever happens to the server."""

    def __init__(self, client, follower, seed):
        self.client, self.follower = client, follower
        self.random = random.Random(seed)
        self.accepted, self.failed, self.late = set(), 0, 0
        self.lock = threading.Lock()
        follower.on_event = self.heard

    def heard(self, event):
        if event["kind"] == "offer.made":
            threading.Thread(target=self.ring, args=(event["data"],), daemon=True).start()

    def ring(self, offer):
        with self.lock:
            chance = self.random.random()
        name = offer["offer"]
        if chance < 0.15:
            self.client.insist("POST", f"/offers/{name}/fail", {"reason": "busy"}, key=f"fail {name}")
            self.failed += 1
        elif chance < 0.25:
            self.client.insist("POST", f"/offers/{name}/decline", key=f"decline {name}")
        else:
            status, _ = self.client.insist(
                "POST", f"/offers/{name}/accept", {"agent": offer["agent"]}, key=f"accept {name}")
            if status == 409:  # it ended while the server was down
                self.late += 1
                return
            assert status == 200
            with self.lock:
                self.accepted.add(offer["item"])
            status, _ = self.client.insist("POST", f"/work-items/{offer['item']}/end", key=f"end {name}")
            assert status == 200


def keep_ready(client, agents, stop):
    """Agents whom failed offers have put out come back."""
    while not stop.wait(0.3):
        try:
            for agent in client.agents().values():
                if agent["presence"] != "available":
                    client.send("PUT", f"/agents/{agent['id']}/presence", {"presence": "available"})
        except Exception:
            pass  # the server is away


def test_a_telephony_systems_day(server, pbx):
    client, follower = pbx
    telephony = Telephony(client, follower, seed=7)
    agents = [ready(client, f"a{n}") for n in range(AGENTS)]
    queue, full = client.queue("Sales"), client.queue("Full")
    stop = threading.Event()
    threading.Thread(target=keep_ready, args=(client, agents, stop), daemon=True).start()
    items, abandoned, overflowed = [], set(), 0
    for n in range(CALLS):
        if n in (CALLS // 3, 2 * CALLS // 3):
            server.kill()
            threading.Timer(0.5, server.start).start()
        status, made = client.insist(
            "POST", "/work-items", {"queue": full if n % 20 == 0 else queue, "channel": "call",
                                    "external_id": f"call-{n}"}, key=f"call {n}")
        assert status == 201, made
        if n % 20 == 0:
            assert made["state"] == "overflowed" and made["overflow"]["number"] == "+49301111"
            overflowed += 1
            continue
        items.append(made["id"])
        if n % 9 == 0:
            status, answer = client.insist("POST", f"/work-items/{made['id']}/abandon", key=f"leave {n}")
            if status == 200:
                abandoned.add(made["id"])
            else:
                assert status == 409, answer

    def over():
        return not client.insist("GET", "/work-items")[1]["items"] or None

    wait_for("every call to be over", over, within_s=120)
    stop.set()
    assert len(set(items)) == len(items), "a key made two calls"
    # Nothing lost, nothing twice: the stream has every event, in order, over both breaks.
    last = client.send("GET", "/events?limit=1")[1]["last"]
    wait_for("the last event", lambda: follower.last >= last or None)
    seqs = [event["seq"] for event in follower.events]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs))) and follower.breaks >= 2
    ends = {event["data"]["item"]: event["data"]["ended"] for event in follower.of("item.left")}
    assert {item for item, end in ends.items() if end == "abandoned"} == abandoned
    assert {item for item, end in ends.items() if end == "done"} == set(items) - abandoned
    assert telephony.accepted == set(items) - abandoned
    assert sum(end == "overflowed" for end in ends.values()) == overflowed
    # The figures say the same.
    counts = client.send("GET", f"/queues/{queue}/statistics")[1]["counts"]
    assert counts["answered"] == len(telephony.accepted) and counts["abandoned"] == len(abandoned)
    assert counts["entered"] == len(items) and counts["handled"] == len(telephony.accepted)
    assert counts["waiting"] == 0
    # Nobody is stuck.
    wait_for("every agent to be free", lambda: all(
        agent["status"] == "free" and not agent["in_hand"] and agent["offer"] is None
        for agent in client.agents().values()) or None)
    # The same page by page.
    paged, after = [], seqs[0] - 1
    while page := client.send("GET", f"/events?after={after}&limit=100")[1]["items"]:
        paged += page
        after = page[-1]["seq"]
    assert [event["seq"] for event in paged][:len(seqs)] == seqs
    assert paged[:len(seqs)] == follower.events
