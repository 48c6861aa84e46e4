"""How what is typed about a finding is kept: what is tried again, how often, and what ends with saving."""

import pytest

from tests.browser.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADDRESS = "http://127.0.0.1:9"  # nothing listens there: every answer is given by the test
FORM = """
<form data-draft="/draft" action="/saved" method="post"><textarea name="proposal"></textarea>
<p data-draft-said></p><p hidden data-draft-fault><span data-copy-text=""></span></p><button>Save</button></form>
<script src="/draft.js" type="module"></script>
"""


@pytest.fixture
def open_form(chromium):
    """A form over whose clock the test decides; returns the page and a list of the requests to keep a draft."""
    contexts = []

    def open_one(answer):
        contexts.append(chromium.new_context())
        page, sent = contexts[-1].new_page(), []
        page.clock.install()
        source = (ROOT / "static" / "js" / "draft.js").read_text()
        page.route("**/*", lambda route: route.fulfill(body=FORM, content_type="text/html"))
        page.route("**/draft.js", lambda route: route.fulfill(body=source, content_type="text/javascript"))

        def keep(route):
            sent.append(route.request)
            answer(route)

        page.route("**/draft", keep)
        page.goto(f"{ADDRESS}/")
        page.locator("textarea").fill("A Lua hook")
        return page, sent

    yield open_one
    for context in contexts:
        context.close()


def pass_seconds(page, seconds):
    """As a clock would, with time for the answers in between."""
    for _ in range(seconds):
        page.clock.run_for(1000)
        page.wait_for_timeout(10)


def fault(page):
    return page.locator("[data-draft-said]").inner_text()


@pytest.mark.parametrize("status", [403, 404, 409, 422])
def test_what_was_refused_is_not_tried_again_until_one_types_on(open_form, status):
    page, sent = open_form(lambda route: route.fulfill(status=status))

    pass_seconds(page, 60)
    refused = len(sent)
    page.locator("textarea").fill("A Lua hook, whole")
    pass_seconds(page, 3)

    assert (refused, len(sent)) == (1, 2)
    assert "retrying" not in fault(page)
    assert fault(page).startswith("Not saved as a draft")
    assert page.locator("[data-copy-text]").get_attribute("data-copy-text") == "A Lua hook, whole"


@pytest.mark.parametrize("answer", [lambda route: route.abort(), lambda route: route.fulfill(status=503)])
def test_a_portal_that_does_not_answer_is_asked_again_less_and_less_often(open_form, answer):
    page, sent = open_form(answer)

    pass_seconds(page, 120)

    assert 3 <= len(sent) <= 6
    assert fault(page) == "Not saved, retrying"


def test_saving_ends_the_draft_that_is_under_way(open_form):
    page, sent = open_form(lambda route: None)
    page.evaluate("document.querySelector('form').addEventListener('submit', (event) => event.preventDefault())")
    ended = []
    page.on("requestfailed", lambda request: ended.append(request.url))
    pass_seconds(page, 3)

    page.get_by_role("button", name="Save").click()
    pass_seconds(page, 20)

    assert ended == [f"{ADDRESS}/draft"]
    assert len(sent) == 1
    assert fault(page) == ""
