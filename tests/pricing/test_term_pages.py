"""The pages of what goes beyond the rules, for both sides."""

from datetime import timedelta

import pytest
from django.urls import reverse
from djmoney.money import Money

from engagements.today import today_of
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.send_quote import draft_digest
from pricing.given_terms import given_in
from pricing.models import Approval, Quote
from tests.factories import discovery
from tests.factories.nda import sign_on_paper
from tests.factories.pricing import fetch, work_off
from tests.pricing.test_amend import estate

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    def ask(person, name, quote, **typed):
        client.force_login(person)
        url = reverse(f"pricing:{name}", args=[quote.reference])
        return client.post(url, typed) if typed else client.get(url)

    return ask


def text_of(page):
    return " ".join(page.content.decode().split())


def typed_discount(quote, **typed):
    return {"percent": "", "amount": "", "reason": "Second migration", "shown_digest": draft_digest(quote), **typed}


def test_sales_sets_a_discount_and_a_lead_approves_it_on_the_quote(draft, sam, lea, ask):
    saved = ask(sam, "discount", draft, **typed_discount(draft, percent="10"))
    before = text_of(ask(lea, "quote", draft))
    approved = ask(lea, "approve", draft, covers=given_in(fetch(draft))[0].covers)

    assert (saved.status_code, approved.status_code) == (302, 302)
    assert "A discount of USD 2,850 (10 %) on USD 28,500" in before
    assert "Waits for a second person" in before
    assert "Approve this discount" in before
    assert Approval.objects.get().approved_by == lea
    assert "Approve this discount" not in text_of(ask(lea, "quote", draft))


def test_the_giver_is_told_that_somebody_else_approves(draft, sam, ask):
    ask(sam, "discount", draft, **typed_discount(draft, percent="10"))

    page = text_of(ask(sam, "quote", draft))

    assert "is yours: a second person approves it." in page
    assert "Approve this discount" not in page


def test_the_way_to_send_is_not_offered_before_somebody_approved(draft, sam, lea, ask):
    way = f'href="{reverse("pricing:send", args=[draft.reference])}"'
    ask(sam, "discount", draft, **typed_discount(draft, percent="10"))
    before = text_of(ask(sam, "quote", draft))

    ask(lea, "approve", draft, covers=given_in(fetch(draft))[0].covers)

    assert way not in before
    assert "once a second person has approved" in before
    assert way in text_of(ask(sam, "quote", draft))


def test_an_amount_that_was_tampered_with_changes_nothing(draft, sam, lea, ask):
    ask(sam, "discount", draft, **typed_discount(draft, percent="10", total="1", fee="1", off="28499"))

    refused = ask(lea, "approve", draft, covers="f" * 64, total="1")
    unsaid = ask(lea, "approve", draft, total="1")

    assert (refused.status_code, unsaid.status_code) == (409, 409)
    assert fetch(draft).total == Money(25650, "USD")
    assert not Approval.objects.exists()


def test_a_tampered_total_in_an_acceptance_is_ignored(sent, carl, client):
    client.force_login(carl)
    url = reverse("pricing:accept", args=[sent.reference])

    client.post(url, {"may_accept": "on", "shown_digest": sent.document.digest, "total": "1", "fee": "1"})

    accepted = fetch(sent)
    assert (accepted.state, accepted.total, accepted.engagement.fee) == (
        "accepted",
        Money(28500, "USD"),
        Money(28500, "USD"),
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter a percentage or an amount"),
        ({"percent": "5", "amount": "5"}, "Enter a percentage or an amount"),
        ({"percent": "-5"}, "Enter more than nothing."),
        ({"percent": "much"}, "Enter a number"),
        ({"percent": "5", "reason": ""}, "Say why"),
        ({"amount": "99999"}, "not more than the fee"),
    ],
)
def test_an_odd_discount_is_answered_on_the_form_with_what_was_typed(draft, sam, ask, typed, words):
    page = ask(sam, "discount", draft, **typed_discount(draft, **typed))

    assert page.status_code == 422
    assert words in text_of(page)
    assert fetch(draft).total == Money(28500, "USD")


def test_a_discount_is_taken_off_with_one_button(draft, sam, ask):
    ask(sam, "discount", draft, **typed_discount(draft, percent="5"))

    ask(sam, "discount", draft, shown_digest=draft_digest(fetch(draft)), remove="1")

    assert fetch(draft).total == Money(28500, "USD")


def test_the_review_does_not_send_what_waits_for_approval(draft, sam, carl, ask):
    ask(sam, "discount", draft, **typed_discount(draft, percent="10"))

    page = ask(sam, "send", draft, shown_digest=draft_digest(fetch(draft)))

    assert page.status_code == 422
    assert "waits for a second person" in text_of(page)
    assert Quote.objects.get().state == "draft"


def test_another_tier_is_named_with_whoever_chose_it_on_the_offer(draft, sam, ask):
    typed = {"tier": "standard", "reason": "One pool is empty", "shown_digest": draft_digest(draft)}

    ask(sam, "tier", draft, **typed)

    page = text_of(ask(sam, "quote", draft))
    assert f"Tier chosen by {sam}; the rules lead to Multi-IP." in page
    assert "One pool is empty" in page


def test_the_customer_reads_who_chose_the_tier_but_neither_reason_nor_approver(draft, sam, lea, carl, ask):
    ask(sam, "tier", draft, tier="standard", reason="One pool is empty", shown_digest=draft_digest(draft))
    ask(lea, "approve", draft, covers=given_in(fetch(draft))[0].covers)
    ask(sam, "send", draft, shown_digest=draft_digest(fetch(draft)))
    work_off()

    page = text_of(ask(carl, "quote", draft))

    assert f"Tier chosen by {sam}" in page
    assert "One pool is empty" not in page
    assert "Beyond the rules" not in page
    assert "One pool is empty" not in str(fetch(draft).document.snapshot)


def test_a_lead_gives_an_expired_quote_a_new_date(sent, lea, carl, ask, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(days=1))
    expire_quotes()
    last_day = today_of(sent.engagement) + timedelta(days=5)

    page = ask(lea, "quote", sent)
    done = ask(lea, "redate", sent, last_day=last_day.isoformat(), reason="Their board met late")
    work_off()

    revision = Quote.objects.get(revision=2)
    assert "Give it a new date" in text_of(page)
    assert done["Location"] == reverse("pricing:quote", args=[sent.reference])
    assert f"Read {revision.reference}" in text_of(ask(carl, "quote", sent))


def test_a_day_too_far_is_answered_on_the_form(sent, lea, ask, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(days=1))

    page = ask(lea, "redate", sent, last_day="2099-01-01", reason="Late")

    assert page.status_code == 422
    assert "Enter a last day after today and not after" in text_of(page)
    assert "2099-01-01" in text_of(page)


def test_the_owner_declares_an_acceptance_void_and_both_pages_say_so(accepted, olga, carl, ask):
    done = ask(olga, "void", accepted, reason="Sent to the wrong company")

    assert done.status_code == 302
    for name in ("quote", "receipt"):
        page = text_of(ask(carl, name, accepted))
        assert "Sent to the wrong company" in page
        assert "void" in page


def test_what_discovery_found_is_told_on_the_quote_with_the_door_to_amend_it(accepted, ada, lea, sam, carl, ask):
    sign_on_paper(accepted.engagement, lead=lea)
    discovery.read(accepted.engagement, actor=ada, files=estate(12))

    page = text_of(ask(sam, "quote", accepted))
    form = text_of(ask(sam, "amend", accepted))
    done = ask(sam, "amend", accepted, reason="12 IPs")

    assert "The configuration shows 12 IPs; Multi-IP covers 8 IPs" in page
    assert "the rules lead to Enterprise, USD 58,000" in form
    assert done["Location"].endswith(f"{accepted.number}-B/")
    assert "12 IPs" not in text_of(ask(carl, "quote", accepted))
