"""A visitor without an account on a phone: begins, leaves, goes on by the link of the mail, books a call and sends."""

import re

import pytest

from tests.browser.sight import look_at
from tests.browser.test_journey import press

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"width": 360, "height": 640}
ADDRESS = "nina@skagen.example"


@pytest.fixture
def phone(session_for):
    def open_one():
        page = session_for()
        page.set_viewport_size(PHONE)
        return page

    return open_one


def type_in(page, **words):
    for name, text in words.items():
        page.locator(f"[name={name}]").fill(text)


def begin(page):
    page.goto("/account/login/")
    page.get_by_role("link", name="Ask for a quote").click()
    look_at(page)
    type_in(page, contact_name="Nina Sand", company="Skagen Ferries", contact_email=ADDRESS)
    page.locator("[name=time_zone]").select_option("Europe/Copenhagen")
    press(page, "Save and continue")
    type_in(page, month="9.4 M", peak="5 M")
    press(page, "Save and continue")
    assert "Check these two numbers" in page.locator("main").inner_text()
    look_at(page)
    type_in(page, peak="410 K")
    press(page, "Save and continue")
    page.get_by_role("button", name=f"Mail the link to {ADDRESS}").click()
    page.get_by_text("The link is on its way").wait_for()


def link_in(mail):
    return re.search(r"(/start/[\w-]+/)", mail).group(1)


def finish(page):
    assert page.locator("h1").inner_text() == "IPs, pools and streams"
    look_at(page)
    type_in(page, ips="6", pools="2", streams="2", tenants="0", domains="1")
    press(page, "Save and continue")
    press(page, "Save and continue")
    assert "Left empty" in page.locator("main").inner_text()
    page.locator("[name=rest]").check()
    press(page, "Save and continue")
    page.get_by_label("You do it, with us").check()
    look_at(page)
    press(page, "Save and continue")
    look_at(page)
    page.locator("input[name=time]").nth(2).check()
    type_in(page, telephone="+45 33 11 22 33")
    press(page, "Save and continue")


def test_a_visitor_goes_on_by_the_link_and_has_a_call(portal, phone):
    begin(phone())
    page = phone()

    page.goto(link_in(portal.mail_to(ADDRESS, "Go on with your request")))
    finish(page)

    shown = page.locator("main").inner_text()
    assert "Multi-IP, USD 28,500 fixed, as far as we know" in shown
    assert "not known yet are custom components" in shown
    look_at(page)
    press(page, "Send the request")
    assert page.locator("h1").inner_text() == "Your request is with us"
    assert "with Sam Ortiz" in page.locator("section:has(#call)").inner_text()
    look_at(page)
    assert "BEGIN:VCALENDAR" in portal.mail_to(ADDRESS, "BEGIN:VCALENDAR")
    code = re.search(r"E-\d{4}-\d{4}", page.locator("main").inner_text()).group()
    assert code in portal.mail_to(ADDRESS, "We have your request")


def test_sales_sees_the_request_the_call_and_publishes_times(portal, as_role):
    sales = as_role("sales")
    sales.goto("/sales/")
    look_at(sales)
    assert "Fjordline Travel" in sales.locator("main").inner_text()
    sales.get_by_role("link", name="Fjordline Travel").click()
    assert "Call:" in sales.locator("main").inner_text()
    look_at(sales)

    sales.goto("/sales/calls/")
    look_at(sales)
    sales.locator("[name=day5]").fill("9-12")
    press(sales, "Publish my times")
    assert sales.locator("[name=day5]").input_value() == "09:00-12:00"
