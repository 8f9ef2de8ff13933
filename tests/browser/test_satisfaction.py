# The satisfaction meter, from the callback's links to the customer's browser and back to report and desk.
import json
import re
import urllib.request

from harness.waiting import wait_for
from playwright.sync_api import expect

LABELS = ["Not at all", "A little", "Fairly", "Quite", "Very <much>"]


def asking(server, workspace):
    printed = server.provision(f"""
workspace: {workspace.name}
areas:
  - name: Support
    satisfaction:
      question: How satisfied are you with our answer?
      labels: {json.dumps(LABELS)}
access_tokens:
  - {{name: crm, key: crm-key, claims: [errand_data]}}
""")
    return printed["access_tokens"]["crm"]


def links(workspace):
    """The addresses in the callback's HTML, in the order of their labels."""
    [callback] = wait_for("the callback", workspace.callbacks)
    payload = json.loads(callback["body"])
    [errand] = [node for node in payload["included"] if node["type"] == "c3_answer_errands"]
    response = errand["attributes"]["answer"]["response"]
    found = re.findall(r'<a href="([^"]+/errands/satisfaction/meter/-/answer/[0-9a-f]+/[0-9a-f]+)"',
                       response["html_body"])
    assert len(found) == 5
    for label, link in zip(LABELS, found):
        assert f"{label}: {link}" in response["body"]
    return found


def report(workspace, token, errand):
    request = urllib.request.Request(
        f"{workspace.server.url}/s/{workspace.name}/capi/json/c3_errand_reports/{errand}",
        headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())["data"]["attributes"]


def test_a_customer_answers_once(make_workspace, desks, server, browser):
    workspace = make_workspace()
    token = asking(server, workspace)
    status, document = workspace.client().create_errand("Asked", "Are you quick?")
    assert status == 201
    errand = document["data"]["id"]
    ana = desks(workspace, "ana")
    expect(ana.part("live")).to_have_text("live")
    ana.page.goto(f"{ana.url}/errands/{errand}")
    ana.part("take").click()
    expect(ana.part("live")).to_have_text("live")
    ana.part("answer-body").click()
    ana.page.keyboard.type("We are.")
    ana.part("answer-and-close").click()
    expect(ana.part("notice")).to_contain_text("Your answer was stored")
    ana.page.goto(f"{ana.url}/errands/{errand}")
    expect(ana.part("asked")).to_contain_text("How satisfied are you with our answer?")
    expect(ana.part("asked")).to_contain_text("Very <much>")
    expect(ana.part("opinion")).to_have_text("not answered")
    expect(ana.part("live")).to_have_text("live")
    addresses = links(workspace)

    for scheme, width in [("light", 1000), ("dark", 360)]:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 640})
        customer = context.new_page()
        complaints = []
        customer.on("console", lambda message: complaints.append(message.text))
        customer.goto(addresses[4])
        expect(customer.locator("[data-test=question]")).to_have_text("How satisfied are you with our answer?")
        if scheme == "light":
            expect(customer.locator("[data-test=choice]")).to_have_text("Very <much>")
            # By keyboard.
            customer.keyboard.press("Tab")
            expect(customer.locator("[data-test=send]")).to_be_focused()
            customer.keyboard.press("Enter")
            expect(customer.locator("[data-test=message]")).to_have_text(
                "Thank you. Your answer “Very <much>” has been counted.")
        else:
            # Looked at again, elsewhere, and by another link.
            customer.goto(addresses[0])
            expect(customer.locator("[data-test=message]")).to_contain_text(
                "Your answer has been given already: “Very <much>”.")
            expect(customer.locator("form")).to_have_count(0)
        assert context.cookies() == []
        assert complaints == []
        assert customer.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()

    # The desk's page heard of it.
    expect(ana.part("opinion")).to_have_text("Very <much> (5 of 5)")
    attributes = report(workspace, token, errand)
    assert attributes["changed"] is True
    assert attributes["extended"]["feedback"] == {
        "Answer": "Very <much>", "QuestionHTML": "How satisfied are you with our answer?",
        "QuestionText": "How satisfied are you with our answer?", "value": 5}
    assert attributes["basic"]["data"]["feedbackAnswer"] == "Very <much>"
    assert attributes["basic"]["data"]["feedbackLink"] == addresses[4]
    assert addresses[4].split("/")[-1] not in server.log.read_text()
