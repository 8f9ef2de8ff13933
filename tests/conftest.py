# What every test around a running server may ask for; each runs once an engine.
import itertools
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from harness.cention import CentionClient
from harness.database import ENGINES
from harness.desk import Desk
from harness.receiver import Receiver
from harness.server import Server

CHROMIUM = os.environ.get("SWITCHBOARD_TEST_CHROMIUM", "/usr/bin/chromium-headless-shell")
ARTIFACTS = Path(
    os.environ.get("SWITCHBOARD_TEST_ARTIFACTS", Path(__file__).parents[1] / ".build/test-artifacts"))
PASSWORD = "a demo passphrase"


@pytest.fixture(scope="module", params=list(ENGINES))
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def server(engine):
    """A running server on a fresh store, for all tests of a file."""
    server = Server(engine)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        server.clear()


@pytest.fixture(scope="module")
def receiver():
    """A process that gets the callbacks."""
    receiver = Receiver()
    yield receiver
    receiver.stop()


class Workspace:
    """A provisioned workspace: its name, what provisioning printed, and where its callbacks arrive."""

    def __init__(self, server, receiver, name, printed, path):
        self.server, self.receiver, self.name, self.printed, self.path = server, receiver, name, printed, path

    def client(self, token="web-form"):
        return CentionClient(self.server.url, self.name, self.printed["access_tokens"][token])

    def callbacks(self):
        return self.receiver.received(self.path)


numbers = itertools.count(1)


@pytest.fixture
def make_workspace(server, receiver):
    """Makes a workspace of its own for a test, with agents ana, bo and cy who serve the area Support."""

    def make(offer_timeout_s=600, capacity=5):
        receiver.behave()
        name = f"w{next(numbers)}"
        path = f"/{name}/answered"
        agents = "\n".join(
            f"  - {{login_name: {login}, user_name: {login.title()} Alm, password: {PASSWORD}, "
            f"admin_level: agent, capacity: {{errand: {capacity}}}}}"
            for login in ("ana", "bo", "cy"))
        printed = server.provision(f"""
workspace: {name}
organisation: Tests
time_zone: Europe/Stockholm
callback_networks: [127.0.0.0/8]
not_ready_reasons:
  - {{code: LUNCH, text: Lunch, default: true}}
  - {{code: MEET, text: Team meeting}}
agents:
{agents}
areas:
  - {{name: Support, offer_timeout_s: {offer_timeout_s}}}
agent_groups:
  - {{name: Everyone, agents: [ana, bo, cy], areas: [Support]}}
access_tokens:
  - {{name: web-form, key: form-key, claims: [create_errand], channel: form, area: Support}}
callbacks:
  - {{name: crm, endpoint: "{receiver.url}{path}", secret: "123456", event: answer_errand, areas: [Support]}}
""")
        return Workspace(server, receiver, name, printed, path)

    return make


@pytest.fixture(scope="session")
def browser():
    assert Path(CHROMIUM).exists(), f"{CHROMIUM} is missing: 'bin/deps test' installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def desks(browser, server):
    """All desks of a test: `desks(workspace, "ana")` signs ana in, in a browser context of her own."""
    opened = []

    def open_desk(workspace, login_name, password=PASSWORD):
        desk = Desk(browser, server.url, workspace.name, login_name)
        opened.append(desk)
        desk.sign_in(password)
        return desk

    open_desk.opened = opened
    yield open_desk
    complaints = [f"{desk.login_name}: {text}" for desk in opened for text in desk.complaints]
    for desk in opened:
        desk.close()
    assert not complaints, "the page complained: " + "; ".join(complaints)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Keeps what a failed test looked like: a picture and the HTML of each desk, the server's log."""
    report = yield
    if not report.failed:
        return report
    folder = ARTIFACTS / re.sub(r"[^A-Za-z0-9_.-]+", "-", item.name)
    folder.mkdir(parents=True, exist_ok=True)
    arguments = getattr(item, "funcargs", {})
    for n, desk in enumerate(getattr(arguments.get("desks"), "opened", [])):
        try:
            file = folder / f"{n}-{desk.login_name}"
            desk.page.screenshot(path=file.with_suffix(".png"))
            file.with_suffix(".html").write_text(desk.page.content())
        except Exception as problem:  # a page that is gone must not hide the failure itself
            report.sections.append((f"desk of {desk.login_name}", f"no picture: {problem}"))
    if server := arguments.get("server"):
        if server.log.exists():
            (folder / "server.log").write_bytes(server.log.read_bytes())
        report.sections.append(("server log", server.log_tail()))
    report.sections.append(("kept in", str(folder)))
    return report
