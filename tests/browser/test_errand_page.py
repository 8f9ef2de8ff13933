# All that an agent does with one errand, in a real browser.
import base64
import hashlib
import json
import urllib.request
import uuid

import pytest
from harness.pictures import png
from harness.waiting import wait_for
from playwright.sync_api import expect

SUBJECT = "The kettle leaks"
TERMS = b"The terms of the guarantee.\n" * 1_000
PICTURE = png(120, 60, (163, 50, 43))
SHOT = png(60, 40, (47, 111, 106))

# A picture on the clipboard, as the browser hands it to a page.
PASTE = """
([box, content]) => {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], "image.png", { type: "image/png" }));
    document.querySelector(`[data-test=${box}]`).dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}
"""


@pytest.fixture
def workspace(make_workspace, server):
    """The usual workspace with tags, an administrator, and a second area that only cy serves."""
    made = make_workspace()
    server.provision(f"""
workspace: {made.name}
tags: [Complaint, Urgent]
agents:
  - {{login_name: ada, user_name: Ada Alm, password: a demo passphrase, admin_level: administrator}}
areas:
  - {{name: Billing}}
agent_groups:
  - {{name: Everyone, agents: [ana, bo, ada], areas: [Support]}}
  - {{name: Billing desk, agents: [cy], areas: [Billing]}}
""")
    return made


def create(workspace, **message):
    told = {"message_id": f"{uuid.uuid4()}@example.com", "name": "Maria Lund", "from": "maria@example.com", "subject": SUBJECT,
            "body": "It leaks."}
    status, document = workspace.client().post("c3_new_errands", {"msg": told | message})
    assert status == 201, document
    return document["data"]["id"]


def show(desk, errand):
    desk.page.goto(f"{desk.url}/errands/{errand}")
    expect(desk.part("subject")).to_be_visible()
    # Events only count from here on.
    expect(desk.part("live")).to_have_text("live")


def take(desk, errand):
    show(desk, errand)
    desk.part("take").click()
    expect(desk.part("answer-body")).to_be_visible()
    expect(desk.part("live")).to_have_text("live")


def paste(desk, box, content):
    desk.page.evaluate(PASTE, [box, base64.b64encode(content).decode()])


def test_an_answer_goes_out_with_a_file_and_a_pasted_picture(workspace, server, desks):
    ana = desks(workspace, "ana")
    ana.go_ready()
    errand = create(workspace)
    expect(ana.part("offer")).to_be_visible()
    ana.accept()

    ana.part("answer-body").fill("Dear Maria,")
    ana.part("answer-body").press("End")
    paste(ana, "answer-body", PICTURE)
    # A picture needs rich text: what was typed comes along.
    rich = ana.part("answer-rich")
    expect(rich.locator("img")).to_have_count(1)
    expect(rich).to_contain_text("Dear Maria,")
    assert rich.locator("img").evaluate("async (i) => { await i.decode(); return i.naturalWidth; }") == 120
    rich.press("Control+End")
    ana.page.keyboard.press("Enter")
    ana.part("bold").click()
    ana.page.keyboard.type("it is on its way")
    ana.part("bold").click()
    ana.page.keyboard.type(": see ")
    ana.page.keyboard.press("Control+k")
    ana.page.keyboard.type("example.com/guarantee")
    ana.page.keyboard.press("Enter")
    ana.part("files").set_input_files(
        [{"name": "terms.txt", "mimeType": "text/plain", "buffer": TERMS},
         {"name": "wrong.txt", "mimeType": "text/plain", "buffer": b"wrong"}])
    expect(ana.part("upload")).to_have_count(2)
    ana.part("remove-upload").nth(1).click()
    expect(ana.part("upload")).to_have_count(1)

    # Nothing of it is lost by a reload.
    ana.page.reload()
    expect(rich.locator("img")).to_have_count(1)
    expect(rich.locator("b")).to_have_text("it is on its way")
    expect(ana.part("upload")).to_have_count(1)
    rich.press("Control+Enter")
    expect(ana.part("notice")).to_contain_text("stored")

    record = wait_for("the callback", lambda: next(iter(workspace.callbacks()), None))
    included = json.loads(record["body"])["included"]
    response = included[0]["attributes"]["answer"]["response"]
    assert included[0]["id"] == errand
    names = {row["id"]: row for row in server.database.rows(
        f"SELECT id, name, content_type, digest, size FROM attachment WHERE errand = {errand} "
        f"AND workspace = (SELECT id FROM workspace WHERE name = '{workspace.name}')")}
    told = included[0]["relationships"]["attachments"]["data"]
    assert [node["id"] for node in told] == [str(id) for id in sorted(names)]
    assert all(node["links"]["self"]["href"].endswith(f"/c3_response_attachments/{node['id']}")
               for node in included[1:])
    by_name = {row["name"]: row for row in names.values()}
    assert sorted(by_name) == ["image.png", "terms.txt"]
    assert by_name["terms.txt"]["digest"] == hashlib.sha256(TERMS).hexdigest()
    assert by_name["image.png"]["digest"] == hashlib.sha256(PICTURE).hexdigest()
    assert f'src="cid:attachment_{by_name["image.png"]["id"]}"' in response["html_body"]
    assert "<b>it is on its way</b>" in response["html_body"]
    assert 'href="https://example.com/guarantee"' in response["html_body"]
    assert response["body"].startswith("Dear Maria,")

    show(ana, errand)
    expect(ana.part("attachment")).to_have_count(2)
    link = ana.page.get_by_role("link", name="terms.txt")
    with ana.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "terms.txt"
    with open(download.value.path(), "rb") as file:
        assert file.read() == TERMS
    frame = ana.page.frame_locator("[data-test=letter-html]")
    assert frame.locator("img").evaluate("async (i) => { await i.decode(); return i.naturalWidth; }") == 120


def test_a_letter_of_html_is_safe_and_asks_before_it_fetches(workspace, desks):
    seen = []
    errand = create(
        workspace, html_body="""
            <p onclick="parent.hacked = 1">Hello <b>there</b></p><script>parent.hacked = 1</script>
            <img src="cid:shot@1"><img src="http://pictures.example/p.png">
            <a href="javascript:parent.hacked = 1">one</a> <a href="https://example.com/">two</a>
            """,
        attachments=[{"content_type": "image/png", "name": "shot.png", "content_id": "shot@1",
                      "content": base64.b64encode(SHOT).decode()}])
    ana = desks(workspace, "ana")
    ana.context.route("http://pictures.example/**", lambda route: (
        seen.append(route.request.url),
        route.fulfill(body=PICTURE, content_type="image/png")))
    show(ana, errand)
    frame = ana.page.frame_locator("[data-test=letter-html]")
    expect(frame.locator("b")).to_have_text("there")
    inline, remote = frame.locator("img").nth(0), frame.locator("img").nth(1)
    assert inline.evaluate("async (i) => { await i.decode(); return i.naturalWidth; }") == 60
    frame.locator("p").first.click()
    assert ana.page.evaluate("window.hacked") is None
    expect(frame.locator("a[href]")).to_have_count(1)
    assert seen == []
    ana.plant_mark()
    ana.part("show-pictures").click()
    expect(remote).to_have_attribute("src", "http://pictures.example/p.png")
    assert remote.evaluate("async (i) => { await i.decode(); return i.naturalWidth; }") == 120
    assert seen == ["http://pictures.example/p.png"] and ana.has_mark()
    # It was asked for this time only.
    show(ana, errand)
    expect(ana.part("show-pictures")).to_be_visible()
    expect(frame.locator("b")).to_have_text("there")
    assert len(seen) == 1


def test_two_on_one_errand_see_each_other_and_the_second_answer_is_refused(workspace, desks):
    errand = create(workspace)
    ana = desks(workspace, "ana")
    take(ana, errand)
    ana.plant_mark()
    expect(ana.part("company")).to_be_hidden()
    ada = desks(workspace, "ada")
    show(ada, errand)
    ada.plant_mark()
    expect(ana.part("company")).to_contain_text("Ada Alm")
    expect(ada.part("company")).to_contain_text("Ana Alm")

    # What one does beside the conversation the other sees, and goes on typing.
    ana.part("answer-body").fill("My long answer")
    ada.part("note-text").fill("Be kind")
    ada.part("add-note").click()
    ada.part("tag-choice").select_option(label="Complaint")
    ada.part("add-tag").click()
    for desk in (ana, ada):
        expect(desk.part("note")).to_contain_text("Be kind")
        expect(desk.part("tag")).to_contain_text("Complaint")
        expect(desk.part("history")).to_contain_text("Ada Alm left a note")
    expect(ana.part("changed")).to_be_hidden()

    # The administrator takes it over and answers.
    ada.part("transfer-to").select_option(label="Ada Alm (you)")
    ada.part("transfer").click()
    ada.part("answer-body").fill("Ada's answer")
    ada.part("answer-and-close").click()
    expect(ada.part("notice")).to_contain_text("stored")
    expect(ana.part("changed")).to_be_visible()
    expect(ana.part("state")).to_have_text("Closed")
    expect(ana.part("answer-text")).to_have_text("Ada's answer")
    expect(ana.part("company")).to_be_hidden()
    expect(ana.part("answer-body")).to_have_value("My long answer")
    assert ana.has_mark(), "the page was reloaded"

    ana.part("answer-and-close").click()
    expect(ana.part("what-changed")).to_contain_text("Ada Alm answered")
    expect(ana.part("unsent")).to_have_value("My long answer")
    assert len(workspace.callbacks()) <= 1


def test_an_errand_is_reopened_and_transferred_by_keyboard_alone(workspace, desks):
    errand = create(workspace)
    ana = desks(workspace, "ana")
    take(ana, errand)
    keys = ana.page.keyboard

    def reach(name):
        """Tabs on until the control has the focus."""
        part = ana.part(name)
        for _ in range(60):
            if part.evaluate("(element) => element === document.activeElement"):
                return part
            keys.press("Tab")
        raise AssertionError(f"{name} cannot be reached by Tab")

    keys.press("e")
    keys.type("Call us")
    keys.press("Control+Enter")
    expect(ana.part("notice")).to_contain_text("stored")

    show(ana, errand)
    keys.press("m")
    keys.type("e is only a letter here")
    reach("add-note")
    keys.press("Enter")
    expect(ana.part("note")).to_contain_text("e is only a letter here")
    show(ana, errand)
    reach("reopen")
    keys.press("Enter")
    expect(ana.part("state")).to_have_text("In your hands")
    expect(ana.part("live")).to_have_text("live")

    cy = desks(workspace, "cy")
    cy.go_ready()
    reach("transfer-to")
    keys.type("Bil")
    reach("transfer")
    keys.press("Enter")
    expect(ana.part("notice")).to_contain_text("transferred")
    expect(cy.part("offer")).to_be_visible()
    cy.accept()
    expect(cy.part("answer-text")).to_contain_text("Call us")
    expect(cy.part("note")).to_contain_text("e is only a letter here")
    cy.part("close").click()
    expect(cy.part("notice")).to_contain_text("closed")


def test_other_systems_read_that_an_answer_is_being_written(workspace, server, desks):
    printed = server.provision(
        f"workspace: {workspace.name}\naccess_tokens: [{{name: reports, key: k, claims: [errand_data]}}]\n")
    ana = desks(workspace, "ana")
    errand = create(workspace)
    take(ana, errand)

    def is_written():
        request = urllib.request.Request(
            f"{server.url}/s/{workspace.name}/capi/json/c3_errand_reports/{errand}",
            headers={"Authorization": f"Bearer {printed['access_tokens']['reports']}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())["data"]["attributes"]["basic"]["data"]["hasAnswer"]

    assert is_written() is False
    ana.part("answer-body").fill("Dear Maria,")
    wait_for("the draft to be told", is_written)
    ana.page.reload()
    expect(ana.part("answer-body")).to_have_value("Dear Maria,")
    ana.part("answer-body").fill("")
    wait_for("the draft's end to be told", lambda: not is_written())
