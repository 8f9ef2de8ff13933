# Why an errand waits and why an agent gets nothing, on the desk.
import pytest
from harness.waiting import wait_for
from playwright.sync_api import expect


@pytest.fixture
def workspace(make_workspace, server):
    """The usual workspace with an administrator, who serves nothing."""
    made = make_workspace(capacity=1)
    server.provision(f"""
workspace: {made.name}
agents:
  - {{login_name: ada, user_name: Ada Alm, password: a demo passphrase, admin_level: administrator}}
areas:
  - {{name: Billing}}
agent_groups:
  - {{name: Billing desk, agents: [cy], areas: [Billing]}}
""")
    return made


def create(workspace):
    status, document = workspace.client().create_errand("The kettle leaks", "It leaks.")
    assert status == 201, document
    return document["data"]["id"]


def lines(desk):
    expect(desk.part("why")).to_be_visible()
    return desk.part("why-line").all_inner_texts()


def test_why_an_errand_waits_and_an_agent_gets_nothing(workspace, desks):
    ana = desks(workspace, "ana")
    ana.go_ready()
    expect(ana.part("why-nothing")).to_be_visible()
    ana.part("why-nothing").click()
    assert "Nothing waits in any area that Ana Alm serves." in lines(ana)
    # Only administrators ask about others.
    expect(ana.part("ask-why")).to_have_count(0)

    create(workspace)
    expect(ana.part("offer")).to_be_visible()
    ana.accept()
    expect(ana.part("subject")).to_be_visible()
    ana.part("why-here").click()
    told = lines(ana)
    assert "is in the hands of Ana Alm" in told[0]
    assert "the router chose Ana Alm: nobody else could take it." in told[1]

    waiting = create(workspace)
    ana.page.goto(f"{ana.url}/errands/{waiting}")
    ana.part("why-here").click()
    told = lines(ana)
    assert "All are busy: 1 agent could take it, but not now: no room, or an offer that stands." in told
    assert "It is the next in Support: nothing is ahead of it." in told

    ada = desks(workspace, "ada")
    wait_for("ada's desk", lambda: ada.part("live").is_visible())
    ada.page.goto(f"{ada.url}/admin/why")
    ada.page.locator("#why-agent").select_option(label="Ana Alm")
    ada.page.locator("#ask-why").click()
    expect(ada.page.locator("h1")).to_have_text("Why does Ana Alm get nothing?")
    assert "Ana Alm has 1 errand in hand and may have 1." in lines(ada)

    # Nobody else asks about a colleague.
    cy = desks(workspace, "cy")
    wait_for("cy's desk", lambda: cy.part("live").is_visible())
    bo = ada.page.locator("#why-agent option").filter(has_text="Bo Alm").get_attribute("value")
    assert cy.page.goto(f"{cy.url}/why?agent={bo}").status == 403
    assert cy.page.goto(f"{cy.url}/admin/why").status == 403
