"""The rounds of the clockwork: what fails for one keeps nothing from the others."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from pricing import tasks
from pricing.domain import expire_quotes as expiry
from pricing.domain import warn_clocks as warning
from pricing.domain.draft_quote import draft_quote
from pricing.domain.send_quote import draft_digest
from pricing.models import ClockNotice, Quote
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import CONTACT, fetch, make_request, send_quote

pytestmark = pytest.mark.django_db


@pytest.fixture
def break_for(monkeypatch):
    """Let a function of a module fail for what fits, as a fault in one row would. Returns how to mend it."""

    def arrange(module, name, fits):
        sound = getattr(module, name)

        def broken(subject, *arguments, **facts):
            if fits(subject):
                raise KeyError(name)
            return sound(subject, *arguments, **facts)

        monkeypatch.setattr(module, name, broken)
        return lambda: monkeypatch.setattr(module, name, sound)

    return arrange


def marlow(sam):
    contact = replace(CONTACT, email="mira@marlow.example")
    return make_request(CustomerFactory(name="Marlow Retail"), actor=sam, contact=contact)


def test_a_clock_that_cannot_be_told_of_keeps_no_other_from_its_warning(northlake, sam, lea, break_for, time_machine):
    bad = make_request(northlake, actor=sam)
    good = marlow(sam)
    mend = break_for(warning, "announce_low", lambda request: request.pk == bad.pk)
    time_machine.move_to(timezone.now() + timedelta(hours=24))

    told = [warning.warn_clocks(), warning.warn_clocks()]
    noted = list(ClockNotice.objects.values_list("request", flat=True))
    mend()

    assert (told, noted) == ([1, 0], [good.pk])
    assert warning.warn_clocks() == 1


def test_a_quote_that_cannot_be_closed_keeps_no_other_open(northlake, sam, carl, sent, break_for, time_machine):
    draft = fetch(draft_quote(marlow(sam), actor=sam))
    good = send_quote(draft, actor=sam, shown_digest=draft_digest(draft))
    break_for(expiry, "lock_engagement", lambda engagement: engagement == sent.engagement_id)
    time_machine.move_to(good.valid_until + timedelta(days=1))

    expired = expiry.expire_quotes()

    states = dict(Quote.objects.values_list("pk", "state"))
    assert (expired, states) == (1, {sent.pk: "sent", good.pk: "expired"})


def test_where_the_clocks_of_quotes_cannot_be_read_those_of_ndas_are(monkeypatch):
    read = []
    monkeypatch.setattr(tasks, "warn_clocks", lambda: 1 // 0)
    monkeypatch.setattr(tasks, "warn_ndas", lambda: read.append("ndas") or 0)

    tasks.warn_clocks_task()

    assert read == ["ndas"]
