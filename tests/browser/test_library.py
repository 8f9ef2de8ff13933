# The library in a real browser: administrators fill it, agents find and read what stands there.

import pytest
from playwright.sync_api import expect

HOSTILE = "<script>document.body.innerHTML = 'owned'</script>"


@pytest.fixture
def workspace(make_workspace, server):
    made = make_workspace()
    server.provision(f"""
workspace: {made.name}
agents:
  - {{login_name: ada, user_name: Ada Alm, password: a demo passphrase, admin_level: administrator}}
""")
    return made


def fits(page):
    """The page is no wider than the screen, in light and in dark."""
    for width in (1200, 800, 400):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wider, f"{page.url} is wider than a screen of {width}"
    page.set_viewport_size({"width": 1200, "height": 900})


def test_a_library_is_made_and_read(workspace, desks):
    ada = desks(workspace, "ada")
    page = ada.page
    page.locator("#admin-library").click()
    expect(ada.part("nothing")).to_be_visible()
    form = ada.part("new-library")
    form.get_by_label("Name").fill("Returns")
    form.get_by_label("Name").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Returns")).to_be_visible()
    fits(page)
    page.locator("#back-to-library").click()
    ada.part("new-category").get_by_label("Name").fill("Shoes")
    ada.part("new-category-save").click()
    expect(page.get_by_role("heading", level=1, name="Shoes")).to_be_visible()
    page.locator("#back-to-library").click()
    ada.part("new-question-save").click()
    # What is wrong is said beside its field.
    subject = ada.part("new-question").get_by_label("Subject")
    expect(subject).to_be_focused()
    expect(subject).to_have_attribute("aria-invalid", "true")
    subject.fill("How do I send shoes back?")
    subject.press("Enter")

    expect(page.get_by_role("heading", level=1, name="How do I send shoes back?")).to_be_visible()
    page.get_by_label("Question", exact=True).fill("<p>They do not fit.</p>")
    page.get_by_label("Answer", exact=True).fill("<ol><li>Print the label.</li><li>Off to the shop.</li></ol>" + HOSTILE)
    page.get_by_label("On the list of the most asked").check()
    page.get_by_label("Returns", exact=True).check()
    page.get_by_label("Shoes", exact=True).check()
    ada.part("question-save").click()
    expect(ada.part("notice")).to_contain_text("Saved")
    expect(page.get_by_label("Returns", exact=True)).to_be_checked()
    ada.part("add-files").set_input_files([
        {"name": "label.html", "mimeType": "text/html", "buffer": HOSTILE.encode()},
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Apple Pen"}])
    expect(ada.part("library-file")).to_have_count(2)
    ada.part("library-file").filter(has_text="note.txt").get_by_role("button").click()
    expect(ada.part("library-file")).to_have_count(1)
    fits(page)

    ana = desks(workspace, "ana")
    page = ana.page
    ana.part("library").click()
    expect(ana.part("library-line")).to_have_count(1)
    fits(page)
    page.get_by_label("Look for").fill("LABEL")
    page.get_by_label("Where").select_option("in questions")
    ana.part("library-look").click()
    expect(ana.part("nothing")).to_be_visible()
    page.get_by_label("Where").select_option("in answers")
    page.get_by_label("Look for").press("Enter")
    page.get_by_role("link", name="How do I send shoes back?").click()
    expect(ana.part("library-answer")).to_contain_text("1. Print the label.")
    expect(ana.part("library-answer")).not_to_contain_text("owned")
    fits(page)
    with page.expect_download() as download:
        ana.part("library-file").click()
    assert download.value.suggested_filename == "label.html"
    assert download.value.path().read_text() == HOSTILE
    expect(ana.part("library-answer")).to_be_visible()
    assert ana.page.locator("#change-question").count() == 0

    # Deleting asks first.
    page = ada.page
    page.once("dialog", lambda dialog: dialog.dismiss())
    ada.part("delete-entry-button").click()
    expect(page.get_by_role("heading", level=1, name="How do I send shoes back?")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    ada.part("delete-entry-button").click()
    expect(ada.part("notice")).to_contain_text("deleted")
    expect(ada.part("nothing")).to_be_visible()
    assert not ada.complaints and not ana.complaints
