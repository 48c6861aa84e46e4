"""Discounts and tiers beyond the rules: who may give them, who approves them, and when an approval no longer holds."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from djmoney.money import Money

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from pricing.calculation.terms import Reduction
from pricing.domain.draft_quote import draft_quote
from pricing.domain.give_terms import Seen, choose_tier_instead, give_discount
from pricing.domain.record_request import change_request
from pricing.domain.revise_quote import revise_quote
from pricing.domain.send_quote import draft_digest
from pricing.given_terms import given_in
from pricing.models import Approval, Discount
from tests.factories.pricing import CONTACT, MULTI_IP, approve_term, fetch, send_quote

pytestmark = pytest.mark.django_db


def percent(number):
    return Reduction(percent=Decimal(number))


def give(quote, *, actor, reduction, reason="Second migration for them"):
    quote = fetch(quote)
    return fetch(give_discount(quote, actor=actor, reduction=reduction, seen=Seen(reason, draft_digest(quote))))


def choose(quote, *, actor, tier, reason="Two of the pools are empty"):
    quote = fetch(quote)
    return fetch(choose_tier_instead(quote, actor=actor, tier=tier, seen=Seen(reason, draft_digest(quote))))


def send(quote, *, actor):
    quote = fetch(quote)
    return fetch(send_quote(quote, actor=actor, shown_digest=draft_digest(quote)))


def approve(quote, *, actor):
    return approve_term(quote, actor=actor, covers=given_in(fetch(quote))[0].covers)


def amounts(quote):
    return [str(line.amount.amount) for line in quote.lines.all()]


def test_a_discount_is_a_line_of_its_own_and_the_total_is_the_sum(draft, sam):
    quote = give(draft, actor=sam, reduction=percent("5"))

    assert amounts(quote) == ["28500.00", "-1425.00"]
    assert (quote.fee, quote.total) == (Money(28500, "USD"), Money(27075, "USD"))
    assert [line["description"] for line in quote.snapshot["lines"]][1] == "Discount of 5 %"
    assert quote.snapshot["refund"].endswith("USD 24,675 of USD 27,075.")


def test_an_amount_is_taken_off_as_it_was_typed(draft, sam):
    quote = give(draft, actor=sam, reduction=Reduction(amount=Decimal("1000.50")))

    assert amounts(quote) == ["28500.00", "-1000.50"]
    assert quote.snapshot["total"] == "USD 27,499.50"


def test_within_the_own_limit_nobody_else_is_asked(draft, sam, carl):
    quote = give(draft, actor=sam, reduction=percent("5"))

    sent = send(quote, actor=sam)

    assert (sent.state, sent.total) == ("sent", Money(27075, "USD"))
    assert not Approval.objects.exists()


@pytest.mark.parametrize("reduction", [percent("5.01"), Reduction(amount=Decimal("1425.01"))])
def test_above_the_own_limit_it_is_not_sent_until_a_second_person_approved(draft, sam, lea, carl, reduction):
    quote = give(draft, actor=sam, reduction=reduction)

    with pytest.raises(DomainError, match="waits for a second person's approval"):
        send(quote, actor=sam)
    approval = approve(quote, actor=lea)
    sent = send(quote, actor=sam)

    assert (approval.asked_by, approval.approved_by, approval.subject) == (sam, lea, "discount")
    assert sent.state == "sent"
    event = AuditEvent.objects.get(action="quote.term_approved")
    assert event.data["words"] == approval.words


def test_nobody_approves_their_own_and_nobody_beyond_their_limit(draft, sam, lea, olga):
    quote = give(draft, actor=sam, reduction=percent("20"))

    with pytest.raises(Refused, match="a second person approves it"):
        approve(quote, actor=sam)
    with pytest.raises(Refused, match="You may approve up to USD 6,000, and no more than 15 % of the fee"):
        approve(quote, actor=lea)
    approval = approve(quote, actor=olga)

    assert Approval.objects.get() == approval


def test_the_owner_decides_alone(draft, olga, carl):
    quote = give(draft, actor=olga, reduction=percent("60"))

    assert send(quote, actor=olga).total == Money(11400, "USD")


def test_an_approval_says_nothing_of_another_amount(draft, sam, lea, carl):
    quote = give(draft, actor=sam, reduction=percent("10"))
    approve(quote, actor=lea)

    quote = give(quote, actor=sam, reduction=percent("11"))

    assert not given_in(quote)[0].is_settled
    with pytest.raises(DomainError, match="waits"):
        send(quote, actor=sam)
    assert given_in(give(quote, actor=sam, reduction=percent("10")))[0].is_settled


def test_an_approval_ends_when_the_fee_under_it_moves(draft, sam, lea):
    quote = give(draft, actor=sam, reduction=percent("10"))
    approve(quote, actor=lea)
    request = quote.engagement.request
    change_request(request, actor=sam, contact=CONTACT, points=replace(MULTI_IP, ips=12), shown_version=1)

    quote = fetch(draft_quote(request, actor=sam))

    assert amounts(quote) == ["58000.00", "-5800.00"]
    assert not given_in(quote)[0].is_settled


def test_what_was_approved_must_be_what_was_read(draft, sam, lea):
    read = given_in(give(draft, actor=sam, reduction=percent("10")))[0].covers
    give(draft, actor=sam, reduction=percent("14"))

    with pytest.raises(Conflict, match="Nothing was approved"):
        approve_term(draft, actor=lea, covers=read)

    assert not Approval.objects.exists()


def test_an_approval_goes_over_to_a_revision_that_says_the_same(draft, sam, lea, carl):
    quote = give(draft, actor=sam, reduction=percent("10"))
    approve(quote, actor=lea)
    sent = send(quote, actor=sam)

    revision = fetch(revise_quote(sent, actor=sam))

    assert amounts(revision) == ["28500.00", "-2850.00"]
    assert given_in(revision)[0].is_settled
    assert send(revision, actor=sam).state == "sent"


@pytest.mark.parametrize(
    "reduction", [percent("0"), percent("101"), Reduction(amount=Decimal(-1)), Reduction(amount=Decimal("28500.01"))]
)
def test_a_discount_that_is_none_or_more_than_the_fee_is_refused(draft, sam, reduction):
    with pytest.raises(DomainError, match="more than nothing, and not more than the fee of USD 28,500"):
        give(draft, actor=sam, reduction=reduction)

    assert not Discount.objects.exists()
    assert fetch(draft).total == Money(28500, "USD")


def test_a_discount_is_taken_off_again(draft, sam):
    quote = give(draft, actor=sam, reduction=percent("5"))

    quote = give(quote, actor=sam, reduction=None, reason="")

    assert amounts(quote) == ["28500.00"]
    assert not Discount.objects.exists()


def test_a_discount_needs_a_reason_and_the_draft_that_was_read(draft, sam):
    with pytest.raises(DomainError, match="Say why"):
        give(draft, actor=sam, reduction=percent("5"), reason="  ")
    with pytest.raises(Conflict, match="changed after you opened it"):
        give_discount(fetch(draft), actor=sam, reduction=percent("5"), seen=Seen("Why", "0" * 64))

    assert not Discount.objects.exists()


@pytest.mark.parametrize("person", ["ada", "carl"])
def test_only_those_who_send_quotes_give_and_approve(draft, sam, person, request):
    person = request.getfixturevalue(person)
    quote = give(draft, actor=sam, reduction=percent("10"))

    with pytest.raises(Refused):
        give(quote, actor=person, reduction=percent("5"))
    with pytest.raises(Refused):
        approve(quote, actor=person)

    assert Discount.objects.get().percent == 10


def test_the_terms_of_a_sent_quote_stay(draft, sam, carl):
    sent = send(give(draft, actor=sam, reduction=percent("5")), actor=sam)

    with pytest.raises(Conflict, match="its terms stay as they are"):
        give(sent, actor=sam, reduction=percent("4"))
    with pytest.raises(DatabaseError, match="stay as they were sent"), transaction.atomic():
        Discount.objects.update(percent=50)
    with pytest.raises(DatabaseError, match="stay as they were sent"), transaction.atomic():
        Discount.objects.all().delete()

    assert Discount.objects.get().percent == 5


def test_the_database_refuses_an_approval_by_whoever_asked(draft, sam):
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Approval.objects.create(
            quote=draft,
            subject="tier",
            covers="x",
            words="x",
            asked_by=sam,
            approved_by=sam,
            approved_at=draft.created_at,
        )

    assert not Approval.objects.exists()


def test_another_tier_needs_a_reason_and_a_second_person(draft, sam, lea, carl):
    with pytest.raises(DomainError, match="Say why"):
        choose(draft, actor=sam, tier="standard", reason="")
    quote = choose(draft, actor=sam, tier="standard")

    with pytest.raises(DomainError, match=r"Standard instead of Multi-IP by Sam .* waits"):
        send(quote, actor=sam)
    with pytest.raises(Refused, match="a second person"):
        approve(quote, actor=sam)
    approve(quote, actor=lea)
    sent = send(quote, actor=sam)

    assert (sent.tier_key, sent.total) == ("standard", Money(14500, "USD"))


def test_the_verdict_of_the_rules_stays_to_be_read(draft, sam):
    quote = choose(draft, actor=sam, tier="standard")

    offer = quote.snapshot
    assert offer["because"] == [f"Tier chosen by {sam}; the rules lead to Multi-IP."]
    rejected = {one["tier"]: one["reason"] for one in offer["rejected"]}
    assert rejected["Multi-IP"].startswith("The rules lead here. 2 pools.")
    assert set(rejected) == {"Discovery + Plan", "Multi-IP", "Enterprise"}
    assert AuditEvent.objects.get(action="quote.tier_chosen").data["rule"] == "Multi-IP"


def test_approval_of_a_tier_ends_when_the_data_points_change(draft, sam, lea):
    quote = choose(draft, actor=sam, tier="standard")
    approve(quote, actor=lea)
    request = quote.engagement.request
    change_request(request, actor=sam, contact=CONTACT, points=replace(MULTI_IP, ips=7), shown_version=1)

    quote = fetch(draft_quote(request, actor=sam))

    assert quote.tier_key == "standard"
    assert not given_in(quote)[0].is_settled


def test_a_choice_the_rules_come_to_agree_with_needs_nobody(draft, sam):
    quote = choose(draft, actor=sam, tier="enterprise")
    request = quote.engagement.request
    change_request(request, actor=sam, contact=CONTACT, points=replace(MULTI_IP, tenants=2), shown_version=1)

    quote = fetch(draft_quote(request, actor=sam))

    assert (quote.tier_key, given_in(quote)) == ("enterprise", [])
    assert quote.snapshot["because"] == ["2 tenants."]


def test_the_tier_of_the_rules_takes_the_choice_back(draft, sam):
    choose(draft, actor=sam, tier="standard")

    quote = choose(draft, actor=sam, tier="multi_ip", reason="")

    assert (quote.tier_key, given_in(quote)) == ("multi_ip", [])


def test_a_tier_nobody_offers_is_refused(draft, sam):
    with pytest.raises(DomainError, match="on offer"):
        choose(draft, actor=sam, tier="platinum")

    assert fetch(draft).tier_key == "multi_ip"
