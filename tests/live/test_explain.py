# switchboard explain and switchboard replay: beside a running server and without one, on both engines.
import http.client
import json
import re
import urllib.parse

import pytest

from harness.cention import CentionClient
from harness.database import ENGINES
from harness.process import Serving, run
from live.test_operations import refused

PASSWORD = "a demo passphrase"
FAR = 4_102_444_800_000  # the year 2100, in ms
CENTER = f"""
workspace: acme
skills: [german]
agents:
  - {{login_name: ana, user_name: Ana Alm, password: {PASSWORD}, capacity: {{errand: 1}}}}
  - {{login_name: bo, user_name: Bo Alm, password: {PASSWORD}, skills: [german]}}
areas:
  - {{name: Support}}
  - {{name: German, required_skills: [german]}}
agent_groups:
  - {{name: Helpers, agents: [ana], areas: [Support, German]}}
  - {{name: Germans, agents: [bo], areas: [German]}}
access_tokens:
  - {{name: support, key: k, claims: [create_errand], channel: form, area: Support}}
  - {{name: german, key: k, claims: [create_errand], channel: form, area: German}}
"""


@pytest.fixture(params=list(ENGINES))
def database(request, tmp_path):
    database = ENGINES[request.param](tmp_path / "data")
    yield database
    database.drop()


def timeless(sentences):
    """Without how long ago something was, which a second run may tell otherwise."""
    return re.sub(r" \([^()]* ago\)", "", sentences).splitlines()


class Seat:
    """An agent's desk without a browser."""

    def __init__(self, url, login_name):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
        self.headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._ask("POST", "sign-in", {"login_name": login_name, "password": PASSWORD})
        self.csrf = re.search(r'data-csrf="([^"]+)"', self.page())[1]

    def page(self):
        return self._ask("GET", "")

    def post(self, path, **fields):
        return self._ask("POST", path, {"csrf": self.csrf, **fields})

    def answer_offer(self, how):
        item, epoch = re.search(r'data-offer="(\d+):(\d+)"', self.page()).groups()
        self.post(f"offers/{item}/{how}", epoch=epoch)

    def _ask(self, method, path, fields=None):
        address = "/s/acme/desk" + (f"/{path}" if path else "")
        body = urllib.parse.urlencode(fields) if fields else None
        self.connection.request(method, address, body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        assert answer.status in (200, 303), (path, answer.status, text)
        if cookie := answer.headers["Set-Cookie"]:
            self.headers["Cookie"] = cookie.split(";")[0]
        return text


def test_why(tmp_path, database):
    store = ["--data", tmp_path / "data", *database.options]

    def explain(kind, name, *more):
        done = run("explain", kind, name, "--json", *store, *more)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        plain = run("explain", kind, name, *store, *more)
        assert timeless(plain.stdout) == timeless("\n".join(told["sentences"]))
        return told["causes"], " ".join(told["sentences"])

    def replay(*more):
        done = run("replay", *store, *more)
        return done.returncode, done.stdout + done.stderr

    if database.name == "sqlite":
        assert refused("explain", "errand", "1", *store) == (
            f"There is no database {tmp_path}/data/switchboard.sqlite.")
    center = tmp_path / "center.yaml"
    center.write_text(CENTER)
    with Serving(tmp_path / "server.log", *store, "--listen", "127.0.0.1:0") as serving:
        done = run("provision", center, *store)
        assert done.returncode == 0, done.stderr
        tokens = json.loads(done.stdout)["access_tokens"]

        def arrives(area):
            client = CentionClient(serving.url, "acme", tokens[area])
            status, document = client.create_errand("S", "B")
            assert status == 201, document
            return document["data"]["id"]

        first = arrives("support")
        causes, words = explain("errand", first)
        assert causes == ["waiting", "nobody_signed_in"]
        assert "Nobody is signed in: 1 agent serves Support, and none of them is there." in words
        assert explain("agent", "ana@acme")[0] == ["signed_out"]

        ana = Seat(serving.url, "ana")
        ana.post("presence", to="ready")
        causes, words = explain("errand", first)
        assert causes == ["offered"]
        assert "the router chose Ana Alm: nobody else could take it." in words
        ana.answer_offer("accept")
        assert explain("errand", first)[0] == ["in_hand"]

        waiting = arrives("support")
        assert explain("errand", waiting)[0] == ["waiting", "all_busy"]
        causes, words = explain("agent", "ana", "--workspace", "acme")
        assert causes == ["full"]
        assert "Ana Alm has 1 errand in hand and may have 1." in words

        german = arrives("german")
        causes, words = explain("errand", german)
        assert causes == ["waiting", "skill_missing"]
        assert "It needs the skill german." in words
        assert explain("agent", "ana")[0] == ["full", "skill_missing"]

        bo = Seat(serving.url, "bo")
        bo.post("presence", to="ready")
        bo.answer_offer("decline")
        causes, words = explain("errand", german)
        assert causes == ["waiting", "reoffer_pause"]
        assert "It is kept from Bo Alm until" in words
        assert explain("agent", "bo")[0] == ["reoffer_pause"]

        urgent = arrives("support")
        ana.post(f"errands/{urgent}/priority", priority=1)
        causes, words = explain("errand", waiting)
        assert causes == ["waiting", "all_busy", "lower_priority"]
        assert "It is number 2 in Support. Ahead of it: 1 of a higher priority class." in words

        assert refused("explain", "errand", "99", *store) == "There is no errand 99 in the workspace acme."
        assert refused("explain", "agent", "eve", *store) == "There is no agent eve in the workspace acme."
        assert refused("explain", "agent", "ana@nope", *store) == "There is no workspace 'nope' here."
        assert refused("explain", "errand", "x", *store) == "An errand is named by its number."
        code, said = replay()
        assert code == 0 and said.endswith("every answer is the same.\n"), said
        assert serving.stop() == 0

    # Without a server; what no file can ask for yet, by hand in the rows.
    assert explain("errand", waiting)[0] == ["waiting", "all_busy", "lower_priority"]
    code, said = replay("--from", "start", "--workspace", "acme")
    assert code == 0 and re.match(r"acme: \d+ batches with \d+ inputs played, from ", said), said
    database.execute("UPDATE work_item SET pauses = '' WHERE noun_id = " + german)
    database.execute(f"UPDATE agent_state SET guard_until = {FAR} WHERE presence = 2")
    causes, words = explain("errand", german)
    assert causes == ["waiting", "in_guard"]
    assert "wrap-up or guard time" in words
    assert explain("agent", "bo")[0] == ["guard"]
    database.execute(f"UPDATE work_item SET state = 5, until_at = {FAR} WHERE noun_id = " + german)
    causes, words = explain("errand", german)
    assert causes == ["ringing", "queue_closed"]
    assert "German is full or closed and did not take it" in words

    # A row that somebody changed.
    zero = "x'00'" if database.name == "sqlite" else "'\\x00'::bytea"
    database.execute(f"UPDATE router_input SET inputs = {zero} WHERE batch = 5")
    code, said = replay("--from", "start")
    assert code == 1 and "DIFFERENT: batch 5: its row is not as it was written" in said, said
    assert refused("replay", "--from", "noon", *store) == "--from: 'noon' is no time such as 2026-03-31T08:00:00Z."


def test_replay_goes_on_over_kill_and_restart(tmp_path, database):
    store = ["--data", tmp_path / "data", *database.options]
    center = tmp_path / "center.yaml"
    center.write_text(CENTER)
    token = None
    for round in range(3):
        with Serving(tmp_path / f"server{round}.log", *store, "--listen", "127.0.0.1:0") as serving:
            done = run("provision", center, *store)
            assert done.returncode == 0, done.stderr
            token = json.loads(done.stdout)["access_tokens"].get("support") or token
            client = CentionClient(serving.url, "acme", token)
            for number in range(20):
                assert client.create_errand(f"S{number}", "B")[0] == 201
            bo = Seat(serving.url, "bo")
            bo.post("presence", to="ready")
            serving.kill()
    done = run("replay", "--from", "start", *store)
    assert done.returncode == 0, done.stdout
    assert " from 3 snapshots; every answer is the same." in done.stdout
    played = int(re.match(r"acme: (\d+) batches", done.stdout)[1])
    assert played == database.rows("SELECT COUNT(*) AS n FROM router_input")[0]["n"]
