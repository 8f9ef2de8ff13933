# One agent, four views: whatever is said at one door is read at every other.
import itertools
import re

import pytest
from harness.doors import Doors
from playwright.sync_api import expect

PASSWORD = "a demo passphrase"
numbers = itertools.count(1)

# Presence: what TENIOS, APIO and our own API say of it, and what the desk shows.
TABLE = {
    "signed_out": ("NOT_READY", "Sign-Out", re.compile("not ready|signed out", re.I)),
    "signed_in": ("NOT_READY", "Sign-In", re.compile("not ready|signed in", re.I)),
    "available": ("READY", "Available", re.compile(r"^(?!.*not ready).*ready", re.I | re.S)),
    "unavailable": ("NOT_READY", "Unavailable", re.compile("not ready", re.I)),
    "wrap_up": ("READY", "Wrap-Up", re.compile("wrap", re.I)),
}


@pytest.fixture
def world(server):
    name = f"world{next(numbers)}"
    printed = server.provision(f"""
workspace: {name}
skills: [English, Sales]
not_ready_reasons:
  - {{code: COF, text: Coffee, default: true}}
  - {{code: MEET, text: Meeting}}
groups: [{{id: sales}}]
agents:
  - {{login_name: boss, user_name: Bo Boss, password: {PASSWORD}, admin_level: administrator, user_id: boss@{name}, group: sales}}
  - {{login_name: ana, user_name: Ana Alm, password: {PASSWORD}, email_address: ana@{name}.example.com, user_id: ana@{name}, group: sales, skills: [English]}}
areas:
  - {{name: Support}}
agent_groups:
  - {{name: Everyone, agents: [ana], areas: [Support]}}
call_centers:
  - {{service_user_id: cc@{name}, name: Sales line, group: sales, agents: [{{login_name: ana, available: true}}]}}
access_tokens:
  - {{name: acd, key: k, claims: [acd]}}
  - {{name: logio, key: k, claims: [logio]}}
access_keys:
  - {{name: boss, agent: boss}}
tenios_access_keys:
  - {{name: tenios}}
""")
    return World(server, name, printed)


class World:
    def __init__(self, server, name, printed):
        self.name = name
        self.user = f"ana@{name}"
        self.email = f"ana@{name}.example.com"
        self.agent = printed["ids"]["agents"]["ana"]
        self.doors = Doors(server.url, name, printed, password=PASSWORD)

    def views(self):
        """What each door says of ana now: TENIOS's state, APIO's state and code, our presence and reason."""
        tenios = self.doors.tenios("acd/agent-state/retrieve", {"email": self.email})["state"]
        details = self.doors.tenios("acd/details/user/retrieve", {"email": self.email})
        assert details["state"] == tenios
        profile = self.doors.apio("GET", self.user)
        agent = self.doors.api("GET", f"agents/{self.agent}")
        return tenios, (profile["agentACDState"], profile["agentUnavailableCode"]), (agent["presence"], agent["reason"])

    def expect(self, presence, reason=None):
        tenios, apio, _ = TABLE[presence]
        assert self.views() == (tenios, (apio, reason or ""), (presence, reason))

    def by_tenios(self, state, reason=None):
        body = {"email": self.email, "state": state}
        if reason:
            body["nrr"] = reason
        assert self.doors.tenios("acd/agent-state/change", body) == {"success": True}

    def by_apio(self, state, code=None):
        body = {"agentACDState": state}
        if code:
            body["agentUnavailableCode"] = code
        assert self.doors.apio("PUT", self.user, body)["agentACDState"] == state

    def by_api(self, presence, reason=None):
        body = {"presence": presence}
        if reason:
            body["reason"] = reason
        self.doors.api("PUT", f"agents/{self.agent}/presence", body)


def test_each_presence_is_read_at_every_door(world):
    world.expect("signed_out")
    assert world.doors.logio("ana") == []
    # NOT_READY for who is signed out changes nothing.
    world.by_tenios("NOT_READY", "COF")
    world.expect("signed_out")
    assert world.doors.logio("ana") == []

    world.by_tenios("READY")
    world.expect("available")
    assert world.doors.logio("ana") == ["Login"]
    world.by_tenios("NOT_READY", "MEET")
    world.expect("unavailable", "MEET")
    world.by_tenios("NOT_READY")
    world.expect("unavailable")
    world.by_tenios("READY", "COF")
    world.expect("available")

    for state, presence, code in [
        ("Sign-In", "signed_in", None), ("Available", "available", None), ("Unavailable", "unavailable", "MEET"),
        ("Wrap-Up", "wrap_up", None), ("Sign-Out", "signed_out", None), ("Sign-In", "signed_in", None),
        ("Sign-Out", "signed_out", None), ("Unavailable", "unavailable", "COF"), ("Available", "available", None),
    ]:
        world.by_apio(state, code)
        world.expect(presence, code)
    logins = ["Login", "Logout", "Login", "Logout", "Login"]
    assert world.doors.logio("ana") == logins

    for presence, reason in [
        ("signed_out", None), ("available", None), ("unavailable", "COF"), ("signed_in", None),
        ("wrap_up", None), ("available", None), ("unavailable", None), ("signed_out", None),
    ]:
        world.by_api(presence, reason)
        world.expect(presence, reason)
    assert world.doors.logio("ana") == logins + ["Logout", "Login", "Logout"]


def test_the_desk_shows_what_other_doors_said_and_they_what_it_said(world, desks):
    class Seat:
        name = world.name

    ana = desks(Seat, "ana")
    expect(ana.part("live")).to_have_text("live")
    world.expect("signed_in")
    assert world.doors.logio("ana") == ["Login"]
    chip = ana.part("presence")

    world.by_tenios("READY")
    expect(chip).to_have_text(TABLE["available"][2])
    world.by_apio("Unavailable", "MEET")
    expect(chip).to_have_text(re.compile("Meeting"))
    world.by_api("available")
    expect(chip).to_have_text(TABLE["available"][2])
    world.by_apio("Wrap-Up")
    expect(chip).to_have_text(TABLE["wrap_up"][2])
    world.by_tenios("NOT_READY", "COF")
    expect(chip).to_have_text(re.compile("Coffee"))
    world.expect("unavailable", "COF")

    ana.go_ready()
    world.expect("available")
    ana.go_not_ready("Meeting")
    world.expect("unavailable", "MEET")
    ana.page.get_by_role("button", name="Sign out").click()
    expect(ana.page.locator("form[data-test=sign-in]")).to_be_visible()
    world.expect("signed_out")
    assert world.doors.logio("ana") == ["Login", "Logout"]


def test_skills_numbers_and_centers_changed_at_one_door_show_at_the_others(world, desks):
    details = world.doors.tenios("acd/details/user/retrieve", {"email": world.email})
    assert details["user_skills"] == [
        {"name": "English", "has_skill": True}, {"name": "Sales", "has_skill": False}]
    changed = {
        "email": world.email, "cloud_acd_enabled": True, "sip_enabled": True, "external_number_enabled": True,
        "external_number": "+4930123456", "state": "READY",
        "user_skills": [{"name": "Sales", "has_skill": True}, {"name": "English", "has_skill": False}],
    }
    assert world.doors.tenios("acd/details/user/change", changed) == {"success": True}
    agent = world.doors.api("GET", f"agents/{world.agent}")
    assert [skill["name"] for skill in agent["skills"]] == ["Sales"]
    world.expect("available")

    center = f"cc@{world.name}"
    joined = world.doors.apio("GET", world.user)["call_centers"]
    assert [(one["serviceUserId"], one["available"]) for one in joined] == [(center, True)]
    queues = {queue["name"]: queue["id"] for queue in world.doors.api("GET", "queues")["items"]}
    assert queues["Sales line"] in agent["queues"]
    # A call center's number, changed by its group's administrator, shows at the user's and at the desk's door.
    group = f"/api/v1/tenants/{world.name}/groups/sales/services/call_centers/{center}/"
    number = f"+46850{int(world.name.removeprefix('world')):06}"
    world.doors.send("PUT", group, {"serviceInstanceProfile": {"phoneNumber": number}},
                     {"Cookie": world.doors.session})
    assert world.doors.apio("GET", world.user)["call_centers"][0]["phoneNumber"] == number

    class Seat:
        name = world.name

    boss = desks(Seat, "boss")
    expect(boss.part("live")).to_have_text("live")
    boss.page.goto(f"{boss.url}/admin/call-centers")
    expect(boss.page.get_by_role("main")).to_contain_text(number)
    left = {"call_centers": [{"serviceUserId": center, "available": False}]}
    world.doors.apio("PUT", world.user, left)
    assert queues["Sales line"] not in world.doors.api("GET", f"agents/{world.agent}")["queues"]


def test_an_agent_made_or_deleted_at_one_door_is_there_or_gone_at_the_others(world):
    doors = world.doors
    login = f"eva-{world.name}"
    made = doors.agents("POST", "agent", {
        "login_name": login, "user_name": "Eva Ek", "email_address": f"eva@{world.name}.example.com"})
    assert doors.tenios("acd/agent-state/retrieve", {"email": f"eva@{world.name}.example.com"})["state"] == "NOT_READY"
    assert doors.apio("GET", login)["agentACDState"] == "Sign-Out"
    assert doors.api("GET", f"agents/{made['id']}")["name"] == "Eva Ek"
    doors.tenios("acd/agent-state/change", {"email": f"eva@{world.name}.example.com", "state": "READY"})
    assert doors.logio(login) == ["Login"]

    assert doors.agents("DELETE", f"agent/{made['id']}") == {"id": made["id"], "deleted": True}
    refused = doors.tenios(
        "acd/agent-state/retrieve", {"email": f"eva@{world.name}.example.com"}, expect=(400,))
    assert refused["error_code"] == "AGENT_NOT_FOUND"
    doors.apio("GET", login, expect=(404,))
    doors.api("GET", f"agents/{made['id']}", expect=(404,))
    assert doors.logio(login) == ["Login", "Logout"]
    listed = {agent["login_name"]: agent["active"] for agent in doors.agents("GET", "agent")["data"]}
    assert listed == {"boss": True, "ana": True, login: False}
