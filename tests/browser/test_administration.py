# Call centers, calendars, agents' rules and the day of agents at the desk, in a real browser; and by keys alone.

import pytest
from harness.desk import WAIT_MAX_MS
from harness.fitting import fits
from playwright.sync_api import expect

OFFICE = """
workspace: {name}
agents:
  - {{login_name: ada, user_name: Ada Alm, password: a demo passphrase, admin_level: administrator}}
call_centers:
  - service_user_id: {name}.sales@example.com
    name: Sales line
    agents: [{{login_name: ana}}, {{login_name: bo}}]
"""


@pytest.fixture
def workspace(make_workspace, server):
    made = make_workspace()
    made.ids = server.provision(OFFICE.format(name=made.name))["ids"]
    return made


def test_a_call_center_is_made_and_given_hours(workspace, desks):
    ada = desks(workspace, "ada")
    page = ada.page
    page.get_by_role("link", name="Calendars").click()
    expect(ada.part("nothing")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Office hours")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1, name="Office hours")).to_be_visible()
    page.get_by_label("Always open, holidays apart").uncheck()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        page.get_by_label(day).fill("08:00-12:00, 13:00-17:00")
    page.get_by_label("Saturday").fill("9 to 12")
    page.get_by_label("Holidays, a line each").fill("2026-12-25 Christmas Day")
    ada.part("calendar-save").click()
    # What is wrong is said beside its field; what was typed stays.
    saturday = page.get_by_label("Saturday")
    expect(saturday).to_have_attribute("aria-invalid", "true")
    why = page.locator("#" + saturday.get_attribute("aria-describedby"))
    expect(why).to_contain_text("08:00-17:00")
    expect(saturday).to_be_focused()
    expect(saturday).to_have_value("9 to 12")
    expect(page.get_by_label("Monday")).to_have_value("08:00-12:00, 13:00-17:00")
    fits(page)
    saturday.fill("09:00-12:00")
    ada.part("calendar-save").click()
    expect(ada.part("notice")).to_contain_text("Saved")
    expect(page.get_by_label("Holidays, a line each")).to_have_value("2026-12-25 Christmas Day")

    page.get_by_role("link", name="Call centers").click()
    fits(page)
    page.get_by_label("Service user id").fill(f"{workspace.name}.new@example.com")
    page.get_by_label("Name", exact=True).fill("New line")
    ada.part("new-center-save").click()
    expect(page.get_by_role("heading", level=1, name="New line")).to_be_visible()
    page.get_by_label("Calendar").select_option("Office hours")
    page.get_by_label("Queue length").fill("10")
    ada.part("center-settings-save").click()
    expect(page.get_by_label("Queue length")).to_have_value("10")
    expect(ada.part("facts")).to_contain_text("Office hours")
    fits(page)

    page.once("dialog", lambda dialog: dialog.dismiss())
    ada.part("delete-center-button").click()
    expect(page.get_by_role("heading", level=1, name="New line")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    ada.part("delete-center-button").click()
    expect(ada.part("notice")).to_contain_text("is deleted")
    expect(ada.part("call-center")).to_have_count(1)
    assert not ada.complaints


def test_numbers_and_supervisors_by_keys_alone(workspace, desks):
    ada = desks(workspace, "ada")
    page = ada.page
    page.get_by_role("link", name="Call centers").click()
    page.get_by_role("link", name="Sales line").click()
    expect(page.get_by_role("heading", level=1, name="Sales line")).to_be_visible()
    form = ada.part("center-numbers")
    form.get_by_label("Name").first.focus()
    page.keyboard.type("main")
    page.keyboard.press("Tab")
    page.keyboard.type("+49 30 123457")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(ada.part("notice")).to_contain_text("Saved")
    expect(form.get_by_label("Number", exact=True).first).to_have_value("+4930123457")
    expect(form.get_by_label("Priority").first).to_have_value("2")
    expect(form.get_by_label("May be shown when calling out").first).to_be_checked()

    supervisors = ada.part("center-supervisors")
    supervisors.get_by_label("Add a supervisor").focus()
    page.keyboard.type("Ada")
    ada.part("center-supervisors-save").focus()
    page.keyboard.press("Enter")
    expect(supervisors.get_by_role("group", name="Ada Alm")).to_be_visible()
    bo = supervisors.get_by_role("group", name="Ada Alm").get_by_label("Bo Alm")
    bo.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(ada.part("notice")).to_contain_text("Saved")
    expect(bo).to_be_checked()
    assert not ada.complaints


def test_an_agents_rules_and_the_day_of_agents(workspace, desks):
    ada = desks(workspace, "ada")
    page = ada.page
    page.get_by_role("link", name="Agents, areas and skills").click()
    page.get_by_role("link", name="Bo Alm").click()
    page.get_by_label("Guard time").fill("99")
    ada.part("agent-rules-save").click()
    expect(ada.part("field-problem")).to_contain_text("from 0 to 25")
    page.get_by_label("Guard time").fill("5")
    page.get_by_label("No answer").fill("3")
    ada.part("agent-rules-save").click()
    expect(ada.part("notice")).to_contain_text("Saved")
    expect(page.get_by_label("Guard time")).to_have_value("5")
    fits(page)

    page.get_by_role("link", name="Agents today").click()
    expect(ada.part("live")).to_have_text("live")
    before = ada.part("agent-day").count()
    ana = desks(workspace, "ana")
    ana.go_ready()
    status, document = workspace.client().create_errand("One", "Hello")
    assert status == 201, document
    ana.accept()
    page.reload()
    line = ada.part("agent-day").filter(has_text="Ana Alm")
    expect(line.locator("[data-test=failed]")).to_contain_text("0 of 1", timeout=WAIT_MAX_MS)
    assert ada.part("agent-day").count() > before
    fits(page)
    assert not ada.complaints and not ana.complaints
