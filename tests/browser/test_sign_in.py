# Signing in, and everything that ends a session, in a real browser.
import re

from harness.desk import NOT_READY
from playwright.sync_api import expect

PASSWORD = "a demo passphrase"
FRESH = "quite another passphrase"
FAILURES_FREE = 5


def create(workspace, subject):
    status, document = workspace.client().create_errand(subject, "Hello")
    assert status == 201, document
    return document["data"]["id"]


def live(desk):
    expect(desk.part("live")).to_have_text("live")


def form(desk):
    return desk.page.locator("form[data-test=sign-in]")


def sign_in_here(desk, password=PASSWORD):
    """On the sign-in page that is open."""
    form(desk).locator("[name=login_name]").fill(desk.login_name)
    form(desk).locator("[name=password]").fill(password)
    form(desk).locator("[name=password]").press("Enter")


def lose_session(desk):
    """What the browser holds is no session any more."""
    cookie = next(c for c in desk.context.cookies() if c["name"] == "switchboard_session")
    desk.context.add_cookies([cookie | {"value": "ended"}])


def pin(desk, name, ms):
    """The page is told a nearer end, whatever the server says each time it is asked."""
    desk.page.evaluate(
        """([name, ms]) => {
            const until = Date.now() + ms;
            window.pinned = setInterval(() => (document.body.dataset[name] = until), 20);
        }""", [name, ms])


def unpin(desk):
    desk.page.evaluate("clearInterval(window.pinned)")


def test_a_session_that_ended_leads_back_to_the_page(make_workspace, desks):
    workspace = make_workspace()
    errand = create(workspace, "Where we were")
    ana = desks(workspace, "ana")
    live(ana)
    lose_session(ana)
    ana.page.goto(f"{ana.url}/errands/{errand}")
    expect(ana.part("notice")).to_contain_text("Your session has ended")
    sign_in_here(ana, password="not the passphrase")
    expect(ana.part("notice")).to_have_text("The name or the password is not right.")
    sign_in_here(ana)
    expect(ana.part("subject")).to_have_text("Where we were")
    assert ana.page.url == f"{ana.url}/errands/{errand}"


def test_an_open_page_notices_that_its_session_ended(make_workspace, desks):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    live(ana)
    ana.page.goto(f"{ana.url}/areas/1?list=closed")
    live(ana)
    lose_session(ana)
    create(workspace, "Something happens")
    expect(form(ana)).to_be_visible()
    sign_in_here(ana)
    expect(ana.page).to_have_url(f"{ana.url}/areas/1?list=closed")


def test_what_was_typed_is_not_lost_with_the_session(make_workspace, desks):
    workspace = make_workspace()
    errand = create(workspace, "A long answer")
    ana = desks(workspace, "ana")
    live(ana)
    ana.page.goto(f"{ana.url}/errands/{errand}")
    ana.part("take").click()
    live(ana)
    ana.part("answer-body").click()
    ana.page.keyboard.type("Dear customer")
    lose_session(ana)
    ana.part("answer-and-close").click()
    expect(ana.part("notice")).to_contain_text("Your session has ended")
    sign_in_here(ana)
    expect(ana.part("subject")).to_have_text("A long answer")
    box = ana.part("answer-body")
    text = "element => element.value ?? element.innerText"
    expect(box).to_be_visible()
    assert "Dear customer" in box.evaluate(text)


def test_a_warning_comes_before_the_end_and_can_be_answered(make_workspace, desks):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    live(ana)
    pin(ana, "idleUntil", 60_000)
    expect(ana.part("leaving")).to_contain_text("You will be signed out in 60 seconds.")
    unpin(ana)
    with ana.page.expect_response(re.compile(r"/stay$")) as answer:
        ana.part("stay").click()
    assert answer.value.status == 204
    expect(ana.part("leaving")).to_be_hidden()
    pin(ana, "overAt", 300_000)
    expect(ana.part("leaving")).to_contain_text("Your session ends in 5 minutes.")
    expect(ana.part("stay")).to_be_hidden()


def test_failures_lock_and_the_page_tells_how_long(make_workspace, desks):
    workspace = make_workspace()
    for login_name in ["ana", "nobody"]:
        stranger = desks(workspace, login_name, password="a guess")
        for _ in range(FAILURES_FREE - 1):
            expect(stranger.part("notice")).to_have_text("The name or the password is not right.")
            sign_in_here(stranger, password="a guess")
        sign_in_here(stranger)
        expect(stranger.part("notice")).to_have_text(
            re.compile(r"^Too many sign-ins failed\. Wait \d+ seconds, then try again\.$"))
    bo = desks(workspace, "bo")
    expect(bo.part("presence")).to_have_text(NOT_READY)


def test_a_changed_password_ends_the_other_browser_at_once(make_workspace, desks):
    workspace = make_workspace()
    here = desks(workspace, "ana")
    live(here)
    elsewhere = desks(workspace, "ana")
    live(elsewhere)
    here.part("account").click()
    live(here)
    change = here.page.locator("form[data-test=password]")
    for name, text in [("old", PASSWORD), ("new", FRESH), ("again", FRESH)]:
        change.locator(f"[name={name}]").fill(text)
    change.get_by_role("button").click()
    expect(here.part("notice")).to_have_text(
        "Your password is changed. You are signed out everywhere else.")
    expect(form(elsewhere)).to_be_visible()
    sign_in_here(elsewhere)
    expect(elsewhere.part("notice")).to_have_text("The name or the password is not right.")
    sign_in_here(elsewhere, password=FRESH)
    expect(elsewhere.part("presence")).to_have_text(NOT_READY)


def test_sessions_and_locks_survive_a_restart(make_workspace, desks, server):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    live(ana)
    ana.plant_mark()
    bo = desks(workspace, "bo", password="a guess")
    for _ in range(FAILURES_FREE + 2):
        expect(bo.part("notice")).to_be_visible()
        sign_in_here(bo, password="a guess")
    expect(bo.part("notice")).to_contain_text("Too many sign-ins failed.")
    server.stop()
    server.start()
    live(ana)
    ana.go_ready()
    create(workspace, "After the restart")
    expect(ana.part("offer")).to_be_visible()
    assert ana.has_mark(), "the page was reloaded"
    bo.page.goto(f"{bo.url}/sign-in")
    sign_in_here(bo)
    expect(bo.part("notice")).to_contain_text("Too many sign-ins failed.")
