"""The pictures of the guides: every one can be taken of the demo. `TAKE_PICTURES=1` takes them anew."""

import io
import math
from dataclasses import replace

import pytest
from PIL import Image

from tests.browser.conftest import ACT_MILLISECONDS, IS_TAKING, sign_in
from tests.laws.pictures import FOLDER, PICTURES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AROUND = 12  # pixels of the page around what is shown


class Studio:
    """People of the demo in front of their pages, each signed in once."""

    def __init__(self, browser, portal):
        self.browser, self.portal, self.pages = browser, portal, {}
        self.codes = self._codes()

    def _codes(self):
        """{name of a customer: code of its engagement}."""
        page = self._page_of(self.portal.logins["owner"]["email"])
        page.goto("/engagements/")
        rows = page.locator("main tbody tr").all()
        return {row.locator("td").first.inner_text().strip(): row.locator("th a").inner_text() for row in rows}

    def _page_of(self, person):
        if person not in self.pages:
            context = self.browser.new_context(
                base_url=self.portal.url, reduced_motion="reduce", color_scheme="light", device_scale_factor=1
            )
            context.set_default_timeout(ACT_MILLISECONDS)
            self.pages[person] = context.new_page()
            sign_in(self.pages[person], person, self.portal.logins["owner"]["password"])
        return self.pages[person]

    def open(self, picture):
        """The page of a picture and how it was answered."""
        page = self._page_of(picture.person)
        width, height = picture.screen
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(picture.page.format_map(self.codes))
        return page, answer.status


@pytest.fixture(scope="module")
def studio(chromium, portal):
    studio = Studio(chromium, portal)
    yield studio
    for page in studio.pages.values():
        page.context.close()


def boxes_of(page, selectors):
    """Where each lies that is seen, without waiting: a page is there as soon as it is loaded."""
    found = [page.locator(selector).first for selector in selectors if page.locator(selector).count()]
    return [each.bounding_box() for each in found if each.is_visible()]


def shown_of(page, picture, *, is_strict=IS_TAKING):
    """Where everything lies that the picture shows, or what may stand in its place. Raises AssertionError."""
    for selectors in (picture.shows,) if is_strict else (picture.shows, picture.otherwise):
        boxes = boxes_of(page, selectors)
        if boxes and len(boxes) == len(selectors):
            return boxes
    raise AssertionError(f"Not all of {picture.shows} is on {page.url}: {page.locator('main').inner_text()[:800]}")


def frame_of(page, boxes):
    """The part of the screen that shows all of it, scrolled to."""
    screen = page.viewport_size
    left, top = (math.floor(min(box[axis] for box in boxes)) - AROUND for axis in ("x", "y"))
    right = math.ceil(max(box["x"] + box["width"] for box in boxes)) + AROUND
    bottom = math.ceil(max(box["y"] + box["height"] for box in boxes)) + AROUND
    above = page.evaluate("y => { scrollTo(0, y); return scrollY }", max(0, top))
    left, top = max(0, left), max(0, top - above)
    width, height = min(screen["width"], right) - left, min(screen["height"], bottom - above) - top
    return {"x": left, "y": top, "width": width, "height": height}


def take(page, picture, frame):
    shown = Image.open(io.BytesIO(page.screenshot(clip=frame, animations="disabled"))).convert("RGB")
    FOLDER.mkdir(exist_ok=True)
    shown.save(picture.file, lossless=True, quality=100, method=6)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_what_a_picture_shows_is_on_the_page(studio, picture):
    page, status = studio.open(picture)

    frame = frame_of(page, shown_of(page, picture))
    if IS_TAKING:
        take(page, picture, frame)

    assert status == 200
    assert min(frame["width"], frame["height"]) > 2 * AROUND


def test_a_picture_of_what_is_not_there_is_refused_and_what_may_stand_in_its_place_is_not(studio):
    there = PICTURES[0]
    gone = replace(there, shows=("main h1", "[aria-labelledby=nowhere]"))
    moved = replace(gone, otherwise=("main h1",))

    page, _ = studio.open(there)

    assert shown_of(page, moved, is_strict=False) == boxes_of(page, ["main h1"])
    for picture, is_strict in ((gone, False), (moved, True)):
        with pytest.raises(AssertionError, match="nowhere"):
            shown_of(page, picture, is_strict=is_strict)
