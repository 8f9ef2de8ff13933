# The desk in a frame of another site's page: signing in by access key, and working there, in a real browser.
# `localhost` and 127.0.0.1 are two sites to a browser; two ports of one address are one site.
import hashlib
import hmac
import http.server
import json
import threading
import urllib.error
import urllib.request
from http import HTTPStatus

import pytest
from harness.desk import COUNT_OFFERS, NOT_READY, READY, WAIT_MAX_MS
from playwright.sync_api import expect

PAGE = """<!doctype html><html lang="en"><title>CRM</title>
<style>html, body {{ margin: 0; height: 100% }} iframe {{ border: 0; width: 100%; height: 95vh }}</style>
<h1 style="font: 16px sans-serif; margin: 4px">CRM</h1><iframe id="desk" src="{frame}"></iframe>
<script>
    window.answers = [];
    addEventListener("message", (event) => answers.push([event.origin, event.data]));
    function send(words, target) {{ document.getElementById("desk").contentWindow.postMessage(words, target); }}
</script></html>"""


class Embedding:
    """A site of its own at `localhost`, with a page that frames the desk."""

    def __init__(self):
        outer = self
        self.frame = ""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = PAGE.format(frame=outer.frame).encode()
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.origin = f"http://localhost:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Keys:
    """The Agent API, as an administrator's program calls it."""

    def __init__(self, server, workspace, key):
        self.server, self.workspace, self.key = server, workspace, key

    def call(self, method, path, **fields):
        values = "".join(f":{fields[name]}" for name in sorted(fields))
        text = f"{self.key['access_key_id']}:{self.workspace}:{path}{values}"
        signature = hmac.new(self.key["secret_access_key"].encode(), text.encode(), hashlib.sha256).hexdigest()
        request = urllib.request.Request(
            f"{self.server.url}/s/{self.workspace}{path}", method=method,
            data=json.dumps(fields).encode() if fields else None,
            headers={"Authorization": f"CENTION1-HMAC-SHA256 {self.key['access_key_id']},{signature}",
                     "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as answer:
            return answer.code, json.loads(answer.read())

    def agents(self):
        return {line["login_name"]: line["id"] for line in self.call("GET", "/v1/agent")[1]["data"]}

    def mint(self, login, expiry=0):
        status, key = self.call("POST", f"/v1/agent/{self.agents()[login]}/access-key", expiry=expiry)
        assert status == 200, key
        return key

    def revoke(self, login, key):
        status, answer = self.call(
            "DELETE", f"/v1/agent/{self.agents()[login]}/access-key/{key['access_key_id']}")
        assert status == 200, answer


@pytest.fixture
def site():
    site = Embedding()
    yield site
    site.stop()


@pytest.fixture
def keys(server, make_workspace, site):
    """A workspace that lists the site, and who may mint keys there."""
    workspace = make_workspace()
    printed = server.provision(f"""
workspace: {workspace.name}
embed_origins: ["{site.origin}"]
agents:
  - {{login_name: root, user_name: Root, admin_level: administrator}}
  - {{login_name: eye, user_name: Eye, admin_level: observer}}
access_keys:
  - {{name: boot, agent: root}}
""")
    keys = Keys(server, workspace.name, printed["access_keys"][0])
    keys.of = workspace
    return keys


@pytest.fixture
def crm(browser, server, keys, site):
    """The embedding page in a browser, with the desk in its frame."""
    site.frame = f"{server.url}/s/{keys.of.name}/desk"
    context = browser.new_context(viewport={"width": 1200, "height": 860})
    context.set_default_timeout(WAIT_MAX_MS)
    context.add_init_script(COUNT_OFFERS)
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(site.origin)
    yield page
    assert page.complaints == []
    context.close()


def desk(page):
    return page.frame_locator("#desk")


def part(page, name):
    return desk(page).locator(f"[data-test={name}]")


def login(page, server, key, **other):
    """Sends the message and answers what came back, once it has."""
    before = page.evaluate("answers.length")
    words = {"type": "cention.login", "access_key_id": key["access_key_id"],
             "secret_access_key": key["secret_access_key"]} | other
    page.evaluate("([words, target]) => send(words, target)", [words, server.url])
    page.wait_for_function("before => answers.length > before", arg=before)
    origin, answer = page.evaluate("answers.at(-1)")
    assert origin == server.url
    return answer


def test_an_agent_signs_in_by_key_and_works_in_the_frame(crm, server, keys):
    expect(desk(crm).locator("form[data-test=sign-in]")).to_be_visible()
    key = keys.mint("ana")
    assert login(crm, server, key) == {"type": "cention.login", "ok": True}
    expect(part(crm, "presence")).to_have_text(NOT_READY)
    expect(part(crm, "live")).to_have_text("live")
    # Sent again, as a page does that sends after each load: nothing changes.
    assert login(crm, server, key)["ok"]
    expect(part(crm, "live")).to_have_text("live")
    part(crm, "go-ready").click()
    expect(part(crm, "presence")).to_have_text(READY)
    # The stream tells of an offer, and the errand is answered here.
    status, document = keys.of.client().create_errand("In a frame", "Does it work?")
    assert status == 201
    errand = document["data"]["id"]
    expect(part(crm, "offer")).to_be_visible()
    part(crm, "accept").click()
    expect(part(crm, "subject")).to_have_text("In a frame")
    part(crm, "answer-body").click()
    crm.keyboard.type("It does.")
    part(crm, "answer-and-close").click()
    expect(part(crm, "notice")).to_contain_text("Your answer was stored")
    cookies = {c["name"]: c for c in crm.context.cookies()}
    assert cookies["switchboard_embedded"]["sameSite"] == "None"
    assert cookies["switchboard_embedded"]["secure"] and cookies["switchboard_embedded"]["httpOnly"]
    assert "switchboard_session" not in cookies
    # At the desk's own address nobody is signed in by it: the cookie is the frame's.
    own = crm.context.new_page()
    own.goto(f"{server.url}/s/{keys.of.name}/desk/errands/{errand}")
    expect(own.locator("form[data-test=sign-in]")).to_be_visible()
    own.close()
    part(crm, "sign-out").click()
    expect(part(crm, "notice")).to_have_text("You are signed out.")
    assert "switchboard_embedded" not in {c["name"] for c in crm.context.cookies()}
    # And in again.
    assert login(crm, server, key)["ok"]
    expect(part(crm, "presence")).to_have_text(NOT_READY)


def test_what_is_refused_is_said_to_the_sender(crm, server, keys):
    expect(desk(crm).locator("form[data-test=sign-in]")).to_be_visible()
    key = keys.mint("bo")
    wrong = login(crm, server, key, secret_access_key="a guess")
    assert wrong == {"type": "cention.login", "ok": False, "error": "The access key or its secret is not right."}
    assert login(crm, server, key, secret_access_key=7) == {
        "type": "cention.login", "ok": False, "error": "access_key_id and secret_access_key are texts."}
    keys.revoke("bo", key)
    assert "was revoked" in login(crm, server, key)["error"]
    gone = keys.mint("cy")
    assert keys.call("DELETE", f"/v1/agent/{keys.agents()['cy']}")[0] == 200
    assert "deleted" in login(crm, server, gone)["error"]
    expect(desk(crm).locator("form[data-test=sign-in]")).to_be_visible()
    # Other messages are not for us.
    count = crm.evaluate("answers.length")
    crm.evaluate("target => send({type: 'something.else'}, target)", server.url)
    assert login(crm, server, keys.mint("eye"))["ok"]
    assert crm.evaluate("answers.length") == count + 1
    expect(part(crm, "presence")).to_be_visible()


def test_a_revoked_key_ends_the_frames_session_at_once(crm, server, keys):
    expect(desk(crm).locator("form[data-test=sign-in]")).to_be_visible()
    key = keys.mint("ana")
    assert login(crm, server, key)["ok"]
    expect(part(crm, "live")).to_have_text("live")
    keys.revoke("ana", key)
    expect(desk(crm).locator("form[data-test=sign-in]")).to_be_visible()
    expect(part(crm, "notice")).to_contain_text("Your session has ended")
    # Another key brings her back to where she was.
    assert login(crm, server, keys.mint("ana"))["ok"]
    expect(part(crm, "live")).to_have_text("live")


def test_other_origins_neither_frame_the_desk_nor_are_heard(browser, server, keys, site):
    stranger = Embedding()  # another port: another origin, though the same site
    try:
        stranger.frame = f"{server.url}/s/{keys.of.name}/desk"
        page = browser.new_context().new_page()
        refused = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(stranger.origin)
        page.wait_for_function("document.getElementById('desk').contentDocument === null")
        frame = page.frames[1]
        assert frame.url.startswith("chrome-error:"), frame.url
        assert any("frame-ancestors" in text for text in refused), refused
        page.context.close()
        # A window that the desk's page did not come from: in the listed page, a second frame of the stranger.
        site.frame = f"{server.url}/s/{keys.of.name}/desk"
        page = browser.new_context().new_page()
        page.goto(site.origin)
        expect(page.frame_locator("#desk").locator("form[data-test=sign-in]")).to_be_visible()
        page.evaluate("""origin => new Promise((done) => {
            const other = document.createElement('iframe');
            other.id = 'other';
            other.onload = done;
            other.src = origin;
            document.body.append(other);
        })""", stranger.origin)
        other = next(f for f in page.frames if f.url.startswith(stranger.origin))
        key = keys.mint("ana")
        words = {"type": "cention.login", "access_key_id": key["access_key_id"],
                 "secret_access_key": key["secret_access_key"]}
        other.evaluate("([words, target]) => window.parent.frames[0].postMessage(words, target)",
                       [words, server.url])
        # The listed page is answered, later than the stranger would have been.
        assert login(page, server, key)["ok"]
        assert other.evaluate("answers") == []
        assert page.evaluate("answers.length") == 1
        page.context.close()
    finally:
        stranger.stop()


def test_another_site_rides_no_session(crm, server, keys):
    """A page of a third kind, in the same browser, asks with the browser's cookies and gets nothing."""
    expect(desk(crm).locator("form[data-test=sign-in]")).to_be_visible()
    assert login(crm, server, keys.mint("ana"))["ok"]
    expect(part(crm, "live")).to_have_text("live")
    evil = Embedding()
    try:
        page = crm.context.new_page()
        page.goto(evil.origin)
        with crm.context.expect_page() as popup:
            page.evaluate("""target => {
                const form = document.createElement('form');
                form.method = 'post';
                form.action = target;
                form.target = '_blank';
                form.innerHTML = '<input name="to" value="ready">';
                document.body.append(form);
                form.submit();
            }""", f"{server.url}/s/{keys.of.name}/desk/presence")
        ridden = popup.value
        expect(ridden.locator("form[data-test=sign-in]")).to_be_visible()
        seen = page.evaluate("""target => fetch(target, { credentials: 'include', mode: 'no-cors' })
            .then((answer) => answer.type)""", f"{server.url}/s/{keys.of.name}/desk")
        assert seen == "opaque"
        expect(part(crm, "presence")).to_have_text(NOT_READY)
    finally:
        evil.stop()
