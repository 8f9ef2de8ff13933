# Lists in a real browser: worked by keyboard alone, following events without moving under the hand.
import re

import pytest
from harness.desk import NOT_READY, READY, WAIT_MAX_MS
from playwright.sync_api import expect

PASSWORD = "a demo passphrase"
PAGE_MAX = 50


def create(workspace, *subjects):
    client = workspace.client()
    ids = []
    for subject in subjects:
        status, document = client.create_errand(subject, "Hello")
        assert status == 201, document
        ids.append(document["data"]["id"])
    return ids


def keys(desk, *pressed):
    for key in pressed:
        desk.page.keyboard.press(key)


def rows(desk):
    return desk.part("area-errand")


def focused(desk):
    return desk.page.evaluate("document.activeElement.textContent.trim()")


def live(desk):
    expect(desk.part("live")).to_have_text("live")


def to_the_list(desk):
    """From anywhere to the list of the one area, by keyboard."""
    keys(desk, "g", "a")
    expect(desk.part("area")).to_have_count(1)
    # The lines come with the page; what hears the keys comes with the script after it.
    live(desk)
    keys(desk, "j", "Enter")
    expect(desk.page.get_by_role("heading", level=1, name="Support")).to_be_visible()
    live(desk)


def test_a_list_is_worked_by_keyboard_alone(make_workspace, desks):
    workspace = make_workspace()
    create(workspace, "First", "Second", "Third")
    ana = desks(workspace, "ana")
    live(ana)
    to_the_list(ana)
    expect(rows(ana)).to_have_count(3)

    keys(ana, "j")
    assert focused(ana) == "First"
    keys(ana, "j", "j", "j")
    assert focused(ana) == "Third", "the end of the list is passed"
    keys(ana, "k")
    assert focused(ana) == "Second"
    keys(ana, "Enter")
    expect(ana.part("subject")).to_have_text("Second")
    live(ana)
    # What is on the page is taken with the same key as what is in the list.
    keys(ana, "t")
    expect(ana.part("answer-body")).to_be_visible()
    live(ana)

    to_the_list(ana)
    expect(rows(ana)).to_have_count(2)
    keys(ana, "j", "j", "t")
    expect(ana.part("subject")).to_have_text("Third")
    live(ana)
    keys(ana, "g", "m")
    expect(rows(ana)).to_have_count(2)
    live(ana)
    keys(ana, "2")
    expect(ana.part("nothing")).to_have_text("You have not closed an errand yet.")
    live(ana)
    keys(ana, "g", "h")
    expect(ana.page.get_by_role("heading", level=1)).to_have_text("Choose an errand")
    live(ana)
    # Without a list on the page the keys walk along the column beside it.
    keys(ana, "j", "Enter")
    expect(ana.part("subject")).to_have_text("Second")


def test_offers_are_answered_by_keyboard(make_workspace, desks):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    live(ana)
    keys(ana, "r")
    expect(ana.part("presence")).to_have_text(READY)
    keys(ana, "r")
    expect(ana.part("presence")).to_have_text(NOT_READY)
    keys(ana, "r")
    expect(ana.part("presence")).to_have_text(READY)
    create(workspace, "To be declined")
    bo = desks(workspace, "bo")
    live(bo)
    expect(ana.part("offer")).to_be_visible()
    keys(bo, "r")
    expect(bo.part("presence")).to_have_text(READY)
    keys(ana, "d")
    expect(bo.part("offer")).to_be_visible()
    expect(ana.part("offer")).to_have_count(0)
    keys(bo, "a")
    expect(bo.part("subject")).to_have_text("To be declined")


def test_no_key_fires_while_somebody_types(make_workspace, desks):
    workspace = make_workspace()
    create(workspace, "One", "Two")
    ana = desks(workspace, "ana")
    live(ana)
    to_the_list(ana)
    ana.plant_mark()
    keys(ana, "/")
    box = ana.page.get_by_label("Customer’s address")
    expect(box).to_be_focused()
    ana.page.keyboard.type("jkrad?tgh/u1")
    expect(box).to_have_value("jkrad?tgh/u1")
    expect(ana.part("keys")).to_have_count(0)
    expect(ana.part("presence")).to_have_text(NOT_READY)
    channel = ana.page.get_by_label("Channel")
    channel.focus()
    keys(ana, "r", "t")
    expect(ana.part("presence")).to_have_text(NOT_READY)
    # With a modifier a key is the browser's.
    ana.page.evaluate("document.activeElement.blur()")
    keys(ana, "Alt+r", "Meta+a")
    expect(ana.part("presence")).to_have_text(NOT_READY)
    assert ana.has_mark(), "a key left the page"
    # Escape leaves the field, then keys are keys again.
    box.focus()
    keys(ana, "Escape", "j", "t")
    expect(ana.part("subject")).to_have_text("One")
    live(ana)
    ana.part("answer-body").click()
    ana.page.keyboard.type("rad ? j g h")
    expect(ana.part("keys")).to_have_count(0)
    expect(ana.part("presence")).to_have_text(NOT_READY)
    expect(ana.part("subject")).to_have_text("One")


def test_the_sheet_lists_the_keys_and_turns_them_off(make_workspace, desks):
    workspace = make_workspace()
    create(workspace, "One")
    ana = desks(workspace, "ana")
    live(ana)
    keys(ana, "?")
    sheet = ana.part("keys")
    expect(sheet).to_be_visible()
    expect(sheet).to_have_attribute("aria-labelledby", "keys-title")
    expect(sheet.get_by_role("button", name="Close")).to_be_focused()
    listed = set(sheet.locator("dt").all_inner_texts())
    assert {re.sub(r"\s+", " ", text).strip() for text in listed} >= {
        "r", "a", "d", "w", "j", "k", "Enter", "t", "/", "u", "n", "p", "g h", "g m", "g a", "g p", "?", "Esc"}
    # Behind the sheet nothing happens.
    keys(ana, "r")
    expect(ana.part("presence")).to_have_text(NOT_READY)
    # The focus stays in the sheet.
    for _ in range(4):
        keys(ana, "Tab")
        assert ana.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    keys(ana, "Escape")
    expect(sheet).to_be_hidden()

    ana.page.get_by_role("button", name="Keys").click()
    sheet.get_by_label("Single keys are on in this browser").uncheck()
    sheet.get_by_role("button", name="Close").click()
    keys(ana, "g", "a", "r", "?")
    expect(sheet).to_be_hidden()
    expect(ana.part("presence")).to_have_text(NOT_READY)
    assert ana.page.url == ana.url
    ana.open()
    live(ana)
    keys(ana, "r")
    ana.page.get_by_role("button", name="Keys").click()
    expect(ana.part("presence")).to_have_text(NOT_READY)
    sheet.get_by_label("Single keys are on in this browser").check()
    keys(ana, "Escape", "r")
    expect(ana.part("presence")).to_have_text(READY)


def test_the_focus_can_be_seen_wherever_it_goes(make_workspace, desks):
    workspace = make_workspace()
    create(workspace, "One", "Two")
    ana = desks(workspace, "ana")
    live(ana)
    to_the_list(ana)
    ana.page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(40):
        keys(ana, "Tab")
        name, outline, visible = ana.page.evaluate("""(() => {
            const element = document.activeElement;
            const style = getComputedStyle(element);
            return [element === document.body ? "BODY" : element.id || element.textContent.trim(),
                    parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none",
                    element.getBoundingClientRect().height > 0];
        })()""")
        if name == "BODY" or name in seen:
            break
        seen.append(name)
        assert outline and visible, f"the focus is not seen on {name}"
    assert {"Skip to the page", "account", "show-keys", "go-ready", "all-areas", "filters", "turn"} <= set(seen), seen
    assert sum(name.startswith("take-") for name in seen) == 2


def test_a_list_follows_events_without_moving(make_workspace, desks):
    workspace = make_workspace()
    first, second, third = create(workspace, "First", "Second", "Third")
    ana = desks(workspace, "ana")
    live(ana)
    to_the_list(ana)
    keys(ana, "j", "j", "j")
    ana.plant_mark()
    place = rows(ana).nth(2).bounding_box()

    create(workspace, "Fourth", "Fifth")
    news = ana.part("news")
    expect(news).to_have_text("2 new, show")
    expect(ana.page.locator("#count-new")).to_have_text("5")
    assert rows(ana).all_inner_texts()[0].startswith("First") and rows(ana).count() == 3
    assert rows(ana).nth(2).bounding_box() == place, "a row moved"

    bo = desks(workspace, "bo")
    bo.page.goto(f"{bo.url}/errands/{first}")
    bo.part("take").click()
    expect(rows(ana).first).to_contain_text("no longer in this list")
    expect(rows(ana).first.locator("[data-test=take-from-list]")).to_be_disabled()
    assert rows(ana).nth(2).bounding_box() == place, "a row moved"
    assert focused(ana) == "Third"

    keys(ana, "u")
    expect(rows(ana)).to_have_count(4)
    expect(news).to_be_hidden()
    assert focused(ana) == "Third", "the focus left its row"
    assert ana.has_mark(), "the page was reloaded"


def test_the_first_errand_appears_by_itself(make_workspace, desks):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    live(ana)
    to_the_list(ana)
    expect(ana.part("nothing")).to_be_visible()
    ana.plant_mark()
    create(workspace, "The first")
    expect(rows(ana)).to_have_count(1)
    assert ana.has_mark(), "the page was reloaded"


def test_what_another_took_is_not_taken_twice(make_workspace, desks):
    workspace = make_workspace()
    create(workspace, "Only one")
    ana = desks(workspace, "ana")
    bo = desks(workspace, "bo")
    live(bo)
    to_the_list(bo)
    # Ana's page knows nothing yet when she presses the button.
    ana.page.goto(f"{ana.url}/areas")
    live(ana)
    ana.page.evaluate("window.stop()")
    to_the_list(ana)
    ana.page.route("**/areas/*", lambda route: route.abort())
    bo.part("take-from-list").click()
    expect(bo.part("subject")).to_have_text("Only one")
    ana.part("take-from-list").click()
    expect(ana.part("notice").first).to_contain_text("Bo Alm has this errand in hand.")


def test_pages_are_turned_by_keyboard(make_workspace, desks):
    workspace = make_workspace()
    create(workspace, *[f"Errand {n}" for n in range(PAGE_MAX + 3)])
    ana = desks(workspace, "ana")
    live(ana)
    to_the_list(ana)
    expect(rows(ana)).to_have_count(PAGE_MAX)
    keys(ana, "n")
    expect(rows(ana)).to_have_count(3)
    live(ana)
    # One more at the end is on this page, behind the button.
    create(workspace, "Late")
    expect(ana.part("news")).to_have_text("1 new, show")
    ana.part("news").click()
    expect(rows(ana)).to_have_count(4)
    keys(ana, "p")
    expect(rows(ana)).to_have_count(PAGE_MAX)
    live(ana)
    # On a full page that is in order of arrival nothing new comes; the count tells of it.
    create(workspace, "Later still")
    expect(ana.page.locator("#count-new")).to_have_text(str(PAGE_MAX + 5))
    expect(ana.part("news")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_is_wider_than_the_screen(make_workspace, desks, width):
    workspace = make_workspace()
    create(workspace, "W" * 200, "Donaudampfschifffahrtsgesellschaft " * 8, "x")
    ana = desks(workspace, "ana")
    live(ana)
    ana.page.set_viewport_size({"width": width, "height": 800})
    for path in ["", "/areas", "/areas/1", "/areas/1?list=closed&address=x%40y", "/mine", "/account"]:
        ana.page.goto(ana.url + path)
        live(ana)
        over = ana.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wide = ana.page.evaluate("""[...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > innerWidth)
            .map((element) => element.outerHTML.slice(0, 100))""")
        assert over <= 0, f"{path or 'home'} is {over} px too wide: {wide}"


def test_lists_work_without_scripts(make_workspace, browser, server):
    workspace = make_workspace()
    create(workspace, "Plain")
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.set_default_timeout(WAIT_MAX_MS)
        page.goto(f"{server.url}/s/{workspace.name}/desk/sign-in")
        page.fill("[name=login_name]", "ana")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.get_by_role("link", name="Support").click()
        page.locator("summary").click()
        page.select_option("[name=channel]", "email")
        page.get_by_role("button", name="Filter").click()
        expect(page.locator("[data-test=nothing]")).to_have_text(
            "Nothing here fits the filter. Change it or clear it.")
        page.get_by_role("link", name="Clear").click()
        page.locator("[data-test=take-from-list]").click()
        expect(page.locator("[data-test=subject]")).to_have_text("Plain")
    finally:
        context.close()
