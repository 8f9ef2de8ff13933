# A telephony system's call at the desk: offered, taken, its clock, ended, transferred, wrapped up; by mouse and by key.
import itertools
import re

import pytest
from playwright.sync_api import expect

from harness.neutral import NeutralClient

PASSWORD = "a demo passphrase"
names = itertools.count(1)


class Center:
    """A workspace with a call center and two agents, as `desks` wants one."""

    def __init__(self, server, wrap_up_s):
        self.name = f"calls{next(names)}"
        self.printed = server.provision(f"""
workspace: {self.name}
organisation: Tests
agents:
  - {{login_name: ana, user_name: Ana Berg, password: {PASSWORD}, admin_level: administrator}}
  - {{login_name: bo, user_name: Bo Lind, password: {PASSWORD}}}
areas:
  - {{name: Support}}
agent_groups:
  - {{name: all, agents: [bo], areas: [Support]}}
access_tokens:
  - {{name: pbx, key: k, claims: [acd]}}
call_centers:
  - {{service_user_id: "s-{self.name}@example.com", name: Sales, type: Premium, offer_timeout_s: 600,
      wrap_up_s: {wrap_up_s}, agents: [{{login_name: ana}}]}}
""")
        self.client = NeutralClient(server.url, self.name, self.printed["access_tokens"]["pbx"])

    def calls(self, **members):
        status, made = self.client.send(
            "POST", "/work-items", {"queue": self.client.queue("Sales"), "channel": "call"} | members)
        assert status == 201, made
        return made["id"]

    def state(self, item):
        return self.client.send("GET", f"/work-items/{item}")[1]["state"]


@pytest.fixture
def center(server):
    return lambda wrap_up_s=600: Center(server, wrap_up_s)


def test_a_call_is_taken_ended_and_wrapped_up(center, desks):
    workspace = center()
    ana = desks(workspace, "ana")
    ana.go_ready()
    ana.plant_mark()
    item = workspace.calls(**{"from": "+49 30 555", "subject": "Order 7 <b>late</b>"})

    offer = ana.part("offer")
    expect(offer).to_be_visible()
    assert ana.has_mark(), "the page was reloaded"
    expect(offer).to_contain_text("Call")
    expect(offer).to_contain_text("Order 7 <b>late</b>")
    expect(offer).to_contain_text("+49 30 555")
    expect(offer).to_contain_text("Sales")
    expect(offer).to_contain_text(re.compile(r"\d+ (s|min)"))
    ana.page.keyboard.press("a")

    expect(ana.part("my-item")).to_be_visible()
    expect(ana.part("item-page")).to_contain_text("Order 7 <b>late</b>")
    expect(ana.part("item-state")).to_have_text("Call, in hand")
    expect(ana.part("item-clock")).to_have_text(re.compile(r"^\d+:\d\d$"))
    assert workspace.state(item) == "active"
    ana.part("item-why").click()
    expect(ana.part("why")).to_contain_text("the router chose Ana Berg")
    ana.page.locator("#why-back").click()
    expect(ana.part("item-page")).to_be_visible()
    ana.page.locator("body").press("h")

    expect(ana.part("item-wrap-up")).to_contain_text("Wrap-up")
    expect(ana.part("end-item")).to_have_count(0)
    expect(ana.part("item-state")).to_have_text("Call, in wrap-up")
    assert workspace.state(item) == "wrap_up"
    ana.page.locator("body").press("w")
    expect(ana.part("my-item")).to_have_count(0)
    assert workspace.state(item) == "done"


def test_a_call_is_declined_and_abandoned_while_it_rings(center, desks):
    workspace = center(0)
    ana = desks(workspace, "ana")
    ana.go_ready()
    item = workspace.calls()
    expect(ana.part("offer")).to_contain_text("unknown")
    ana.part("decline").click()
    expect(ana.part("offer")).to_have_count(0)
    assert workspace.state(item) == "waiting"
    other = workspace.calls(subject="Second")
    expect(ana.part("offer")).to_contain_text("Second")
    assert workspace.client.send("POST", f"/work-items/{other}/abandon")[0] == 200
    expect(ana.part("offer")).to_have_count(0)


def test_a_call_is_transferred_to_a_colleague(center, desks):
    workspace = center(0)
    ana = desks(workspace, "ana")
    bo = desks(workspace, "bo")
    bo.go_ready()
    ana.go_ready()
    item = workspace.calls(subject="For Bo")
    ana.part("accept").click()
    expect(ana.part("item-to")).to_be_visible()
    ana.part("item-to").select_option(label="Bo Lind")
    ana.part("transfer").click()
    expect(ana.part("notice")).to_have_text("It is transferred.")
    expect(ana.part("my-item")).to_have_count(0)
    # It appears at Bo's desk by itself.
    expect(bo.part("my-item")).to_contain_text("For Bo")
    bo.part("my-item").locator("a").click()
    expect(bo.part("item-page")).to_contain_text("For Bo")
    bo.part("end-item").click()
    expect(bo.part("my-item")).to_have_count(0)
    assert workspace.state(item) == "done"


def test_an_administrator_reads_the_api(center, desks):
    workspace = center()
    ana = desks(workspace, "ana")
    expect(ana.part("presence")).to_be_visible()
    ana.page.locator("#admin-api").click()
    ana.page.get_by_role("link", name="Neutral API").click()
    operations = ana.part("api-operation")
    expect(ana.part("api-base")).to_have_text(f"/switchboard/v1/workspaces/{workspace.name}/")
    expect(operations.first).to_contain_text("POST work-items")
    assert operations.count() > 15
