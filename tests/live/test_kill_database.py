# kill -9 for PostgreSQL under load: the server lives on, says 503, comes back by itself, and has lost nothing.
import pytest

from harness.cluster import Cluster
from harness.server import Server
from harness.waiting import wait_for
from live.load import strike_rounds


@pytest.fixture(scope="module")
def cluster():
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.clear()


@pytest.fixture(scope="module")
def server(cluster):
    server = Server(cluster.database)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        server.clear()


def test_kill_the_database_under_load(server, cluster, make_workspace, receiver, desks):
    process = server.process.pid

    def revive():
        wait_for("the server to say that it cannot serve", lambda: server.readiness()[0] == 503)
        cluster.start()
        wait_for("the server to serve again", lambda: server.readiness()[0] == 200)

    strike_rounds(server, make_workspace, receiver, desks, cluster.kill, revive, lives=True)
    assert server.process.poll() is None and server.process.pid == process
