"""The main job, in three browser sessions: a quote, a configuration, a plan, a signature, phase 2."""

import hashlib
import io
import re
import tarfile

import pytest

from tests.browser.conftest import ROOT
from tests.browser.sight import look_at

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CUSTOMER = "Marlow Freight"
CONTACT = "petra@marlow.example"
PASSWORD = "petra-signs-with-care-2026"
READING_SECONDS = 60


def sample_bundle():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        archive.add(ROOT / "tests" / "postfix_samples" / "multi_ip", arcname=".")
    return stream.getvalue()


def press(page, name):
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def follow(page, name):
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def wait_for_text(page, text, seconds=READING_SECONDS):
    """Reload until a job has finished, as somebody without JavaScript would."""
    for _ in range(seconds * 2):
        if page.get_by_text(text).first.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{text!r} did not appear at {page.url}: {page.locator('main').inner_text()[:800]}")


def record_and_send_quote(sales):
    sales.goto("/sales/requests/new/")
    look_at(sales)
    sales.locator("input[name=name]").fill(CUSTOMER)
    sales.locator("select[name=time_zone]").select_option("Europe/Madrid")
    sales.locator("input[name=contact_name]").fill("Petra Lind")
    sales.locator("input[name=contact_email]").fill(CONTACT)
    points = {
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
    for name, value in points.items():
        sales.locator(f"[name={name}]").fill(value)
    sales.locator("[name=team][value=full_execution]").check()
    press(sales, "Save the request")
    look_at(sales)
    code = re.search(r"E-\d{4}-\d{4}", sales.url).group()
    press(sales, "Draft the quote")
    look_at(sales)
    assert "USD 28,500" in sales.locator("main").inner_text()
    follow(sales, "Review and send")
    look_at(sales)
    press(sales, "Send quote")
    look_at(sales)
    return code


def take_the_seat(customer, portal):
    mail = portal.mail_to(CONTACT, "/people/invitations/")
    customer.goto(re.search(r"/people/invitations/[\w-]+/", mail).group())
    look_at(customer)
    customer.get_by_label("Full name").fill("Petra Lind")
    customer.get_by_label("Password").first.fill(PASSWORD)
    press(customer, "Accept and begin")


def accept_the_quote(customer):
    customer.goto("/")
    look_at(customer)
    assert customer.title().startswith("(1) ")
    customer.locator(".decision a.btn-primary, main a.btn-primary").first.click()
    customer.wait_for_load_state()
    look_at(customer)
    customer.locator("input[name=may_accept]").check()
    press(customer, "Accept quote")
    look_at(customer)


def sign_the_nda(page, code, name, role):
    page.goto(f"/sales/engagements/{code}/nda/sign/")
    look_at(page)
    page.get_by_label("I have read the NDA").check()
    page.locator("input[name=typed_name]").fill(name)
    page.locator("input[name=role_title]").fill(role)
    press(page, "Sign the NDA for")
    look_at(page)


def agree_on_the_nda(customer, sales, consultant, code):
    """Uploads are locked until both sides have signed."""
    consultant.goto(f"/engagements/{code}/discovery/")
    assert "Configurations open for upload after the NDA" in consultant.locator("main").inner_text()
    assert consultant.locator("input[name=bundle]").count() == 0
    customer.goto("/")
    follow(customer, "Open the NDA")
    look_at(customer)
    customer.locator("input[name=kind][value=ours]").check()
    press(customer, "Use this text")
    look_at(customer)
    wait_for_text(customer, "Read and sign the NDA")
    sign_the_nda(customer, code, "Petra Lind", "Head of engineering")
    sales.goto("/sales/")
    assert "EMP must sign by" in sales.locator("main").inner_text()
    sign_the_nda(sales, code, "Sam Ortiz", "Sales")
    assert "NDA signed" in sales.locator("h1").inner_text()


def staff_it_and_name_the_signer(sales, code):
    sales.goto(f"/engagements/{code}/team/")
    look_at(sales)
    sales.get_by_label("Lead").select_option(label="Lea Moser")
    sales.get_by_label("Ada Quint").check()
    press(sales, "Set the team")
    look_at(sales)
    sales.goto(f"/engagements/{code}/team/")
    follow(sales, f"People of {CUSTOMER}")
    look_at(sales)
    follow(sales, "Change")
    look_at(sales)
    sales.get_by_label("Signs phase 1").check()
    press(sales, "Save role and duties")


def upload_and_review(consultant, code):
    consultant.goto(f"/engagements/{code}/discovery/")
    look_at(consultant)
    consultant.locator("input[name=host_label]").fill("mail1")
    bundle = {"name": "estate.tar.gz", "mimeType": "application/gzip", "buffer": sample_bundle()}
    consultant.locator("input[name=bundle]").set_input_files(bundle)
    press(consultant, "Upload the configuration")
    look_at(consultant)
    consultant.goto(f"/engagements/{code}/discovery/")
    wait_for_text(consultant, "26 files read")
    look_at(consultant)
    consultant.goto(f"/engagements/{code}/discovery/subjects/settings/")
    wait_for_text(consultant, "header_checks")
    look_at(consultant)
    consultant.goto(f"/engagements/{code}/discovery/findings/")
    look_at(consultant)
    for url in open_findings(consultant, code):
        consultant.goto(url)
        press(consultant, re.compile(r"^Accept F-"))
    look_at(consultant)


def mark_the_streams(consultant, code):
    consultant.goto(f"/engagements/{code}/discovery/subjects/streams/")
    look_at(consultant)
    for box in consultant.locator("input[name=stream]").all():
        box.check()
    consultant.locator("select[name=route]").select_option("migrate")
    press(consultant, "Mark the streams")
    assert "Every stream is decided" in consultant.locator("main").inner_text()


def open_findings(consultant, code):
    """Blocking and high findings: the gate asks for an answer to each of them."""
    urls = []
    for severity in ("blocker", "high"):
        consultant.goto(f"/engagements/{code}/discovery/findings/?severity={severity}&state=open")
        links = consultant.locator(f"main a[href*='/engagements/{code}/discovery/findings/']")
        urls += [link.get_attribute("href") for link in links.all()]
    return [url for url in dict.fromkeys(urls) if re.search(r"/findings/\d+/(\?|$)", url)]


def complete(page, code, title):
    page.goto(f"/engagements/{code}/gates/1/")
    follow(page, title)
    look_at(page)
    page.locator("textarea[name=evidence]").fill("Done on the call; notes are in the ticket.")
    press(page, "Complete this task")


def choose_the_target(consultant, code):
    consultant.goto(f"/engagements/{code}/target/")
    look_at(consultant)
    consultant.locator("input[name=target][value=powermta]").check()
    consultant.locator("textarea[name=reason]").fill("A vendor contract is required.")
    press(consultant, "Set the target")


def answer_the_selection(customer, code):
    """Seven answers that lead to PowerMTA, by their places on the pages."""
    answers = {"licence_budget": "yes", "vendor_sla": "required", "compliance": "no", "managed": "directives"}
    for variable, choice in (answers | {"open_source": "no", "languages": "nobody", "redesign": "keep"}).items():
        customer.goto(f"/engagements/{code}/discovery/selection/{variable}/")
        customer.locator(f"input[name=choice][value={choice}]").check()
        press(customer, "Save the answer")
    look_at(customer)


def decide_every_gap(customer, code):
    """Each construct without an equal on the target, one after the other."""
    customer.goto(f"/engagements/{code}/discovery/translation/decisions/")
    wait_for_text(customer, "Waiting for a decision")
    look_at(customer)
    while (waiting := customer.locator("section:has(#waiting) tbody th a")).count():
        waiting.first.click()
        customer.wait_for_load_state()
        look_at(customer)
        customer.locator("input[name=choice][value=accept]").check()
        press(customer, "Decide on the selected lines")
    assert "Everything is decided" in customer.locator("main").inner_text()


def build_the_plan_and_ask(consultant, code):
    consultant.goto(f"/engagements/{code}/gates/1/document/")
    look_at(consultant)
    press(consultant, "Build and freeze")
    wait_for_text(consultant, "Open the PDF")
    look_at(consultant)
    consultant.goto(f"/engagements/{code}/gates/1/ask-for-signatures/")
    look_at(consultant)
    press(consultant, re.compile(r"^Ask \d+ p"))


def sign_the_plan(customer):
    customer.goto("/")
    assert customer.title().startswith("(1) ")
    follow(customer, "Read and sign")
    look_at(customer)
    customer.get_by_label("I have read version 1").check()
    customer.locator("input[name=typed_name]").fill("Petra Lind")
    customer.locator("input[name=role_title]").fill("Head of engineering")
    press(customer, "Sign phase 1")
    look_at(customer)


def test_from_four_data_points_to_a_signed_phase_1(portal, as_role, session_for):
    sales, consultant, customer = as_role("sales"), as_role("consultant"), session_for()

    code = record_and_send_quote(sales)
    take_the_seat(customer, portal)
    accept_the_quote(customer)
    staff_it_and_name_the_signer(sales, code)
    agree_on_the_nda(customer, sales, consultant, code)
    upload_and_review(consultant, code)
    mark_the_streams(consultant, code)
    complete(consultant, code, "Readout call held")
    complete(customer, code, "Owner named for each milter and script")
    choose_the_target(consultant, code)
    answer_the_selection(customer, code)
    decide_every_gap(customer, code)
    build_the_plan_and_ask(consultant, code)
    sign_the_plan(customer)

    receipt = customer.locator("main").inner_text()
    shown = re.sub(r"\s", "", receipt)
    pdf_url = customer.locator("main a[href$='.pdf']").first.get_attribute("href")
    digest = hashlib.sha256(customer.request.get(pdf_url).body()).hexdigest()
    assert digest in shown
    customer.goto(f"/engagements/{code}/")
    assert customer.locator("h1").inner_text() == "Install + config"
    look_at(customer)
    customer.goto(f"/engagements/{code}/gates/2/")
    assert "In progress" in customer.locator(".stepper__phase--now").inner_text()
    assert portal.mail_to(CONTACT, f"Fingerprint of the document (SHA-256):\n{digest}", "Receipt ")
    assert portal.mail_to(CONTACT, digest, "Subject: Sealed copy")
