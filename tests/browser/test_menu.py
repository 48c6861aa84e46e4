"""The ways through the portal: on a phone one button that names the page, elsewhere rows of which none breaks."""

import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.template import engines

from core.navigation import NavItem
from tests.browser.conftest import ROOT
from tests.browser.sight import look_at

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"width": 320, "height": 568}
ADDRESS = "http://127.0.0.1:9"  # nothing listens there: every answer is given by the test
TYPES = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
PAGES = {
    "": ("Overview", "Documents", "Questions", "History", "Selection", "Runbooks", "Training", "Handoff", "Days"),
    "Discovery": ("Inventory", "Questionnaire", "Volumes", "Findings", "Translation"),
    "Delivery": ("Pre-flight", "Parallel", "Bounces", "Watch"),
}

PAGE = '{% extends "base.html" %}{% block title %}A page{% endblock %}{% block heading %}A page{% endblock %}'


def rows():
    return [
        (group, [NavItem(label, f"/{label}", is_current=label == "Parallel", group=group) for label in labels])
        for group, labels in PAGES.items()
    ]


def markup():
    reader = get_user_model()(full_name="Wilhelmina Featherstonehaugh", email="w@practice.example", has_shortcuts=True)
    known = {"user": reader, "nav_rows": rows(), "theme": "system", "split_percent": 10}
    return engines["django"].from_string(PAGE).render({**known, "consultancy": settings.CONSULTANCY})


@contextmanager
def opened(chromium, *, has_scripts=True):
    """The frame of every page, inside of an engagement."""
    context = chromium.new_context(java_script_enabled=has_scripts)
    page, shown = context.new_page(), markup()

    def answer(route):
        path = urlsplit(route.request.url).path
        if not path.startswith("/static/"):
            return route.fulfill(body=shown, content_type="text/html")
        file = ROOT / path.removeprefix("/")
        return route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])

    page.route("**/*", answer)
    yield page
    context.close()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(chromium, request):
    with opened(chromium, has_scripts=request.param) as page:
        yield page


@pytest.fixture
def scripted(chromium):
    with opened(chromium) as page:
        page.set_viewport_size(PHONE)
        page.goto(ADDRESS)
        yield page


def height_of(page, selector):
    return page.locator(selector).bounding_box()["height"]


def test_on_a_phone_the_head_is_one_line_that_names_the_page(page):
    page.set_viewport_size(PHONE)
    page.goto(ADDRESS)

    assert height_of(page, ".masthead__row") <= 64
    assert page.get_by_role("button", name="Menu: Parallel").is_visible()
    assert not page.get_by_role("link", name="Overview").is_visible()


def test_the_keyboard_opens_the_menu_and_closes_it(page):
    page.set_viewport_size(PHONE)
    page.goto(ADDRESS)

    page.get_by_role("button", name="Menu: Parallel").press("Enter")
    opened = [page.get_by_role("link", name=name, exact=True).is_visible() for name in ("Overview", "Sign out")]
    current = page.get_by_role("navigation", name="Delivery").get_by_role("link", name="Parallel")
    marked = current.get_attribute("aria-current")
    page.keyboard.press("Escape")

    assert (opened, marked) == ([True, True], "page")
    assert not page.get_by_role("link", name="Overview").is_visible()
    assert page.get_by_role("button", name="Menu: Parallel").evaluate("one => one === document.activeElement")


def test_a_finger_closes_the_menu_with_its_button_and_follows_a_link_of_it(page):
    page.set_viewport_size(PHONE)
    page.goto(ADDRESS)

    page.get_by_role("button", name="Menu: Parallel").click()
    page.get_by_role("button", name="Close the menu").click()
    page.get_by_role("button", name="Menu: Parallel").click()
    page.get_by_role("link", name="Bounces").click()

    assert page.url == f"{ADDRESS}/Bounces"


@pytest.mark.parametrize("width", [1200, 1280, 1440])
def test_where_there_is_room_no_row_of_the_navigation_breaks(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(ADDRESS)

    lines = {round(one.bounding_box()["y"]) for one in page.locator(".masthead__nav").all()}

    assert {height_of(page, f"nav[aria-label={name}]") for name in ("Main", "Discovery", "Delivery")} == {44}
    assert len(lines) == 2
    assert height_of(page, ".masthead__row") <= 160
    assert not page.get_by_role("button", name=re.compile("menu", re.IGNORECASE)).is_visible()


def test_the_key_of_the_search_opens_the_menu_where_the_search_stands_in_it(scripted):
    scripted.keyboard.press("/")

    assert scripted.get_by_label("Search everything").evaluate("one => one === document.activeElement")


def test_the_frame_holds_for_everybody_with_the_menu_closed_and_open(scripted):
    look_at(scripted)

    scripted.get_by_role("button", name="Menu: Parallel").click()

    look_at(scripted)
