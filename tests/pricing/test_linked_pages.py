"""A quote before somebody who has no account: what the link shows, and what it does not open."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.private_paths import mask_path
from core.models import AuditEvent, OutboxMessage
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.domain.send_quote import draft_digest
from tests.factories.pricing import CONTACT, fetch, make_accepted_quote, make_sent_quote, send_quote
from tests.pricing.letters import letter_to, link, token_for
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def before_carl(northlake, sam):
    """A quote before Carl, who has no account yet. Returns it with the secret of his link."""
    sent = make_sent_quote(northlake, actor=sam)
    return sent, token_for(CONTACT.email)


def test_the_link_shows_total_scope_exclusions_data_points_refund_and_last_day(client, before_carl):
    sent, token = before_carl

    page = client.get(link("quote", token))

    shown = text_of(page)
    for sentence in (
        "USD 28,500",
        "The licence of the target MTA. It is contracted with the vendor, in your name.",
        "9,400,000 a month, 410,000 on the busiest day",
        "USD 26,100 of USD 28,500",
        "Valid until",
        sent.document.digest[:8],
        f"Accept quote {sent.reference}",
    ):
        assert sentence in shown
    assert page.status_code == 200


def test_the_address_of_the_page_goes_nowhere(client, before_carl):
    _, token = before_carl

    page = client.get(link("quote", token))

    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert 'content="noindex' in text_of(page)
    assert "no-store" in page["Cache-Control"]
    assert b"<form" not in page.content


def test_a_page_with_a_form_names_the_portal_but_never_the_link(client, before_carl):
    _, token = before_carl

    page = client.get(link("code", token))

    assert page["Referrer-Policy"] == "strict-origin"


def test_no_log_keeps_the_secret_of_a_link():
    assert mask_path("GET /q/AbC-12_3/accept/") == "GET /q/.../accept/"
    assert mask_path("/account/login/?next=%2Fq%2FAbC%2F") == "/account/login/?next=%2Fq%2F...%2F"
    assert mask_path("/rules/faq/one/") == "/rules/faq/one/"


def test_the_pdf_is_the_bytes_whose_digest_the_page_names(client, before_carl):
    sent, token = before_carl

    page = client.get(link("pdf", token))

    assert page.content == bytes(sent.document.pdf)
    assert page["ETag"] == f'"{sent.document.digest}"'
    assert page["Referrer-Policy"] == "no-referrer"


def test_the_link_opens_nothing_else_of_the_portal(client, before_carl):
    sent, token = before_carl
    client.get(link("quote", token))

    for address in (
        url_of("quote", sent.reference),
        url_of("quote_pdf", sent.reference),
        reverse("engagements:detail", args=[sent.engagement.code]),
        reverse("home"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))
    api = reverse("api:engagements:engagement", args=[sent.engagement.code])
    assert client.get(api).status_code == 401


def test_opening_is_counted_and_fetching_ahead_is_not(client, before_carl):
    sent, token = before_carl
    client.head(link("quote", token))
    client.get(link("quote", token), headers={"Sec-Purpose": "prefetch;prerender"})
    client.get(link("quote", token), headers={"Purpose": "prefetch"})
    client.get(link("pdf", token))
    before = sent.contacts.get().open_count

    client.get(link("quote", token))
    client.get(link("quote", token))

    contact = sent.contacts.get()
    assert (before, contact.open_count) == (0, 2)
    assert AuditEvent.objects.filter(action="quote.opened").count() == 1


def test_the_practice_trying_a_link_is_no_opening(client, before_carl, sam):
    sent, token = before_carl
    client.force_login(sam)

    client.get(link("quote", token))

    assert sent.contacts.get().open_count == 0


@pytest.mark.parametrize("token", ["x", "A" * 43, "..", "a%00b"])
def test_a_link_that_is_not_complete_says_so(client, before_carl, token):
    page = client.get(f"/q/{token}/")

    assert page.status_code == 404
    assert "28,500" not in text_of(page)


def test_who_reads_it_in_the_portal_anyway_is_led_there(client, before_carl, sam):
    sent, token = before_carl
    client.force_login(sam)

    shown = text_of(client.get(link("quote", token)))

    assert f'href="{url_of("quote", sent.reference)}"' in shown
    assert "Open it as Sam Ortiz" in shown


def test_an_expired_quote_names_its_last_day_and_asks_for_a_new_one_with_one_button(
    client, before_carl, sam, time_machine
):
    sent, token = before_carl
    time_machine.move_to(sent.valid_until + timedelta(seconds=1))

    shown = text_of(client.get(link("quote", token)))
    client.post(link("renew", token))
    client.post(link("renew", token))
    after = text_of(client.get(link("quote", token)))

    assert "This quote expired on" in shown
    assert "Accept quote" not in shown
    assert "A new one was asked for" in after
    assert "Ask for a new quote" not in after
    client.force_login(sam)
    page_of_sales = text_of(client.get(url_of("quote", sent.reference)))
    assert "Carl Brandt &lt;carl@northlake.example&gt; asked for a new one" in page_of_sales
    assert fetch(sent).renewal_asked_at == sent.contacts.get().renewal_asked_at
    mail = OutboxMessage.objects.get(kind="quote_renewal")
    assert (mail.address, CONTACT.email in mail.text) == (sam.email, True)
    assert AuditEvent.objects.filter(action="quote.renewal_asked").count() == 1
    assert fetch(sent).engagement.request.month == 9_400_000


def test_asking_again_works_after_the_nightly_task_as_well(client, before_carl, time_machine):
    sent, token = before_carl
    time_machine.move_to(sent.valid_until + timedelta(days=2))
    expire_quotes()

    answer = client.post(link("renew", token))

    assert (answer.status_code, sent.contacts.get().renewal_asked_at is not None) == (302, True)


def test_links_that_lead_nowhere_shut_nobody_out(client, before_carl):
    _, token = before_carl
    misses = {client.get(link("quote", f"no-such-link-{number}")).status_code for number in range(40)}

    assert misses == {404}
    assert client.get(link("quote", token)).status_code == 200


def test_nobody_asks_for_a_new_one_while_the_old_one_holds(client, before_carl):
    sent, token = before_carl

    answer = client.post(link("renew", token))

    assert answer.status_code == 409
    assert sent.contacts.get().renewal_asked_at is None


def test_a_replaced_quote_leads_to_the_new_revision_of_this_contact(client, before_carl, sam):
    sent, token = before_carl
    revision = fetch(revise_quote(sent, actor=sam))
    waiting = text_of(client.get(link("quote", token)))
    send_quote(revision, actor=sam, shown_digest=draft_digest(revision))
    new = token_for(CONTACT.email)

    shown = text_of(client.get(link("quote", token)))

    assert "comes to you by e-mail" in waiting
    assert f'href="{link("quote", new)}"' in shown
    assert client.get(link("quote", new)).status_code == 200


def test_a_withdrawn_quote_says_so(client, before_carl, sam):
    sent, token = before_carl
    withdraw_quote(sent, actor=sam, reason="Wrong estate")

    shown = text_of(client.get(link("quote", token)))

    assert "took this quote back" in shown
    assert "Accept quote" not in shown
    assert link("quote", token) in letter_to(CONTACT.email, "quote_withdrawn")


def test_the_link_of_an_accepted_quote_leads_to_its_receipt(client, northlake, sam, carl):
    accepted = make_accepted_quote(northlake, actor=sam, signatory=carl)
    token = token_for(carl.email)

    shown = text_of(client.get(link("quote", token)))
    receipt = text_of(client.get(link("receipt", token)))

    assert "Carl Brandt accepted this quote" in shown
    assert link("receipt", token) in shown
    assert accepted.receipt in receipt
    assert "What happens next" in receipt
    assert "NDA: Northlake Logistics has not chosen one yet. Configurations open for upload" in receipt
    assert "127.0.0.1" not in receipt


def test_there_is_no_receipt_before_the_acceptance(client, before_carl):
    _, token = before_carl

    answer = client.get(link("receipt", token))

    assert (answer.status_code, answer.url) == (302, link("quote", token))
