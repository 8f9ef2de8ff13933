# A desk that is closed: its agent takes no more offers after a while, and says so when the desk is back.
import pytest
from harness.desk import NOT_READY, READY
from harness.server import Server
from playwright.sync_api import expect

AWAY_MS = 4_000


@pytest.fixture(scope="module")
def server(engine):
    """A server that misses a desk after seconds, not after a minute."""
    server = Server(engine, test_desk_away_ms=AWAY_MS)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        server.clear()


def create(client, subject):
    status, document = client.create_errand(subject, "Hello?")
    assert status == 201, document


def test_a_closed_tab_hands_the_offer_on_and_the_agent_is_told_why(make_workspace, desks):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    ana.go_ready()
    bo = desks(workspace, "bo")
    bo.go_ready()
    create(workspace.client(), "Is anybody there?")
    expect(ana.part("offer")).to_be_visible()

    ana.page.close()

    # The offer itself would stand for ten minutes.
    expect(bo.part("offer")).to_be_visible()
    ana.page = ana.context.new_page()
    ana.open()
    expect(ana.part("presence")).to_have_text(NOT_READY)
    expect(ana.part("notice").first).to_contain_text("your desk was closed")
    ana.go_ready()
    create(workspace.client(), "And now?")
    expect(ana.part("offer")).to_be_visible()


def test_going_from_page_to_page_and_a_second_window_are_no_absence(make_workspace, desks):
    workspace = make_workspace()
    bo = desks(workspace, "bo")
    bo.go_ready()
    ana = desks(workspace, "ana")
    ana.go_ready()
    for _ in range(5):
        ana.open()
        expect(ana.part("presence")).to_have_text(READY)
    create(workspace.client(), "Who is there?")
    expect(bo.part("offer")).to_be_visible()
    second = ana.context.new_page()
    second.goto(ana.url)
    ana.page.close()
    ana.page = second
    expect(ana.part("presence")).to_have_text(READY)

    bo.page.close()

    # Bo is missed, later than ana would have been with her first window.
    expect(ana.part("offer")).to_be_visible()
    expect(ana.part("presence")).to_have_text(READY)
