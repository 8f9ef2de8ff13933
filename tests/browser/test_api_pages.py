# Administration → API in a real browser: tokens, callbacks and their log; and people who get a password by a link.
import re

import pytest
from harness.cention import CentionClient
from harness.desk import Desk
from harness.fitting import fits
from harness.waiting import wait_for
from playwright.sync_api import expect

OFFICE = """
workspace: {name}
agents:
  - {{login_name: ada, user_name: Ada Alm, password: a demo passphrase, admin_level: administrator}}
"""


@pytest.fixture
def workspace(make_workspace, server):
    made = make_workspace()
    server.provision(OFFICE.format(name=made.name))
    return made


@pytest.fixture
def ada(workspace, desks):
    ada = desks(workspace, "ada")
    expect(ada.part("presence")).to_be_visible()
    return ada


def agree(page):
    page.once("dialog", lambda dialog: dialog.accept())


def answer_one(workspace, subject):
    """An errand that comes and is answered at once, so that its callback is due."""
    status, document = workspace.client().create_errand(subject, "Hello")
    assert status == 201, document
    errand = document["data"]["id"]
    status, document = workspace.client().end_errand(errand, "Done.")
    assert status == 201, document
    return errand


def test_a_token_by_keys_alone_copied_used_and_revoked(workspace, server, ada):
    page = ada.page
    page.locator("#admin-api").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Access tokens")).to_be_visible()
    save = ada.part("new-token-save")
    expect(save).to_be_disabled()
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Shop")
    expect(save).to_be_disabled()
    page.keyboard.press("Tab")
    page.keyboard.type("  ")
    expect(save).to_be_disabled()
    page.keyboard.type("secret words")
    expect(save).to_be_enabled()
    page.get_by_label("Create Errand").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Form")
    save.focus()
    page.keyboard.press("Enter")
    # Form needs an area: said beside it, and what was typed is there.
    area = page.get_by_label("Area", exact=True)
    expect(area).to_be_focused()
    expect(ada.part("field-problem")).to_have_text("A token for the channel form needs an area.")
    expect(page.get_by_label("Key", exact=True)).to_have_value("  secret words")
    fits(page)
    page.keyboard.type("Support")
    save.focus()
    page.keyboard.press("Enter")

    secret = ada.part("minted-secret")
    expect(secret).to_have_text(re.compile(r"^eyJ\S+$"))
    jwt = secret.inner_text()
    fits(page)
    ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ada.part("copy").click()
    expect(page.locator("[data-toast]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == jwt
    # A reload shows the list, without the token and without making another one.
    page.reload()
    expect(ada.part("token")).to_have_count(2)
    expect(secret).to_have_count(0)
    assert jwt not in page.content()

    client = CentionClient(server.url, workspace.name, jwt)
    status, document = client.create_errand("By the new token", "Hello")
    assert status == 201, document
    agree(page)
    ada.part("token").filter(has_text="Shop").locator("[data-test=revoke]").click()
    expect(ada.part("notice")).to_contain_text("revoked")
    expect(ada.part("token").filter(has_text="Shop").locator("[data-test=token-state]")).to_have_text("revoked")
    status, document = client.create_errand("Too late", "Hello")
    assert status == 401, document


def test_a_copy_without_a_clipboard_marks_the_text(workspace, ada):
    page = ada.page
    page.goto(f"{ada.url}/admin/api/tenios")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_label("Name", exact=True).fill("pbx")
    ada.part("new-tenios-key-save").click()
    key = ada.part("minted-secret").inner_text()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    ada.part("copy").click()
    expect(page.locator("[data-toast]")).to_have_text(re.compile(r"Copied\.|press Ctrl C"))
    assert page.evaluate("String(getSelection())").strip() == key
    fits(page)
    agree(page)
    ada.part("revoke").click()
    expect(ada.part("nothing")).to_be_visible()


def test_callbacks_are_set_told_and_sent_again(workspace, ada):
    page = ada.page
    page.locator("#admin-api").click()
    page.get_by_role("link", name="Callbacks", exact=True).click()
    expect(ada.part("callback-line")).to_have_count(1)
    fits(page)
    page.get_by_role("link", name="crm").click()
    save = ada.part("callback-save")
    expect(save).to_be_disabled()
    endpoint = page.get_by_label("Endpoint")
    before = endpoint.input_value()
    endpoint.fill(before + "?x=1")
    expect(save).to_be_enabled()
    endpoint.fill(before)
    expect(save).to_be_disabled()
    secret = page.get_by_label("Secret Key")
    expect(secret).to_have_value("")
    expect(secret).to_have_attribute("placeholder", "a secret is set")
    secret.fill("another secret")
    fits(page)
    save.click()
    expect(ada.part("notice")).to_contain_text("Saved")
    expect(secret).to_have_value("")
    expect(save).to_be_disabled()

    answer_one(workspace, "Told")
    record = wait_for("the callback", lambda: workspace.callbacks())[0]
    assert '"api_secret":"another secret"' in record["body"].replace('": "', '":"')
    page.get_by_label("Remove the secret").check()
    save.click()
    expect(ada.part("facts")).to_contain_text("no secret")

    page.locator("#callback-log").click()
    expect(page).to_have_url(re.compile(r"deliveries\?callback=\d+$"))
    expect(ada.part("delivery-state").first).to_have_text("sent")
    fits(page)
    # A receiver that answers 500 keeps it waiting, and the log says why.
    workspace.receiver.behave(fail_first=1000)
    answer_one(workspace, "Not told")

    def failed_once():
        page.goto(f"{ada.url}/admin/api/deliveries?state=waiting")
        return ada.part("delivery").filter(has_text="500").count() == 1
    wait_for("the first failure", failed_once)
    expect(ada.part("delivery")).to_contain_text("next try")
    fits(page)

    page.get_by_role("link", name="Callbacks", exact=True).click()
    page.get_by_role("link", name="crm").click()
    agree(page)
    ada.part("delete-callback-button").click()
    expect(ada.part("nothing")).to_be_visible()
    page.get_by_role("link", name="Deliveries", exact=True).click()
    page.locator("#filters").click()
    page.get_by_label("State").select_option("withdrawn")
    page.get_by_role("button", name="Filter").click()
    expect(ada.part("delivery")).to_have_count(1)
    expect(ada.part("delivery")).to_contain_text("Not told")
    expect(ada.part("delivery")).to_contain_text("a callback that is gone")


def test_a_new_agent_comes_in_by_a_link(workspace, server, browser, desks, ada):
    page = ada.page
    expect(ada.part("side")).to_have_count(0)
    expect(page.locator("aside")).to_contain_text("As an administrator you may open every area")
    page.get_by_role("link", name="Agents, areas and skills").click()
    page.get_by_label("Login name").fill("eva")
    expect(ada.part("new-agent-save")).to_be_disabled()
    page.locator("[data-test=new-agent]").get_by_label("Name", exact=True).fill("Eva Lund")
    fits(page)
    ada.part("new-agent-save").click()
    expect(ada.part("notice")).to_contain_text("The agent is made")
    expect(ada.part("facts")).to_contain_text("none yet")
    fits(page)
    ada.part("invite-button").click()
    link = ada.part("minted-secret").inner_text()
    assert link.startswith(f"{server.url}/s/{workspace.name}/desk/invitation?key="), link
    fits(page)
    page.reload()
    expect(ada.part("minted-secret")).to_have_count(0)

    page.get_by_role("link", name="Agent groups").click()
    expect(ada.part("group-line")).to_have_count(1)
    fits(page)
    page.get_by_role("link", name="Everyone").click()
    page.get_by_label("Eva Lund (eva)").check()
    fits(page)
    ada.part("group-save").click()
    expect(ada.part("notice")).to_contain_text("Saved")

    eva = Desk(browser, server.url, workspace.name, "eva")
    desks.opened.append(eva)
    eva.page.goto(link)
    expect(eva.part("login")).to_have_text("eva")
    fits(eva.page)
    for label in ("Password", "Password, once more"):
        eva.page.get_by_label(label, exact=True).fill("a sentence of her own")
    eva.page.keyboard.press("Enter")
    expect(eva.part("notice")).to_have_text("Your password is set. Sign in with it.")
    eva.sign_in("a sentence of her own")
    eva.go_ready()
    status, document = workspace.client().create_errand("For Eva", "Hello")
    assert status == 201, document
    eva.accept()
    expect(eva.part("subject")).to_have_text("For Eva")
    # The link was good for once.
    other = Desk(browser, server.url, workspace.name, "mallory")
    desks.opened.append(other)
    other.page.goto(link)
    expect(other.part("notice")).to_contain_text("has been used")


def test_skills_keys_and_calendars(workspace, ada):
    page = ada.page
    page.get_by_role("link", name="Agents, areas and skills").click()
    skill = ada.part("new-skill")
    skill.get_by_label("Name", exact=True).fill("German")
    skill.get_by_label("Name", exact=True).press("Enter")
    expect(ada.part("skill-line")).to_have_text(re.compile("German"))
    page.get_by_role("link", name="Bo Alm").click()
    page.get_by_label("German").fill("0")
    ada.part("agent-skills-save").click()
    expect(ada.part("field-problem")).to_contain_text("from 1 to 20")
    page.get_by_label("German").fill("2")
    ada.part("agent-skills-save").click()
    expect(ada.part("notice")).to_contain_text("Saved")
    expect(page.get_by_label("German")).to_have_value("2")

    ada.part("new-key-save").click()
    expect(ada.part("minted-secret")).to_have_count(2)
    fits(page)
    agree(page)
    ada.part("revoke-key").click()
    expect(ada.part("key-state")).to_have_text("revoked")

    page.get_by_role("link", name="Calendars").click()
    page.get_by_label("Name", exact=True).fill("Nights")
    ada.part("new-calendar-save").click()
    agree(page)
    ada.part("delete-calendar-button").click()
    expect(ada.part("notice")).to_have_text("The calendar is deleted.")
    expect(ada.part("nothing")).to_be_visible()
