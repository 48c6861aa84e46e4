"""A page that waits for a worker: when what was awaited is there, its acts are those of now."""

import pytest

from tests.browser.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADDRESS = "http://127.0.0.1:9"  # nothing listens there: every answer is given by the test
WAITING = """
<div id="paper" data-poll="/region" data-poll-every="2" data-poll-then="/page">The PDF is being made</div>
<button>Send it</button><textarea></textarea><script src="/poll.js" type="module"></script>
"""
THERE = '<div id="paper">It is there</div><button>Revise it</button>'


@pytest.fixture
def open_page(chromium):
    """A page whose paper is there when it is asked for; returns it with the texts of its answers in their order."""
    contexts = []

    def open_one(path):
        contexts.append(chromium.new_context())
        page, pages = contexts[-1].new_page(), [WAITING, THERE]
        page.clock.install()
        source = (ROOT / "static" / "js" / "poll.js").read_text()
        page.route("**/*", lambda route: route.fulfill(body=pages.pop(0), content_type="text/html"))
        page.route("**/poll.js", lambda route: route.fulfill(body=source, content_type="text/javascript"))
        page.route("**/region", lambda route: route.fulfill(body=THERE, content_type="text/html"))
        page.goto(f"{ADDRESS}{path}")
        return page

    yield open_one
    for context in contexts:
        context.close()


def test_the_page_is_loaded_anew_with_its_acts(open_page):
    page = open_page("/page#paper")

    page.clock.run_for(2500)
    page.get_by_text("Revise it").wait_for()

    assert page.get_by_text("Send it").count() == 0


@pytest.mark.parametrize("path", ["/page", "/refused"])
def test_what_is_typed_and_what_was_refused_stays(open_page, path):
    page = open_page(path)
    if path == "/page":
        page.locator("textarea").type("A comm")
        page.locator("button").focus()

    page.clock.run_for(2500)
    page.get_by_text("It is there").wait_for()
    page.wait_for_timeout(100)

    assert page.get_by_text("Send it").count() == 1
    assert page.locator("textarea").input_value() == ("A comm" if path == "/page" else "")
