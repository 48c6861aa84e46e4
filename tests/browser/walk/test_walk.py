"""A walk over every page, as a person who may see it: in both themes, on a phone, enlarged, and by keyboard alone."""

import os

import pytest

from tests.browser.conftest import opened_chromium
from tests.browser.walk.shown import Shown
from tests.browser.walk.walker import walking

pytestmark = pytest.mark.browser

# Each walks through what nobody before them in the order may see. Those with short ways go unless WALK_AS names others.
SHORT_WALKS = "carl vera nobody"
WALKERS = os.environ.get("WALK_AS", SHORT_WALKS).split()


def faults_of(shown):
    """{page: what is wrong with it}, of what was rendered before: a browser that is open leaves no room for a query."""
    found = {}
    with opened_chromium() as browser, walking(browser, shown) as walker:
        for page in shown:
            walker.open(page.path)
            if faults := list(walker.faults()):
                found[str(page)] = faults
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("person", WALKERS)
def test_every_page_holds_for_everybody(reader, person):
    shown = reader.pages_of(person)

    assert faults_of(shown) == {}
    assert shown


@pytest.mark.django_db
def test_every_page_that_leads_no_further_holds_for_everybody(reader):
    shown = list(reader.refusals())

    assert faults_of(shown) == {}
    assert {page.status for page in shown} == {403, 404, 409, 422, 429, 500, 503}


BROKEN = b"""<!DOCTYPE html><html lang="en"><head><title>Broken</title><style>
.pale { color: #ccc } .wide { width: 400px } .narrow { width: 30px; overflow: hidden; white-space: nowrap }
.over { margin-top: -30px } .bare:focus { outline: none } .bar { position: fixed; inset: 0 0 90% 0; background: #fff }
</style></head><body>
<header><a href="/">Home</a></header><main><h1>Broken</h1>
<p class="pale" id="one">Pale</p><p class="wide" id="one">Wide</p><button class="narrow">Cut off</button>
<p>Under</p><p class="over">Over</p><div id="clicked">Clicked</div><button class="bare">Bare</button>
<button id="held">Held</button><a href="/after/">After</a><div class="bar">Bar</div></main><script>
document.getElementById("clicked").addEventListener("click", () => {});
document.getElementById("held").addEventListener("keydown", (event) => event.preventDefault());
</script></body></html>"""


@pytest.mark.parametrize(
    "fault",
    [
        "axe color-contrast (light, 1280 px)",
        "axe color-contrast (dark, 320 px)",
        "two elements with the id one",
        "320 px, text of 16 px: the page is",
        "1280 px, text of 16 px: cut off: <button.narrow>",
        "text over text: <p> Under and <p.over> Over",
        "for the mouse alone: <div#clicked>",
        "1280 px: the first stop is no skip link",
        "1280 px: focus out of view or covered: <a> Home",
        "1280 px: focus is not marked: <button.bare>",
        "1280 px: never reached by Tab: <a> After",
        "1280 px: the walk ends in a trap at <button#held>",
    ],
)
def test_the_walk_finds(broken, fault):
    assert [told for told in broken if fault in told] != []


@pytest.fixture(scope="module")
def broken():
    page = Shown("broken", "nobody", 200, "/broken/", BROKEN)
    return faults_of([page])[str(page)]
