"""What waits for a second person reaches those who may be it."""

from decimal import Decimal

import pytest

from core.models import OutboxMessage
from core.outbox import words_of
from engagements.decisions import decisions_for
from pricing.calculation.terms import Reduction
from pricing.domain.draft_quote import draft_quote
from pricing.domain.give_terms import Seen, choose_tier_instead, give_discount
from pricing.domain.send_quote import draft_digest
from pricing.given_terms import given_in
from tests.factories.pricing import approve_term, fetch
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db


def give(quote, *, actor, percent):
    reduction, seen = Reduction(percent=Decimal(percent)), Seen("Second migration", draft_digest(fetch(quote)))
    return fetch(give_discount(fetch(quote), actor=actor, reduction=reduction, seen=seen))


def asked():
    return sorted(OutboxMessage.objects.filter(kind="quote_approval").values_list("address", flat=True))


def titles(person):
    return [one.title for one in decisions_for(person) if one.title.startswith("Approve")]


def test_a_discount_beyond_the_limit_is_mailed_to_those_who_may_approve_it_and_lies_on_their_home_page(
    client, draft, sam, lea, olga, ada, carl
):
    quote = give(draft, actor=sam, percent=10)

    client.force_login(lea)
    home = text_of(client.get("/", follow=True))

    assert asked() == sorted([lea.email, olga.email])
    text = words_of(OutboxMessage.objects.filter(kind="quote_approval").first())[0]
    assert "waits for a second person's approval" in text
    assert url_of("quote", quote.reference) in text
    for person in (lea, olga):
        assert titles(person) == [f"Approve a discount in quote {quote.reference}"]
    for person in (sam, ada, carl):
        assert titles(person) == []
    assert f"Approve a discount in quote {quote.reference}" in home


def test_who_may_not_approve_so_much_is_not_asked(draft, sam, lea, olga):
    give(draft, actor=sam, percent=20)

    assert asked() == [olga.email]
    assert titles(lea) == []


def test_nobody_is_asked_twice_for_the_same_and_nobody_once_it_is_approved(draft, sam, lea, olga):
    quote = give(draft, actor=sam, percent=10)

    draft_quote(quote.engagement.request, actor=sam)
    approve_term(quote, actor=lea, covers=given_in(quote)[0].covers)
    draft_quote(quote.engagement.request, actor=sam)

    assert asked() == sorted([lea.email, olga.email])
    assert titles(lea) == titles(olga) == []


def test_within_the_limit_nobody_is_asked(draft, sam, lea):
    give(draft, actor=sam, percent=5)

    assert asked() == titles(lea) == []


def test_another_tier_is_asked_for_as_well(draft, sam, lea, olga):
    seen = Seen("Two pools are empty", draft_digest(fetch(draft)))

    choose_tier_instead(fetch(draft), actor=sam, tier="standard", seen=seen)

    assert asked() == sorted([lea.email, olga.email])
    assert len(titles(lea)) == 1


def test_the_review_names_who_approves_in_place_of_the_button(client, draft, sam, lea, olga):
    quote = give(draft, actor=sam, percent=10)
    client.force_login(sam)

    waits = text_of(client.get(url_of("send", quote.reference)))
    approve_term(quote, actor=lea, covers=given_in(quote)[0].covers)
    settled = text_of(client.get(url_of("send", quote.reference)))

    button = 'type="submit">Send quote'
    assert f"waits for approval by {lea} or {olga}" in waits
    assert button not in waits
    assert button in settled
    assert "waits for approval" not in settled
