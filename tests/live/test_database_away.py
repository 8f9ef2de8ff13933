# PostgreSQL stops and comes back while the server lives: 503 with Retry-After meanwhile, never 500, never a hang,
# and nothing that was acknowledged is lost or there twice.
import signal


from conftest import PASSWORD
from harness.browsing import Browsing
from harness.waiting import wait_for
from live.load import CLIENTS, OFFER_TIMEOUT_S, LoadClient, Tally
from live.test_kill_database import cluster, server  # noqa: F401 (fixtures)

ERRANDS_MAX = 100_000  # the clients end when they are told to
MORE = 30


def away(server):
    status, said = server.readiness()
    return said if status == 503 else None


def test_an_idle_server_knows_that_its_database_is_away(server, cluster, make_workspace):  # noqa: F811
    client = make_workspace().client()
    assert server.readiness() == (200, "ready\n")
    cluster.stop()
    assert wait_for("/readyz to say no", lambda: away(server)).startswith("not ready: ")
    cluster.start()
    wait_for("the server to serve again", lambda: server.readiness() == (200, "ready\n"))
    # Nobody's request is needed to find that out.
    assert client.create_errand("First", "after the restart")[0] == 201


def test_restarts_under_load(server, cluster, make_workspace, receiver):  # noqa: F811
    workspace = make_workspace(offer_timeout_s=OFFER_TIMEOUT_S)
    receiver.behave()
    browsing = Browsing(server.url, workspace.name, "ana", PASSWORD)
    tally = Tally(server, workspace)
    clients = [LoadClient(workspace, f"client{n}", ERRANDS_MAX) for n in range(CLIENTS)]

    def answers():
        return sum(len(client.created) for client in clients)

    def refusals():
        return sum(client.refused[503] for client in clients)

    def stay_away():
        """Until everybody has noticed."""
        refused = refusals()
        assert wait_for("/readyz to say no", lambda: away(server)).startswith("not ready: ")
        wait_for("refused requests", lambda: refusals() > refused + CLIENTS)
        status, page = browsing.get("")
        assert status == 503 and "away" in page, page
        status, page = browsing.post("/presence", to="ready")
        assert status == 503 and "away" in page, page

    def restart():
        cluster.stop()
        cluster.start()

    def stop_at_once():
        cluster.stop(signal.SIGQUIT)
        stay_away()
        cluster.start()

    def die():
        cluster.kill()
        stay_away()
        cluster.start()

    for client in clients:
        client.start()
    for strike in (restart, cluster.kill_session, stop_at_once, restart, die):
        before = answers()
        wait_for("load", lambda: answers() > before + MORE or not any(client.is_alive() for client in clients))
        before = answers()
        strike()
        # Each client gets on by itself.
        counts = [len(client.created) for client in clients]
        wait_for(f"the load to go on after {strike.__name__}", lambda: all(
            len(client.created) > count + 1 or not client.is_alive() for client, count in zip(clients, counts)))
        assert all(client.lost is None for client in clients), [repr(client.lost) for client in clients]
        wait_for("the server to be ready", lambda: server.readiness()[0] == 200)
        assert browsing.get("")[0] == 200, "the session is over"
    for client in clients:
        client.stopping.set()
    for client in clients:
        client.join()
    tally.take(clients, "five restarts")
    assert server.process.poll() is None
    assert "could not be answered" not in server.log.read_text()
