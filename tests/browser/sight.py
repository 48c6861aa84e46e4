"""What has to hold of every page that is looked at: no axe violation in either theme, nothing wider than a phone."""

from axe_playwright_python.sync_playwright import Axe

PHONE = 320
_axe = Axe()


def look_at(page):
    """Check the page that is open, in both themes and at 320 px. Raises AssertionError that names every fault."""
    faults = []
    size = page.viewport_size
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is measured half way
        results = _axe.run(page)
        if results.violations_count:
            faults.append(f"{scheme}: {results.generate_report()}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": PHONE, "height": 720})
    if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE:
        faults.append(f"{width} px wide on a {PHONE} px screen")
    page.set_viewport_size(size)
    assert not faults, f"{page.url}: " + "\n".join(faults)
