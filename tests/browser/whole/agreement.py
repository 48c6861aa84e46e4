"""From four data points to a signed NDA: Sam quotes, Carl takes his seat, accepts and signs."""

import re

from tests.browser.whole.cast import CARL, CARLS_NAME, CARLS_ROLE, CUSTOMER, check, follow

POINTS = {
    "month": "2.4 M",
    "peak": "140 K",
    "ips": "3",
    "pools": "3",
    "streams": "3",
    "tenants": "0",
    "domains": "1",
    "milters": "1",
    "bounce": "1",
    "fbl": "0",
    "other": "1",
}


def agree(cast):
    take_in_and_quote(cast)
    take_the_seat(cast)
    accept_the_quote(cast)
    staff_the_engagement(cast)
    agree_on_the_nda(cast)


def take_in_and_quote(cast):
    sam = cast.sam
    sam.go("/sales/requests/new/")
    sam.fill(name=CUSTOMER, time_zone="Europe/Dublin", contact_name=CARLS_NAME, contact_email=CARL["email"], **POINTS)
    check(sam, "team", "full_execution")
    sam.press("Save the request")
    cast.code = re.search(r"E-\d{4}-\d{4}", sam.page.url).group()
    sam.press("Draft the quote")
    follow(sam, "Review and send")
    sam.press("Send quote")
    sam.wait_for("It waits for")


def take_the_seat(cast):
    mail = cast.portal.mail_to(CARL["email"], "/people/invitations/")
    cast.carl.page.goto(re.search(r"/people/invitations/[\w-]+/", mail).group())
    cast.carl.page.get_by_label("Full name").fill(CARLS_NAME)
    cast.carl.page.get_by_label("Password").first.fill(CARL["password"])
    cast.carl.press("Accept and begin")


def accept_the_quote(cast):
    carl = cast.carl
    carl.go("/")
    carl.page.locator("main a.btn-primary").first.click()
    carl.page.wait_for_load_state()
    carl.page.locator("input[name=may_accept]").check()
    assert "is accepted" in carl.press("Accept quote")


def staff_the_engagement(cast):
    """Lea leads, Ada works on it; Carl signs every phase and may order the way back."""
    sam = cast.sam
    sam.go(f"{cast.home}team/")
    sam.page.get_by_label("Lead").select_option(label="Lea Moser")
    sam.page.get_by_label("Ada Quint").check()
    sam.press("Set the team")
    sam.go(f"{cast.home}team/")
    follow(sam, f"People of {CUSTOMER}")
    follow(sam, "Change")
    for phase in range(1, 6):
        sam.page.get_by_label(f"Signs phase {phase}").check()
    sam.page.get_by_label("May order a rollback").check()
    sam.press("Save role and duties")


def agree_on_the_nda(cast):
    carl, sam = cast.carl, cast.sam
    carl.go("/")
    follow(carl, "Open the NDA")
    check(carl, "kind", "ours")
    carl.press("Use this text")
    carl.wait_for("Read and sign the NDA")
    sign_the_nda(carl, cast.code, CARLS_NAME, CARLS_ROLE)
    sign_the_nda(sam, cast.code, "Sam Ortiz", "Sales")
    assert "NDA signed" in sam.page.locator("h1").inner_text()


def sign_the_nda(person, code, name, role):
    person.go(f"/sales/engagements/{code}/nda/sign/")
    person.page.get_by_label("I have read the NDA").check()
    person.fill(typed_name=name, role_title=role)
    person.press("Sign the NDA for")
