# The metrics listener as an operator meets it: where it listens, what it refuses, what a standby tells.
import http.server
import itertools
import re
import socket
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from harness import metrics
from harness.cention import CentionClient
from harness.process import Serving, run
from harness.waiting import wait_for
from live.test_standby import create, database, pair  # noqa: F401 (a fixture)
from live.test_tls import provision

ROOT = Path(__file__).parents[2]


def serve(tmp_path, *options, **more):
    return Serving(tmp_path / "log", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", *options, **more)


def status(url, method="GET"):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code


@pytest.fixture
def taken():
    """A port that something else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_metrics_have_an_address_of_their_own(tmp_path):
    with serve(tmp_path) as serving:
        serving.heard("metrics at ")
        base = serving.metrics.removesuffix("/metrics")
        assert not base.endswith(f":{serving.port}")
        with urllib.request.urlopen(serving.metrics, timeout=60) as answer:
            assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
            text = answer.read().decode()
        assert "# TYPE switchboard_invariant_violations_total counter" in text
        assert status(base + "/") == 404 and status(serving.metrics, "POST") == 405
        assert status(serving.url + "/metrics") == 404
        assert serving.stop() == 0


def test_metrics_tell_of_work_and_of_nobody(tmp_path):
    with serve(tmp_path) as serving:
        token = provision(tmp_path, serving)
        serving.heard("metrics at ")
        client = CentionClient(serving.url, "acme", token)
        for n in range(3):
            assert client.create_errand(f"Lamp {n}", "Where is it?", name="Maria Lund")[0] == 201

        def told():
            page = metrics.scrape(serving.metrics)
            waiting = [value for name, value in page.items() if name.startswith("switchboard_waiting_items")]
            return page if sum(waiting) == 3 else None

        page = wait_for("three waiting items", told)
        assert page['switchboard_http_requests_total{dialect="cention",class="2xx"}'] == 3
        assert page['switchboard_role{role="owner"}'] == 1 and page['switchboard_role{role="standby"}'] == 0
        assert page["switchboard_writer_commit_seconds_count"] >= 3
        wait_for("a wait", lambda: any(
            value > 0 for name, value in metrics.scrape(serving.metrics).items()
            if name.startswith("switchboard_oldest_wait_seconds")))
        with urllib.request.urlopen(serving.metrics, timeout=60) as answer:
            text = answer.read().decode()
        for secret in (token, "Maria", "maria", "acme", "Lamp", "Support", str(tmp_path)):
            assert secret not in text, secret
        # A scrape is no news.
        assert "/metrics 200" not in serving.said()
        assert serving.stop() == 0


def test_the_standard_port_may_be_taken(tmp_path):
    try:
        holder = socket.create_server(("127.0.0.1", 9464))
    except OSError:
        holder = None  # then something else has it, which is as good
    try:
        environment = {"SWITCHBOARD_METRICS_LISTEN": None}
        with serve(tmp_path, env=environment) as serving:
            serving.heard("there are no metrics: Something else listens on 127.0.0.1:9464; ")
            assert status(serving.url + "/readyz") == 200
            assert serving.metrics is None
            assert serving.stop() == 0
    finally:
        if holder:
            holder.close()


def test_a_port_that_was_asked_for_must_be_free(tmp_path, taken):
    done = run("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", "--metrics-listen", f"127.0.0.1:{taken}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"Error: Something else listens on 127.0.0.1:{taken}; choose another address with --metrics-listen, or off.")


def test_off_is_off(tmp_path):
    with serve(tmp_path, "--metrics-listen", "off") as serving:
        assert status(serving.url + "/readyz") == 200
        assert serving.stop() == 0
        assert "metrics" not in serving.said()


@pytest.mark.parametrize("text, said", [
    ("nowhere", "--metrics-listen: 'nowhere' is no address to listen on; write it like 127.0.0.1:9464, or off."),
    (":9464", "--metrics-listen: ':9464' would show the metrics to every network; "
              "write 0.0.0.0:9464 if that is meant, or 127.0.0.1:9464."),
])
def test_a_wrong_address_is_a_sentence(tmp_path, text, said):
    done = run("serve", "--data", tmp_path / "data", "--metrics-listen", text)
    assert done.returncode == 1 and done.stderr == f"Error: {said}\n"


def test_another_network_must_be_asked_for_and_is_warned_of(tmp_path):
    file = tmp_path / "switchboard.yaml"
    file.write_text("metrics_listen: 0.0.0.0:0\n")
    with serve(tmp_path, "--config", file, env={"SWITCHBOARD_METRICS_LISTEN": None}) as serving:
        serving.heard("metrics at http://0.0.0.0:")
        serving.heard("can read the metrics")
        assert serving.stop() == 0


class Page(http.server.BaseHTTPRequestHandler):
    """A server that tells of two invariants, and of one more look each time."""

    broken, looks = 0, itertools.count()

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write((
            f'# TYPE x counter\nswitchboard_role{{role="standby"}} 0\nswitchboard_store_away 0\n'
            f'{metrics.LOOKS} {next(self.looks)}\n{metrics.VIOLATIONS}{{invariant="overdue"}} 0\n'
            f'{metrics.VIOLATIONS}{{invariant="booksWrong"}} {self.broken}\n').encode())

    def log_message(self, *_):
        pass


def test_the_harness_sees_what_is_broken():
    with http.server.HTTPServer(("127.0.0.1", 0), Page) as told:
        threading.Thread(target=told.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{told.server_port}/metrics"
        metrics.nothing_is_broken(url)
        Page.broken = 2
        with pytest.raises(AssertionError, match="booksWrong"):
            metrics.nothing_is_broken(url)
        told.shutdown()


def test_the_docs_name_every_metric(tmp_path):
    section = (ROOT / "docs/operations.md").read_text().split("\n## Metrics\n")[1].split("\n## ")[0]
    named = {name for row in re.findall(r"^\| (`.*?) \|", section, re.M) for name in re.findall(r"`(\w+)`", row)}
    with serve(tmp_path) as serving:
        provision(tmp_path, serving)
        serving.heard("metrics at ")

        def told():
            with urllib.request.urlopen(serving.metrics, timeout=60) as answer:
                found = set(re.findall(r"^# TYPE (\w+) ", answer.read().decode(), re.M))
            return found if "switchboard_callbacks_waiting" in found else None

        # What waits for callbacks is read beside everything else, and told from then on.
        assert wait_for("all metrics", told) == named
        assert serving.stop() == 0


def test_a_standby_tells_its_role_and_then_the_owners_figures(tmp_path, database):  # noqa: F811
    with pair(tmp_path, database) as (owner, standby, token):
        standby.heard("metrics at ")
        page = metrics.scrape(standby.metrics)
        assert page['switchboard_role{role="owner"}'] == 0 and page['switchboard_role{role="standby"}'] == 1
        assert not [name for name in page if name.startswith(metrics.VIOLATIONS)]
        before = page["process_start_time_seconds"]
        assert owner.stop() == 0
        standby.heard(" serves ")
        standby.heard("metrics at ", times=2)
        page = metrics.scrape(standby.metrics)
        assert page['switchboard_role{role="owner"}'] == 1 and page["process_start_time_seconds"] == before
        create(standby, token, "first@example.com")
        assert standby.stop() == 0
