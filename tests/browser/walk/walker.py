"""What has to hold of every page, asked of a real browser that gets the page as Django answered it."""

from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders

ADDRESS = "http://127.0.0.1:9"  # nothing listens there: every answer is given by the walk
PROBES = (Path(__file__).parent / "probes.js").read_text(encoding="utf-8")
TYPES = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
SCREEN = {"width": 1280, "height": 900}
ZOOMED = {"width": 640, "height": 450}  # the same screen at 200 %
USUAL_TEXT, LARGE_TEXT = 16, 32  # as set in the browser, in pixels
PHONE = {"width": 320, "height": 568}
AXE = "options => axe.run(document, options).then(result => result.violations)"
CONTRAST = {"runOnly": ["color-contrast", "link-in-text-block"]}  # the theme changes colours and nothing else
FONTS_ARE_THERE = "document.fonts.ready.then(() => true)"
NOTHING_IS_FETCHED = "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"


class Walker:
    """One tab in which the pages of one person are opened."""

    def __init__(self, page, bodies):
        self.page, self.bodies = page, bodies
        self.settings = page.context.new_cdp_session(page)
        page.route("**/*", self.answer)
        page.add_init_script(AXE_SCRIPT)
        page.add_init_script(PROBES)

    def answer(self, route):
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = Path(finders.find(path.removeprefix("/static/")))
            return route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        # A region that is polled stays as it was: what is looked at does not change meanwhile.
        if path not in self.bodies or route.request.headers.get("x-requested-with") == "poll":
            return route.abort()
        shown = self.bodies[path]
        return route.fulfill(status=shown.status, body=shown.body, content_type="text/html; charset=utf-8")

    def open(self, path):
        self.page.set_viewport_size(SCREEN)
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.page.goto(ADDRESS + path, wait_until="load")
        self.page.wait_for_function(NOTHING_IS_FETCHED)
        self.page.evaluate(FONTS_ARE_THERE)

    def faults(self):
        """Everything that is wrong with the page that is open, in words."""
        self.page.evaluate("walk.unfold()")
        yield from self.page.evaluate("walk.markup()")
        yield from self.seen()
        yield from self.typed()

    def seen(self):
        """With every part unfolded: axe in both themes, on a screen and on a phone; at 200 % and with larger text."""
        yield from self.axe("light", SCREEN, {})
        yield from self.axe("dark", SCREEN, CONTRAST)
        yield from self.axe("dark", PHONE, {})
        yield from self.axe("light", PHONE, CONTRAST)
        for size in (PHONE, ZOOMED, SCREEN):
            yield from self.fits(size, USUAL_TEXT)
        yield from self.fits(SCREEN, LARGE_TEXT)

    def axe(self, scheme, size, options):
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.set_viewport_size(size)
        for violation in self.page.evaluate(AXE, options):
            for node in violation["nodes"]:
                where = f"{scheme}, {size['width']} px"
                yield f"axe {violation['id']} ({where}): {node['target']} {node['failureSummary']}"

    def fits(self, size, text):
        self.page.set_viewport_size(size)
        self.settings.send("Page.setFontSizes", {"fontSizes": {"standard": text}})
        for fault in self.page.evaluate("walk.fit()"):
            yield f"{size['width']} px, text of {text} px: {fault}"
        self.settings.send("Page.setFontSizes", {"fontSizes": {"standard": USUAL_TEXT}})

    def typed(self):
        yield from self.page.evaluate("walk.mouseOnly()")
        for size in (SCREEN, PHONE):
            for fault in self.tabbed(size):
                yield f"{size['width']} px: {fault}"

    def tabbed(self, size):
        """What is wrong with a walk from the top by Tab alone."""
        page = self.page
        page.set_viewport_size(size)
        count = page.evaluate("walk.begin()")
        for _ in range(4):  # a date has a stop for its day, month and year, and for its calendar
            for _ in range(count + 2):
                page.keyboard.press("Tab")
            if page.evaluate("walk.isRound()"):
                break
        yield from page.evaluate("walk.end()")


@contextmanager
def walking(browser, shown):
    """A walker among the pages that one person was shown."""
    context = browser.new_context(viewport=SCREEN, reduced_motion="reduce", base_url=ADDRESS)
    try:
        yield Walker(context.new_page(), {each.path: each for each in shown})
    finally:
        context.close()
