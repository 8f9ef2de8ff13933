# The queues' day in a real browser: it follows what happens, in light and in dark.
from harness.desk import WAIT_MAX_MS
from playwright.sync_api import expect


PASSWORD = "a demo passphrase"


def test_the_day_of_a_queue_follows_what_happens(make_workspace, server, desks):
    workspace = make_workspace()
    server.provision(f"""
workspace: {workspace.name}
agents:
  - {{login_name: ed, user_name: Ed Stone, password: {PASSWORD}, admin_level: administrator}}
""")
    ed = desks(workspace, "ed")
    ed.page.locator("#admin-queues").click()
    expect(ed.part("offered").first).to_have_text("0")
    expect(ed.part("live")).to_have_text("live")
    status, document = workspace.client().create_errand("One", "Hello")
    assert status == 201, document
    expect(ed.part("offered").first).to_have_text("1", timeout=WAIT_MAX_MS)
    expect(ed.part("picture").first).to_be_visible()
    for scheme in ["light", "dark"]:
        ed.page.emulate_media(color_scheme=scheme)
        assert ed.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert ed.complaints == []
