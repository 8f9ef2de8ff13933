# An administrator changes a call center in a real browser: its policy, timers, agents and forwarding.
import pytest
from playwright.sync_api import expect

CENTERS = """
workspace: {name}
calendars: [{{name: always, hours: null}}]
agents:
  - {{login_name: ada, user_name: Ada Alm, password: a demo passphrase, admin_level: administrator}}
call_centers:
  - service_user_id: {name}.sales@example.com
    name: Sales line
    group: Berlin
    type: Premium
    phone_number: "+4930123456"
    extension: "700"
    queue_length: 20
    calendar: always
    overflow: {{wait_s: 60, action: {{number: "+4930999"}}}}
    agents: [{{login_name: ana, skill_level: 1}}, {{login_name: bo, skill_level: 5, available: false}}]
    supervisors: [{{login_name: ada, agents: [ana, bo]}}]
    dnis: [{{name: main, phone_number: "+4930123457", priority: 1, allow_outgoing: true}}]
  - {{service_user_id: {name}.help@example.com, name: Help line}}
"""


@pytest.fixture
def workspace(make_workspace, server):
    made = make_workspace()
    made.ids = server.provision(CENTERS.format(name=made.name))["ids"]
    return made


def row(desk, test, text):
    return desk.part(test).filter(has_text=text)


def test_a_call_center_is_changed_at_the_desk(workspace, desks):
    ada = desks(workspace, "ada")
    page = ada.page
    page.get_by_role("link", name="Call centers").click()
    expect(ada.part("call-center")).to_have_count(2)
    page.get_by_role("link", name="Sales line").click()
    expect(page.get_by_role("heading", level=1, name="Sales line")).to_be_visible()
    expect(ada.part("facts")).to_contain_text("+4930123456")

    page.get_by_label("Policy").select_option(label="circular: the next in the list")
    page.get_by_label("Wrap-up", exact=True).fill("15")
    page.get_by_label("Outside hours: what happens").select_option(label="to Help line")
    page.get_by_label("Forced forwarding: what happens").select_option(label="busy tone")
    ada.part("save-queue").click()
    expect(ada.part("notice")).to_contain_text("Saved")
    expect(page.get_by_label("Policy")).to_have_value("3")
    expect(page.get_by_label("Wrap-up", exact=True)).to_have_value("15")

    ada.part("forward-on").click()
    expect(ada.part("forward-off")).to_be_visible()
    page.get_by_role("link", name="Call centers").click()
    expect(row(ada, "call-center", "Sales line")).to_contain_text("forwarded")
    page.get_by_role("link", name="Sales line").click()
    ada.part("forward-off").click()
    expect(ada.part("forward-on")).to_be_visible()

    # Bo joins and comes first, Cy is added.
    member = row(ada, "member", "Bo Alm")
    member.get_by_label("joined").check()
    member.get_by_label("place").fill("0")
    page.get_by_label("Add", exact=True).select_option(label="Cy Alm")
    ada.part("save-agents").click()
    expect(ada.part("notice")).to_contain_text("Saved")
    expect(ada.part("member")).to_have_count(3)
    expect(ada.part("member").first).to_contain_text("Bo Alm")

    # What cannot be is said, and what was typed stays.
    page.get_by_label("Overflow: what happens").select_option(label="to a number")
    page.get_by_label("Overflow: number").fill("030 1")
    ada.part("save-queue").click()
    expect(ada.part("problem")).to_contain_text("Write the number with its country")
    expect(page.get_by_label("Overflow: number")).to_have_value("030 1")
    for width in (1200, 800, 400):
        page.set_viewport_size({"width": width, "height": 900})
        wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wider, f"the page is wider than a screen of {width}"
    assert not ada.complaints
