"""From the four data points to an accepted quote on a phone: the customer has a link and a mailbox, and no account."""

import re

import pytest

from tests.browser.sight import look_at
from tests.browser.test_journey import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"width": 360, "height": 640}
FINGER = 44
CONTACT = "nora@tamarack.example"
POINTS = {
    "month": "9.4 M",
    "peak": "410 K",
    "ips": "6",
    "pools": "2",
    "streams": "2",
    "tenants": "0",
    "domains": "1",
    "milters": "2",
    "bounce": "1",
    "fbl": "1",
    "other": "0",
}


def send_a_quote(sales):
    sales.goto("/sales/requests/new/")
    sales.locator("input[name=name]").fill("Tamarack Freight")
    sales.locator("select[name=time_zone]").select_option("Europe/Madrid")
    sales.locator("input[name=contact_name]").fill("Nora Field")
    sales.locator("input[name=contact_email]").fill(CONTACT)
    for name, value in POINTS.items():
        sales.locator(f"[name={name}]").fill(value)
    sales.locator("[name=team][value=full_execution]").check()
    press(sales, "Save the request")
    press(sales, "Draft the quote")
    follow(sales, "Review and send")
    press(sales, "Send quote")
    return re.search(r"Q-\d{4}-\d{4}-A", sales.url).group()


def ends_at(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


def open_the_link(customer, portal, reference):
    """Read the quote as it lies on the screen, then go on to the answer. Returns the link."""
    link = re.search(r"/q/[\w-]+/", portal.mail_to(CONTACT, "/q/")).group()
    opened = customer.goto(link)
    total, button = customer.locator(".headline"), customer.locator("main a.btn-primary").first
    assert opened.headers["referrer-policy"] == "no-referrer"
    assert max(ends_at(total), ends_at(button)) < PHONE["height"]
    assert button.bounding_box()["height"] >= FINGER
    look_at(customer)
    follow(customer, f"Accept quote {reference}")
    look_at(customer)
    return link


def show_who_one_is(customer, portal):
    """The code from the mail, after a wrong one."""
    press(customer, "Mail the code")
    look_at(customer)
    code = re.search(r"^\d{4} \d{4}", portal.mail_to(CONTACT, "enter this code"), re.MULTILINE).group()
    customer.get_by_label("Code").fill("0" * 8 if code != "0000 0000" else "1" * 8)
    press(customer, "Continue")
    look_at(customer)
    assert "4 attempts are left." in customer.locator("main").inner_text()
    customer.get_by_label("Code").fill(code)
    press(customer, "Continue")
    look_at(customer)


def accept(customer, link, reference):
    """Returns what the receipt says."""
    for other in ("decline", "changed", "forward"):
        customer.goto(f"{link}{other}/")
        look_at(customer)
    customer.goto(f"{link}accept/")
    customer.locator("input[name=may_accept]").check()
    customer.locator("input[name=po_number]").fill("PO-4711")
    press(customer, f"Accept quote {reference}")
    look_at(customer)
    return customer.locator("main").inner_text()


def test_a_quote_is_accepted_on_a_phone_without_an_account(portal, as_role, session_for):
    sales, customer = as_role("sales"), session_for()
    for page in (sales, customer):
        page.set_viewport_size(PHONE)

    reference = send_a_quote(sales)
    link = open_the_link(customer, portal, reference)
    show_who_one_is(customer, portal)
    receipt = accept(customer, link, reference)

    assert all(words in receipt for words in (f"Quote {reference} is accepted", "USD 28,500", "PO-4711", "Nora Field"))
    customer.goto(link)
    look_at(customer)
    assert "Nora Field accepted this quote" in customer.locator("main").inner_text()
    customer.goto(f"/sales/quotes/{reference}/")
    assert "/account/login/" in customer.url
    sales.goto(f"/sales/quotes/{reference}/contacts/")
    look_at(sales)
    assert "Opened" in sales.locator("main").inner_text()
