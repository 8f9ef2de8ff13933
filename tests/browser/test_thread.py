# The thin thread in a real browser: from the wire to the agent and back to the customer's own system.
import json

from harness.desk import NOT_READY, READY
from harness.waiting import wait_for
from playwright.sync_api import expect

SUBJECT = "Var är mitt paket? 5 < 6 & <i>so on</i>"
QUESTION = 'It should have come on Monday.\nTracking says "on its way" & <b>nothing</b> else: 荷物 📦'
ANSWER = "It comes tomorrow: 5 < 6 & <b>sorry</b>.\nBest wishes, Ana"


class Integer:
    """Equal to any JSON integer, and to nothing that merely looks like one."""

    def __eq__(self, other):
        return type(other) is int and other > 0

    def __repr__(self):
        return "<a positive integer>"


def create(client, subject=SUBJECT, body=QUESTION, **options):
    status, document = client.create_errand(subject, body, **options)
    assert status == 201, document
    errand = document["data"]["id"]
    assert isinstance(errand, str) and int(errand) > 0
    assert document == {"data": {"type": "c3_new_errands", "id": errand}}
    return errand


def answered(workspace, count=1):
    """The first callbacks that were answered with success."""
    def arrived():
        taken = [record for record in workspace.callbacks() if record["status"] == 200]
        return taken if len(taken) >= count else None
    return wait_for(f"{count} callbacks", arrived)


def test_an_errand_goes_from_the_wire_to_the_agent_and_back(make_workspace, desks):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    ana.go_ready()
    bo = desks(workspace, "bo")
    bo.go_ready()
    ana.plant_mark()

    errand = create(workspace.client(), chunked=True)

    # Ana has been idle longest. The offer appears by itself.
    expect(ana.part("offer")).to_be_visible()
    assert ana.has_mark(), "the page was reloaded"

    ana.accept()
    expect(ana.part("subject")).to_contain_text(SUBJECT)
    expect(ana.part("message-body").first).to_contain_text("It should have come on Monday.")
    expect(ana.part("message-body").first).to_contain_text(
        'says "on its way" & <b>nothing</b> else: 荷物 📦')
    assert workspace.callbacks() == []

    ana.part("answer-body").fill(ANSWER)
    ana.part("answer-and-close").click()
    check_callback(answered(workspace)[0], errand)

    ana.open()
    expect(ana.part("presence")).to_have_text(READY)
    expect(ana.part("my-errand")).to_have_count(0)
    expect(ana.part("offer")).to_have_count(0)
    assert bo.offers_seen() == 0, "bo saw an offer that was made to ana"
    assert len(workspace.callbacks()) == 1


def check_callback(record, errand):
    assert record["headers"]["Content-Type"] == "application/vnd.api+json"
    document = json.loads(record["body"])
    event = document["data"]["id"]
    assert isinstance(event, str) and int(event) > 0
    response = document["included"][0]["attributes"]["answer"]["response"]
    body, html_body = response["body"], response["html_body"]
    assert document == {
        "data": {
            "type": "c3_callback_answer_errands",
            "id": event,
            "attributes": {"event": 1},
            "relationships": {"errand": {"data": {"type": "c3_answer_errands", "id": errand}}},
        },
        "included": [{
            "type": "c3_answer_errands",
            "id": errand,
            "attributes": {
                "c3_id": int(errand),
                "answer": {
                    "c3_id": Integer(),
                    "response": {
                        "c3_id": Integer(),
                        "subject": SUBJECT,
                        "body": body,
                        "html_body": html_body,
                        "to": [{
                            "c3_id": Integer(),
                            "email_address": "maria.lund@example.com",
                            "name": "Maria Lund",
                        }],
                    },
                },
                "service": {"c3_id": 16, "name": "Form", "type": 19},
            },
        }],
        "meta": {"api_secret": "123456"},
    }
    # The answer first, then what it answers.
    lines = body.replace("\r\n", "\n")
    assert lines.startswith(ANSWER)
    assert f"Errand: #{errand}-1" in lines and "It should have come on Monday." in lines
    assert "5 &lt; 6 &amp; &lt;b&gt;sorry&lt;/b&gt;" in html_body
    assert f"Errand: #{errand}-1" in html_body and "&lt;b&gt;nothing&lt;/b&gt;" in html_body


def test_an_unanswered_offer_disappears_and_goes_to_the_next_agent(make_workspace, desks):
    workspace = make_workspace(offer_timeout_s=5)
    ana = desks(workspace, "ana")
    ana.go_ready()
    bo = desks(workspace, "bo")
    bo.go_ready()
    ana.plant_mark()
    bo.plant_mark()

    create(workspace.client())
    expect(ana.part("offer")).to_be_visible()
    expect(bo.part("offer")).to_be_visible()
    expect(ana.part("offer")).to_have_count(0)
    expect(ana.part("presence")).to_have_text(READY)
    assert ana.has_mark() and bo.has_mark(), "a page was reloaded"


def test_two_unanswered_offers_make_the_agent_not_ready(make_workspace, desks):
    workspace = make_workspace(offer_timeout_s=3)
    ana = desks(workspace, "ana")
    ana.go_ready()
    ana.plant_mark()
    client = workspace.client()
    create(client, subject="The first")
    create(client, subject="The second")

    expect(ana.part("offer").first).to_be_visible()
    expect(ana.part("presence")).to_have_text(NOT_READY)
    expect(ana.part("offer")).to_have_count(0)
    expect(ana.part("notice")).to_be_visible()
    expect(ana.part("notice")).not_to_be_empty()
    assert ana.has_mark(), "the page was reloaded"

    # Nothing is lost: the next agent who is ready gets it.
    bo = desks(workspace, "bo")
    bo.go_ready()
    expect(bo.part("offer").first).to_be_visible()


def test_a_declined_offer_goes_to_the_next_agent(make_workspace, desks):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    ana.go_ready()
    bo = desks(workspace, "bo")
    bo.go_ready()
    create(workspace.client())
    expect(ana.part("offer")).to_be_visible()
    ana.part("decline").click()
    expect(bo.part("offer")).to_be_visible()
    expect(ana.part("offer")).to_have_count(0)


def test_an_errand_that_ends_on_the_wire_leaves_the_desk(make_workspace, desks):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    ana.go_ready()
    ana.plant_mark()
    client = workspace.client()
    errand = create(client)
    expect(ana.part("offer")).to_be_visible()

    status, document = client.end_errand(errand, "Answered by another system.")
    assert (status, document) == (201, {"data": {"type": "c3_end_errands", "id": errand}})
    expect(ana.part("offer")).to_have_count(0)
    assert ana.has_mark(), "the page was reloaded"
    callback = json.loads(answered(workspace)[0]["body"])
    response = callback["included"][0]["attributes"]["answer"]["response"]
    assert response["body"].startswith("Answered by another system.")


def test_a_receiver_that_fails_gets_the_same_callback_again(make_workspace):
    workspace = make_workspace()
    workspace.receiver.behave(fail_first=1)
    client = workspace.client()
    errand = create(client)
    client.end_errand(errand, "Done.")
    taken = answered(workspace)
    tries = workspace.callbacks()
    assert [record["status"] for record in tries] == [500, 200]
    assert len(taken) == 1
    assert json.loads(tries[0]["body"]) == json.loads(tries[1]["body"])


def test_an_agent_who_is_not_ready_says_why_and_gets_no_offer(make_workspace, desks):
    workspace = make_workspace()
    ana = desks(workspace, "ana")
    ana.go_ready()
    ana.go_not_ready("Team meeting")
    expect(ana.part("presence")).to_contain_text("Team meeting")
    bo = desks(workspace, "bo")
    bo.go_ready()
    create(workspace.client())
    expect(bo.part("offer")).to_be_visible()
    assert ana.offers_seen() == 0


def test_only_the_right_password_signs_in_and_signing_out_ends_it(make_workspace, desks):
    workspace = make_workspace()
    wrong = desks(workspace, "ana", password="not the passphrase")
    expect(wrong.page.locator("form[data-test=sign-in]")).to_be_visible()
    wrong.open()
    expect(wrong.page.locator("form[data-test=sign-in]")).to_be_visible()

    ana = desks(workspace, "ana")
    expect(ana.part("presence")).to_be_visible()
    ana.part("sign-out").click()
    expect(ana.page.locator("form[data-test=sign-in]")).to_be_visible()
    ana.open()
    expect(ana.page.locator("form[data-test=sign-in]")).to_be_visible()
    expect(ana.part("presence")).to_have_count(0)
