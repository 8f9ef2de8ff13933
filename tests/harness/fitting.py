# Whether a page fits its screen.


def fits(page):
    """The page is no wider than the screen, in light and in dark."""
    for width in (1200, 800, 400):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wider, f"{page.url} is wider than a screen of {width}"
    page.set_viewport_size({"width": 1200, "height": 900})
