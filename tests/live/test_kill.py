# kill -9 under load, restart, count: what was answered 201 is there once, and what was due still goes out.
import collections
import http.client
import json
import os
import random
import threading
import time

from harness.waiting import wait_for
from live.rows import ERRANDS, OPEN_OFFERS, place
from playwright.sync_api import expect

ROUNDS = 3
CLIENTS = 6
ERRANDS_A_CLIENT_MAX = 400  # in one round
CLIENT_PAUSE_S = 0.005
LOAD_S = (1.0, 4.0)  # the kill comes at a random moment between the two
OFFER_TIMEOUT_S = 3
ENDED_SHARE = 4  # one errand in four is ended with an answer
CLOCK_SLACK_MS = 3_000


class LoadClient(threading.Thread):
    """A customer's system that creates errands and ends some, until the server goes away."""

    def __init__(self, workspace, name, errands):
        super().__init__(name=name, daemon=True)
        self.client = workspace.client()
        self.errands_max = errands
        self.stopping = threading.Event()
        self.created = {}       # message id → errand, answered 201
        self.ended = set()      # errands whose end was answered 201
        self.maybe_ended = set()
        self.unanswered = []    # message ids that were sent and never answered
        self.refused = collections.Counter()

    def run(self):
        for n in range(self.errands_max):
            if self.stopping.is_set():
                break
            message_id = f"{self.name}-{n}@example.com"
            try:
                status, document = self.create(message_id)
            except (OSError, http.client.HTTPException, ValueError):
                self.unanswered.append(message_id)
                break
            if status != 201:
                self.refused[status] += 1
                continue
            errand = document["data"]["id"]
            self.created[message_id] = errand
            if n % ENDED_SHARE == 0:
                self.maybe_ended.add(errand)
                try:
                    status, _ = self.client.end_errand(errand, f"answer to {message_id}")
                except (OSError, http.client.HTTPException, ValueError):
                    break
                if status == 201:
                    self.ended.add(errand)
            time.sleep(CLIENT_PAUSE_S)
        self.client.close()

    def create(self, message_id):
        # The same words whenever it is sent again: a retry is known by its body.
        return self.client.create_errand(
            f"About {message_id}", f"body of {message_id}", message_id=message_id)


def test_kill_under_load(server, make_workspace, receiver, desks):
    seed = int(os.environ.get("SWITCHBOARD_TEST_SEED", random.randrange(1_000_000)))
    print(f"\nSWITCHBOARD_TEST_SEED={seed}")
    chance = random.Random(seed)
    workspace = make_workspace(offer_timeout_s=OFFER_TIMEOUT_S, capacity=50)
    receiver.behave(pause_s=0.02)  # so that callbacks are under way when the server dies
    agents = [desks(workspace, "ana"), desks(workspace, "bo")]
    for agent in agents:
        agent.go_ready()

    acknowledged = {}   # message id → errand
    uncertain = set()   # message ids that were never answered, and not sent again
    ended, maybe_ended = set(), set()
    places = collections.Counter()

    for round in range(1, ROUNDS + 1):
        clients = [
            LoadClient(workspace, f"round{round}-client{n}", ERRANDS_A_CLIENT_MAX) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        wait_for("the first answers", lambda: sum(len(client.created) for client in clients) > CLIENTS)
        kill_at = time.monotonic() + chance.uniform(*LOAD_S)
        while time.monotonic() < kill_at:
            for agent in agents:
                agent.keep_working()
        server.kill()
        for client in clients:
            client.stopping.set()
        for client in clients:
            client.join()

        server.start()
        retried = 0
        for n, client in enumerate(clients):
            acknowledged.update(client.created)
            ended |= client.ended
            maybe_ended |= client.maybe_ended
            for message_id in client.unanswered:
                if n % 2:
                    uncertain.add(message_id)
                    continue
                # A client that lost our answer sends again; it must not make a second errand.
                status, document = client.create(message_id)
                assert status == 201, document
                acknowledged[message_id] = document["data"]["id"]
                retried += 1
        refused = sum((client.refused for client in clients), collections.Counter())
        print(f"round {round}: {sum(len(client.created) for client in clients)} answered, "
              f"{sum(len(client.unanswered) for client in clients)} not ({retried} sent again), "
              f"{len(ended)} ended so far, refused {dict(refused)}")

        no_offer_hangs(server)
        places += count(server, acknowledged, uncertain, ended, maybe_ended)
        callbacks_arrive(workspace, ended, maybe_ended)

        # The sessions outlived the server, and the queue goes on.
        for agent in agents:
            agent.open()
            expect(agent.part("presence")).to_be_visible()

    print(f"open errands were found {dict(places)}, {len(acknowledged)} acknowledged in all")
    assert places["queue"] > 0 and places["agent"] > 0, "the load never got where the kill hurts"

    for agent in agents:
        agent.close()
    cy = desks(workspace, "cy")
    cy.go_ready()
    expect(cy.part("offer").first).to_be_visible()


def no_offer_hangs(server):
    def none_overdue():
        overdue = time.time() * 1000 - CLOCK_SLACK_MS
        return not [offer for offer in server.database.rows(OPEN_OFFERS) if offer["deadline_at"] < overdue]
    wait_for("overdue offers to end", none_overdue)


def count(server, acknowledged, uncertain, ended, maybe_ended):
    """Acknowledged once means exactly one; not acknowledged means none or one."""
    rows = server.database.rows(ERRANDS)
    found = collections.defaultdict(list)
    for row in rows:
        found[row["message_id"]].append(row)
    places = collections.Counter()
    for message_id, errand in acknowledged.items():
        assert len(found[message_id]) == 1, f"{message_id}: {found[message_id]}"
        row = found[message_id][0]
        assert str(row["id"]) == errand, f"{message_id} was answered with {errand} and is {row}"
        where = place(row)
        if errand in ended:
            assert where == "ended", f"{errand} was ended and is in {where}"
        elif errand not in maybe_ended:
            assert where != "ended", f"nobody ended {errand}: {row}"
            places[where] += 1
    for message_id in uncertain:
        assert len(found[message_id]) <= 1, f"{message_id}: {found[message_id]}"
    unknown = set(found) - set(acknowledged) - uncertain
    assert not unknown, f"errands that nobody sent: {sorted(unknown)[:5]}"
    print(f"  {len(rows)} errands in the rows; open ones {dict(places)}")
    return places


def callbacks_arrive(workspace, ended, maybe_ended):
    """Each answered end reaches the receiver; again, where the server died between, but as the same event."""
    events = collections.defaultdict(set)

    def all_arrived():
        events.clear()
        for record in workspace.callbacks():
            document = json.loads(record["body"])["data"]
            events[document["relationships"]["errand"]["data"]["id"]].add(document["id"])
        return ended <= set(events)

    wait_for("the due callbacks", all_arrived)
    twice = {errand: ids for errand, ids in events.items() if len(ids) != 1}
    assert not twice, f"more than one event for an answer: {twice}"
    assert set(events) <= maybe_ended, "a callback for an errand that nobody ended"
    print(f"  callbacks for {len(events)} errands, {len(ended)} due")
