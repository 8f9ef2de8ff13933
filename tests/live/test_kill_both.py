# kill -9 for the server and for PostgreSQL in the same moment, under load.
import pytest

from harness.cluster import Cluster
from harness.server import Server
from live.load import strike_rounds
from live.test_kill_database import cluster, server  # noqa: F401 (fixtures)


def test_kill_both_under_load(server, cluster, make_workspace, receiver, desks):  # noqa: F811
    def strike():
        server.process.kill()
        cluster.kill()
        server.kill()

    def revive():
        cluster.start()
        server.start()

    strike_rounds(server, make_workspace, receiver, desks, strike, revive)
