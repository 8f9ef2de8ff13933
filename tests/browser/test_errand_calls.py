# An errand that comes with its call: both at the desk of who has the telephone, until the other system ends the call.
import itertools

import pytest
from playwright.sync_api import expect

from harness.cention import CentionClient
from harness.fitting import fits

PASSWORD = "a demo passphrase"
names = itertools.count(1)


class Center:
    """A workspace that takes what Aventa says of calls, as `desks` wants one."""

    def __init__(self, server):
        self.name = f"aventa{next(names)}"
        printed = server.provision(f"""
workspace: {self.name}
organisation: Tests
integrations: [aventa]
agents:
  - {{login_name: ana, user_name: Ana Berg, password: {PASSWORD}, device_id: 1000, extension_id: 7}}
areas:
  - {{name: Support, wrap_up_s: 600}}
agent_groups:
  - {{name: all, agents: [ana], areas: [Support]}}
access_tokens:
  - {{name: calls, key: k, claims: [create_errand], channel: voice, area: Support}}
""")
        self.client = CentionClient(server.url, self.name, printed["access_tokens"]["calls"])

    def calls(self, number, link):
        status, document = self.client.post("c3_new_errands", {
            "msg": {"from": "+46 8 555 0101", "name": "Maria Lund", "subject": "Call of Maria", "body": ""},
            "integrationData": {
                "integrationName": "aventa", "deviceId": 1000, "extensionId": 7, "destNumber": "4685550000",
                "queueName": "Clinic <b>North</b>", "queueNumber": number, "link": link,
                "pagingName": "GP office", "pagingNumber": "12345",
                "extraData": {"callReason": "reschedule appointment", "appointmentTimestamp": "1893456000"}}})
        assert status == 201, document
        return document["data"]["id"]

    def ends(self):
        status, document = self.client.post("c3_end_obcall", {
            "integrationName": "aventa", "deviceId": 1000, "extensionId": 7})
        assert status == 201, document
        return document["data"]["id"]


@pytest.fixture
def center(server):
    return Center(server)


def test_a_call_and_its_errand_come_to_who_has_the_telephone(center, desks):
    ana = desks(center, "ana")
    ana.go_ready()
    ana.plant_mark()
    errand = center.calls("17", "https://calls.example.com/17?a=1&b=2")
    expect(ana.part("my-item")).to_be_visible()
    assert ana.has_mark(), "the page was reloaded"

    ana.page.goto(f"{ana.url}/errands/{errand}")
    call = ana.part("call")
    expect(call).to_contain_text("The call goes on")
    expect(call).to_contain_text("Clinic <b>North</b>")
    expect(call).to_contain_text("reschedule appointment")
    expect(call).to_contain_text("GP office · 12345")
    link = ana.part("recording")
    assert link.get_attribute("href") == "https://calls.example.com/17?a=1&b=2"
    assert link.get_attribute("rel") == "noopener noreferrer"
    fits(ana.page)
    ana.page.locator("#call-item").focus()
    ana.page.keyboard.press("Enter")
    expect(ana.part("item-state")).to_have_text("Call, in hand")
    ana.page.go_back()

    # What she writes meanwhile stays, and can be stored.
    ana.page.locator("#note").fill("Moved to Monday")
    assert center.ends() == errand
    expect(ana.part("call")).to_contain_text("Ended")
    expect(ana.part("item-wrap-up")).to_contain_text("Wrap-up")
    assert ana.page.locator("#note").input_value() == "Moved to Monday"
    expect(ana.part("history")).to_contain_text("The call ended")
    assert center.ends() == "0"


def test_a_link_that_is_none_is_shown_as_it_is(center, desks):
    ana = desks(center, "ana")
    ana.go_ready()
    for number, link in (("1", "https:www.google.com"), ("2", "javascript:alert(1)"), ("3", "http://a b")):
        errand = center.calls(number, link)
        ana.page.goto(f"{ana.url}/errands/{errand}")
        expect(ana.part("recording")).to_have_text(link)
        expect(ana.page.locator("#call-recording")).to_have_count(0)
    # One telephone, one conversation: the first two are over.
    expect(ana.part("item-clock")).to_have_count(1)
