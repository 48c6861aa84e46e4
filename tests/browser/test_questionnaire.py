"""The questionnaire in two browser sessions: answered, submitted, one answer returned, mended, accepted."""

import re

import pytest

from tests.browser.sight import look_at
from tests.browser.test_journey import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RESPONDENT = "signatory@beltane.example"
MOST_SECTIONS = 20


def answer_what_is_open(customer):
    """Section by section until the page on which everything is checked; who does not know says so."""
    for _ in range(MOST_SECTIONS):
        if customer.url.endswith("/questionnaire/answers/"):
            return
        for name in {box.get_attribute("name") for box in customer.locator("input[type=radio]").all()}:
            if not customer.locator(f"input[name={name}]:checked").count():
                customer.locator(f"input[name={name}][value=unknown]").check()
        for box in customer.locator("input[name$='-unknown']").all():
            if is_empty(customer, box.get_attribute("name").removesuffix("-unknown")):
                box.check()
        press(customer, "Save and continue")
    raise AssertionError(f"Still asked at {customer.url}: {customer.locator('main').inner_text()[:800]}")


def is_empty(page, name):
    typed = [field.input_value() for field in page.locator(f"[name={name}]:not([type=checkbox])").all()]
    return not any(typed) and not page.locator(f"[name={name}]:checked").count()


def answer_and_submit(customer, pages):
    customer.goto(pages)
    look_at(customer)
    follow(customer, "Applications that hand mail over")
    look_at(customer)
    answer_what_is_open(customer)
    look_at(customer)
    press(customer, "Submit the questionnaire")
    look_at(customer)
    assert customer.locator("h1").inner_text() == "Questionnaire submitted"


def return_one(consultant, pages):
    consultant.goto(f"{pages}review/")
    look_at(consultant)
    consultant.locator("summary", has_text="Return this answer: On how many hosts").click()
    consultant.locator("textarea[name=send_hosts-note]").fill("Does the spare send as well?")
    press(consultant, "Return with the notes above")


def mend_and_submit(customer, pages):
    customer.goto(pages)
    assert "1 answer came back with a note" in customer.locator("main").inner_text()
    follow(customer, "Hosts, IP addresses and DNS")
    look_at(customer)
    customer.locator("input[name=send_hosts]").fill("2")
    press(customer, "Save and continue")
    press(customer, "Submit the questionnaire")


def test_answers_go_in_come_back_once_and_are_accepted(portal, as_role, session_for):
    customer, consultant = session_for(RESPONDENT, portal.logins["signatory"]["password"]), as_role("consultant")
    customer.goto("/")
    code = re.search(r"E-\d{4}-\d{4}", customer.locator("main").inner_text()).group()
    pages = f"/engagements/{code}/discovery/questionnaire/"

    answer_and_submit(customer, pages)
    return_one(consultant, pages)
    mend_and_submit(customer, pages)
    consultant.goto(f"{pages}review/")
    press(consultant, "Accept the answers")

    customer.goto(pages)
    assert "They are locked" in customer.locator("main").inner_text()
    look_at(customer)
