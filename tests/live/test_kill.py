# kill -9 under load, restart, count: what was answered 201 is there once, and what was due still goes out.
from live.load import strike_rounds


def test_kill_under_load(server, make_workspace, receiver, desks):
    strike_rounds(server, make_workspace, receiver, desks, server.kill, server.start)
