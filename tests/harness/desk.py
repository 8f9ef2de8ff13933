# An agent at the desk, in a browser context of their own. The page is known by its data-test attributes only.
import re

from playwright.sync_api import Error, expect

WAIT_MAX_MS = 30_000

READY = re.compile(r"^(?![\s\S]*\b(not ready|unavailable)\b)[\s\S]*\b(ready|available)\b", re.I)
NOT_READY = re.compile(r"\b(not ready|unavailable)\b", re.I)

# Counts how often an offer came into sight, over reloads too.
COUNT_OFFERS = """
if (window === window.top) {
    let shown = false;
    const look = () => {
        const found = document.querySelectorAll('[data-test=offer]');
        const visible = [...found].some((offer) => offer.checkVisibility());
        if (visible && !shown) {
            sessionStorage.setItem('offersSeen', Number(sessionStorage.getItem('offersSeen') ?? 0) + 1);
        }
        shown = visible;
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
    document.addEventListener('DOMContentLoaded', look);
}
"""

expect.set_options(timeout=WAIT_MAX_MS)


class Desk:
    def __init__(self, browser, server_url, workspace, login_name):
        self.login_name = login_name
        self.url = f"{server_url}/s/{workspace}/desk"
        self.context = browser.new_context(viewport={"width": 1200, "height": 800})
        self.context.set_default_timeout(WAIT_MAX_MS)
        self.context.add_init_script(COUNT_OFFERS)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message):
        # A refused script or style is a fault of the page; a failed load may be what a test is about.
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def part(self, name):
        return self.page.locator(f"[data-test={name}]")

    def open(self):
        self.page.goto(self.url)

    def sign_in(self, password):
        self.page.goto(f"{self.url}/sign-in")
        form = self.page.locator("form[data-test=sign-in]")
        form.locator("[name=login_name]").fill(self.login_name)
        form.locator("[name=password]").fill(password)
        form.locator("[name=password]").press("Enter")

    def go_ready(self):
        self.part("go-ready").click()
        expect(self.part("presence")).to_have_text(READY)

    def go_not_ready(self, reason):
        self.part("reason").select_option(label=reason)
        self.part("go-not-ready").click()
        expect(self.part("presence")).to_have_text(NOT_READY)

    def accept(self):
        """Accepts what is offered and opens it, where the desk has not done so itself."""
        self.part("accept").click()
        subject = self.part("subject")
        expect(subject.or_(self.part("my-errand")).first).to_be_visible()
        if not subject.is_visible():
            errand = self.part("my-errand").first
            link = errand.locator("a")
            (link.first if link.count() else errand).click()
            expect(subject).to_be_visible()

    def plant_mark(self):
        """A mark that a reload of the page would lose."""
        self.page.evaluate("window.plantedMark = true")

    def has_mark(self):
        return self.page.evaluate("window.plantedMark === true")

    def offers_seen(self):
        return self.page.evaluate("Number(sessionStorage.getItem('offersSeen') ?? 0)")

    def keep_working(self):
        """One step of an agent under load: accept, get ready again, or come back to the desk. Never waits."""
        try:
            if not self.part("presence").is_visible():
                self.open()
            elif self.part("accept").first.is_visible():
                self.part("accept").first.click(timeout=1000)
            elif NOT_READY.search(self.part("presence").inner_text(timeout=1000)):
                self.part("go-ready").click(timeout=1000)
            elif not self.part("go-ready").or_(self.part("go-not-ready")).first.is_visible():
                self.open()
        except Error:
            pass  # what was there a moment ago has gone, or the server has

    def close(self):
        self.context.close()
