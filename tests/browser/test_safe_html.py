# Cleaned mails in a page without any sandbox: no script runs, no request leaves, nothing navigates.
#
# The Swift suites hold that each `Mails/NAME.html` becomes `Mails/NAME.clean.html`; here the browser reads the
# latter. The mails as they came are read too: a trap that catches nothing there would prove nothing here.
from pathlib import Path

import pytest

MAILS = Path(__file__).parents[2] / "Tests/SafeHTMLTests/Mails"
NAMES = sorted(path.name.removesuffix(".clean.html") for path in MAILS.glob("*.clean.html"))
# What the browser itself does with the mails as they came. The others hold no script of their own.
DANGEROUS = {"scripts", "handlers", "frames", "vector", "styles", "mutation", "comments", "remote", "deep"}
PAGE = "http://desk.example/mail"

# Scripts in the mails call ran(); so do the browser's own dialogues and policies where they can be heard.
TRAP = """
window.caught = [];
window.ran = what => { window.caught.push(String(what)); };
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = () => ran(name);
"""

# All that a person could set off, and the rewriting that turns harmless markup into harmful.
POKE = """
async () => {
  const all = () => [...document.body.querySelectorAll('*')];
  const strange = () => all().flatMap(element => [...element.attributes]
      .filter(a => /^on|^(id|name|class|srcdoc|srcset|action|formaction|background|ping)$|:/.test(a.name)
          || /^\\s*(javascript|vbscript|data):/i.test(a.value))
      .map(a => element.localName + ' ' + a.name));
  const poke = () => {
    for (const element of all()) {
      for (const type of ['mouseover', 'mouseenter', 'pointerenter', 'focus', 'load', 'error', 'toggle', 'animationstart'])
        element.dispatchEvent(new Event(type));
      element.addEventListener('click', event => event.preventDefault());
      element.click();
    }
  };
  poke();
  for (let round = 0; round < 4; round++) {
    document.body.innerHTML = document.body.innerHTML;
    poke();
  }
  const kinds = [...new Set(all().map(element => element.namespaceURI))];
  await new Promise(resolve => setTimeout(resolve, 0));
  return {strange: strange(), kinds, title: document.title, clobbered: document.forms.length};
}
"""


class Visit:
    """One mail in one page, and all that it tried."""

    def __init__(self, browser, html, poke=True):
        context = browser.new_context()
        self.left, self.moved = [], []
        try:
            page = context.new_page()
            document = f"<!doctype html><title>desk</title><script>{TRAP}</script><body>{html}</body>"

            def answer(route):
                url = route.request.url
                if url == PAGE and not self.visited:
                    self.visited = True
                    route.fulfill(content_type="text/html; charset=utf-8", body=document)
                else:
                    self.left.append(url)
                    route.abort()

            self.visited = False
            context.route("**/*", answer)
            page.on("framenavigated", lambda frame: self.moved.append(frame.url))
            page.on("dialog", lambda dialog: dialog.dismiss())
            context.on("page", lambda other: self.moved.append("a new window"))
            page.goto(PAGE, wait_until="load")
            self.found = page.evaluate(POKE) if poke else None
            self.caught = page.evaluate("window.caught")
            # The parts' own pictures are put in place by the desk; a page alone cannot ask for a content id.
            self.left = [url for url in self.left if not url.startswith("cid:")]
        finally:
            context.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_cleaned_mail_does_nothing(browser, name):
    visit = Visit(browser, (MAILS / f"{name}.clean.html").read_text())
    assert visit.caught == []
    assert visit.left == []
    assert visit.moved == [PAGE]
    assert visit.found == {
        "strange": [], "kinds": ["http://www.w3.org/1999/xhtml"], "title": "desk", "clobbered": 0}


@pytest.mark.parametrize("name", sorted(DANGEROUS))
def test_the_trap_catches_the_mail_as_it_came(browser, name):
    mail = (MAILS / f"{name}.html").read_bytes().decode(errors="replace")
    visit = Visit(browser, mail, poke=False)
    assert visit.caught or visit.left
