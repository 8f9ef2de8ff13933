# Load on a running server whose parts are killed: customers' systems, agents, and the count afterwards.
import collections
import http.client
import json
import os
import random
import sys
import threading
import time

from harness.waiting import wait_for
from live.rows import ERRANDS, OPEN_OFFERS, place
from playwright.sync_api import expect

ROUNDS = int(os.environ.get("SWITCHBOARD_TEST_ROUNDS", 3))
CLIENTS = 6
ERRANDS_A_CLIENT_MAX = 400  # in one round
CLIENT_PAUSE_S = 0.005
REFUSED_PAUSE_S = 0.2
LOAD_S = (1.0, 4.0)  # the strike comes at a random moment between the two
OFFER_TIMEOUT_S = 3
ENDED_SHARE = 4  # one errand in four is ended with an answer
CLOCK_SLACK_MS = 3_000


def say(text):
    """Also seen while the tests run, with `pytest -s`."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition("::")[2].partition(" ")[0]
    print(f"{test}: {text}", file=sys.stderr, flush=True)


class LoadClient(threading.Thread):
    """A customer's system that creates errands and ends some, until it is stopped or the server goes away."""

    def __init__(self, workspace, name, errands=ERRANDS_A_CLIENT_MAX):
        super().__init__(name=name, daemon=True)
        self.client = workspace.client()
        self.errands_max = errands
        self.stopping = threading.Event()
        self.created = {}       # message id → errand, answered 201
        self.ended = set()      # errands whose end was answered 201
        self.maybe_ended = set()
        self.unanswered = []    # message ids that were sent and never answered, or with 503
        self.refused = collections.Counter()
        self.problems = []      # answers that nobody may get
        self.lost = None        # what ended the connection

    def run(self):
        for n in range(self.errands_max):
            if self.stopping.is_set():
                break
            message_id = f"{self.name}-{n}@example.com"
            try:
                status, document = self.create(message_id)
            except (OSError, http.client.HTTPException, ValueError) as problem:
                self.unanswered.append(message_id)
                self.lost = problem
                break
            if status != 201:
                self.unanswered.append(message_id)
                self.refuse(status, document)
                continue
            errand = document["data"]["id"]
            self.created[message_id] = errand
            if n % ENDED_SHARE == 0:
                self.maybe_ended.add(errand)
                try:
                    status, document = self.client.end_errand(errand, f"answer to {message_id}")
                except (OSError, http.client.HTTPException, ValueError) as problem:
                    self.lost = problem
                    break
                if status == 201:
                    self.ended.add(errand)
                else:
                    self.refuse(status, document)
            time.sleep(CLIENT_PAUSE_S)
        self.client.close()

    def refuse(self, status, document):
        """A refusal is a 503 with everything that belongs to it."""
        self.refused[status] += 1
        error = document.get("errors", [{}])[0]
        if status != 503 or error.get("status") != "503" or not error.get("detail") or not self.client.retry_after:
            self.problems.append((status, self.client.retry_after, document))
        time.sleep(REFUSED_PAUSE_S)

    def create(self, message_id):
        # The same words whenever it is sent again: a retry is known by its body.
        return self.client.create_errand(
            f"About {message_id}", f"body of {message_id}", message_id=message_id)


class Tally:
    """What customers were told, over all rounds."""

    def __init__(self, server, workspace):
        self.server, self.workspace = server, workspace
        self.acknowledged = {}      # message id → errand
        self.uncertain = set()      # message ids that were never answered, and not sent again
        self.ended, self.maybe_ended = set(), set()
        self.places = collections.Counter()

    def take(self, clients, what):
        """Takes a round's clients in, sends half of what was lost again, and counts."""
        retried = 0
        for n, client in enumerate(clients):
            assert not client.problems, client.problems[:3]
            self.acknowledged.update(client.created)
            self.ended |= client.ended
            self.maybe_ended |= client.maybe_ended
            for message_id in client.unanswered:
                if n % 2:
                    self.uncertain.add(message_id)
                    continue
                # A client that lost our answer sends again; it must not make a second errand.
                status, document = client.create(message_id)
                assert status == 201, document
                self.acknowledged[message_id] = document["data"]["id"]
                retried += 1
        refused = sum((client.refused for client in clients), collections.Counter())
        say(f"{what}: {sum(len(client.created) for client in clients)} answered, "
              f"{sum(len(client.unanswered) for client in clients)} not ({retried} sent again), "
              f"{len(self.ended)} ended so far, refused {dict(refused)}")
        no_offer_hangs(self.server)
        self.places += self.count()
        self.callbacks_arrive()

    def count(self):
        """Acknowledged once means exactly one; not acknowledged means none or one."""
        # Other tests may have used the same server.
        rows = [row for row in self.server.database.rows(ERRANDS) if row["workspace"] == self.workspace.name]
        found = collections.defaultdict(list)
        for row in rows:
            found[row["message_id"]].append(row)
        places = collections.Counter()
        for message_id, errand in self.acknowledged.items():
            assert len(found[message_id]) == 1, f"{message_id}: {found[message_id]}"
            row = found[message_id][0]
            assert str(row["id"]) == errand, f"{message_id} was answered with {errand} and is {row}"
            where = place(row)
            if errand in self.ended:
                assert where == "ended", f"{errand} was ended and is in {where}"
            elif errand not in self.maybe_ended:
                assert where != "ended", f"nobody ended {errand}: {row}"
                places[where] += 1
        for message_id in self.uncertain:
            assert len(found[message_id]) <= 1, f"{message_id}: {found[message_id]}"
        unknown = set(found) - set(self.acknowledged) - self.uncertain
        assert not unknown, f"errands that nobody sent: {sorted(unknown)[:5]}"
        say(f"  {len(rows)} errands in the rows; open ones {dict(places)}")
        return places

    def callbacks_arrive(self):
        """Each answered end reaches the receiver; again, where the server died between, but as the same event."""
        events = collections.defaultdict(set)

        def all_arrived():
            events.clear()
            for record in self.workspace.callbacks():
                document = json.loads(record["body"])["data"]
                events[document["relationships"]["errand"]["data"]["id"]].add(document["id"])
            return self.ended <= set(events)

        wait_for("the due callbacks", all_arrived)
        twice = {errand: ids for errand, ids in events.items() if len(ids) != 1}
        assert not twice, f"more than one event for an answer: {twice}"
        assert set(events) <= self.maybe_ended, "a callback for an errand that nobody ended"
        say(f"  callbacks for {len(events)} errands, {len(self.ended)} due")


def strike_rounds(server, make_workspace, receiver, desks, strike, revive, lives=False):
    """Rounds of load, `strike` at a random moment, `revive`, and the count. `lives`: the server itself."""
    seed = int(os.environ.get("SWITCHBOARD_TEST_SEED", random.randrange(1_000_000)))
    say(f"SWITCHBOARD_TEST_SEED={seed}")
    chance = random.Random(seed)
    workspace = make_workspace(offer_timeout_s=OFFER_TIMEOUT_S, capacity=50)
    receiver.behave(pause_s=0.02)  # so that callbacks are under way when the server dies
    agents = [desks(workspace, "ana"), desks(workspace, "bo")]
    for agent in agents:
        agent.go_ready()
    tally = Tally(server, workspace)

    for round in range(1, ROUNDS + 1):
        clients = [LoadClient(workspace, f"round{round}-client{n}") for n in range(CLIENTS)]
        for client in clients:
            client.start()
        wait_for("the first answers", lambda: sum(len(client.created) for client in clients) > CLIENTS)
        strike_at = time.monotonic() + chance.uniform(*LOAD_S)
        while time.monotonic() < strike_at:
            for agent in agents:
                agent.keep_working()
        strike()
        revive()
        for client in clients:
            client.stopping.set()
        for client in clients:
            client.join()
        assert not lives or not any(client.lost for client in clients), [client.lost for client in clients]
        tally.take(clients, f"round {round}")

        # The sessions outlived the server, and the queue goes on.
        for agent in agents:
            agent.open()
            expect(agent.part("presence")).to_be_visible()

    say(f"open errands were found {dict(tally.places)}, {len(tally.acknowledged)} acknowledged in all")
    assert tally.places["queue"] > 0 and tally.places["agent"] > 0, "the load never got where the kill hurts"

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
