"""What is kept about a customer: packed, held and erased on the pages of a running portal, by the people who may."""

import zipfile

import pytest

from tests.browser.sight import look_at

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HAVEL, NORTHLAKE = "E-2026-0005", "E-2026-0001"  # one that ended, and one that runs
WORKER_SECONDS = 90


def find_data(page, code, customer):
    """The address of the customer's data, by the links that lead there."""
    page.goto(f"/engagements/{code}/")
    page.get_by_role("link", name="Set the team").click()
    page.get_by_role("link", name=f"People of {customer}").click()
    page.get_by_role("link", name=f"What is kept about {customer}").click()
    return page.url


def wait_for(page, address, shown):
    """The worker acts meanwhile; the page is opened again as a person would."""
    for _ in range(WORKER_SECONDS):
        if shown.count():
            return
        page.wait_for_timeout(1000)
        page.goto(address)
    raise AssertionError(f"No {shown} within {WORKER_SECONDS} s: {page.locator('main').inner_text()[:400]}")


def take_pack(page, address, folder):
    page.get_by_role("button", name="Pack everything").click()
    take = page.get_by_role("button", name="Take it away").first
    wait_for(page, address, take)
    look_at(page)
    with page.expect_download() as taken:
        take.click()
    path = folder / taken.value.suggested_filename
    taken.value.save_as(path)
    return zipfile.ZipFile(path)


def words_of(page):
    return page.locator("main").inner_text()


def look_at_erasing(page, address):
    """The words of the page that shows what goes and what stays."""
    page.goto(address)
    page.get_by_role("link", name="Look at what erasing does").click()
    look_at(page)
    return words_of(page)


def set_hold(page, address):
    page.goto(address)
    page.get_by_label("Reason").fill("A claim is open.")
    page.get_by_role("button", name="Set the hold").click()
    look_at(page)


def lift_hold(page, address):
    page.goto(address)
    page.get_by_role("link", name="Lift the hold").click()
    look_at(page)
    page.get_by_label("Reason").fill("The claim was settled.")
    page.get_by_role("button", name="Lift the hold").click()


def erase(page, typed):
    page.get_by_label("Type “Havel Print”").fill(typed)
    page.get_by_role("button", name="Erase for good").click()


def test_a_customer_is_packed_held_and_erased_by_the_owner(as_role, tmp_path):
    page = as_role("owner")
    address = find_data(page, HAVEL, "Havel Print")
    look_at(page)

    pack = take_pack(page, address, tmp_path)
    set_hold(page, address)
    held = look_at_erasing(page, address)
    lift_hold(page, address)
    free = look_at_erasing(page, address)
    erase(page, typed="Havel")
    half_typed = words_of(page)
    erase(page, typed="Havel Print")
    wait_for(page, address, page.get_by_text("Everything that is not kept for a reason was erased"))
    look_at(page)

    assert {"README.txt", "manifest.json"} < set(pack.namelist())
    assert any(b"Havel Print" in pack.read(name) for name in pack.namelist())
    assert "Nothing can be erased now" in held
    assert "A claim is open." in held
    assert "Erase for good" not in held
    assert "Nothing can be erased now" not in free
    assert "Erase what is kept about Havel Print?" in half_typed
    assert_only_havel_is_gone(page)


def assert_only_havel_is_gone(page):
    assert "Havel Print" not in words_of(page)
    assert page.get_by_role("link", name="Look at what erasing does").count() == 0
    page.goto(f"/engagements/{HAVEL}/")
    assert "Havel Print" not in words_of(page)
    page.goto(f"/engagements/{NORTHLAKE}/")
    assert "Northlake Logistics" in words_of(page)


def test_a_signatory_takes_their_pack_and_nobody_else_sees_the_page(as_role, session_for, portal, tmp_path):
    owner, consultant = as_role("owner"), as_role("consultant")
    address = find_data(owner, NORTHLAKE, "Northlake Logistics")
    password = portal.logins["viewer"]["password"]
    carl = session_for("signatory@northlake.example", password)
    viewer, stranger = (session_for(f"{who}.example", password) for who in ("viewer@northlake", "signatory@beltane"))

    owner.goto(f"{address}erase/")
    look_at(owner)
    carl.goto(address)
    look_at(carl)
    pack = take_pack(carl, address, tmp_path)

    assert "It has to be completed or cancelled first" in words_of(owner)
    assert owner.get_by_role("button", name="Erase for good").count() == 0
    assert "manifest.json" in pack.namelist()
    assert not any(word in words_of(carl) for word in ("Set the hold", "Look at what erasing does"))
    assert carl.goto(f"{address}erase/").status == 403
    assert [person.goto(address).status for person in (consultant, viewer, stranger)] == [403, 403, 404]
    for page in ("/people/retention/", "/people/profile/data/"):
        owner.goto(page)
        look_at(owner)
