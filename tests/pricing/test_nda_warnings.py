"""Who is told when the practice's time to sign the NDA runs low or out: the steps of the clock of a quote."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.models import AuditEvent, OutboxMessage
from engagements.domain.perform import perform
from engagements.records import told_events
from pricing.domain.warn_ndas import warn_ndas
from pricing.models import NdaNotice
from tests.factories.nda import choose_our_nda, fetch, sign
from tests.factories.pricing import make_request

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def move(time_machine):
    time_machine.move_to(timezone.now(), tick=False)

    def move(hours):
        time_machine.move_to(timezone.now() + hours * HOUR, tick=False)

    return move


@pytest.fixture
def asked(northlake, sam, lea, carl, move):
    """Northlake asked for the practice's NDA just now."""
    engagement = make_request(northlake, actor=sam).engagement
    return fetch(choose_our_nda(engagement, actor=carl))


def mails():
    kinds = ["nda_low", "nda_late"]
    return list(OutboxMessage.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", "address"))


def test_the_owner_is_told_at_24_hours_owner_and_lead_at_4_and_when_it_is_late(asked, move):
    told = []
    for hours in (23, 1, 19, 1, 3, 1):
        move(hours)
        warn_ndas()
        told.append(mails())

    owner, lead = "sam@practice.example", "lea@practice.example"
    first = [("nda_low", owner)]
    last = [*first, ("nda_low", owner), ("nda_low", lead)]
    assert told == [[], first, first, last, last, [*last, ("nda_late", owner), ("nda_late", lead)]]
    assert list(NdaNotice.objects.values_list("kind", flat=True)) == ["first", "last", "breach"]


def test_a_step_is_told_once_and_the_mail_says_by_when(asked, move):
    move(45)

    counts = [warn_ndas(), warn_ndas()]

    assert counts == [1, 0]
    mail = OutboxMessage.objects.filter(kind="nda_low").first()
    assert mail.subject.startswith("NDA of Northlake Logistics: less than 4 h left, due ")
    assert "3 h are left. EMP must sign by " in mail.text
    assert mail.is_required


def test_once_the_practice_has_signed_nobody_is_told(asked, move, sam):
    sign(asked, sam)
    move(47)

    assert warn_ndas() == 0
    assert mails() == []


def test_on_hold_the_clock_stands_and_nobody_is_told(asked, move, lea):
    perform("hold", engagement=asked.engagement, actor=lea, note="The customer asked for it.")
    move(60)

    assert warn_ndas() == 0


def test_the_ledger_keeps_who_was_told_and_tells_the_practice_alone(asked, move, carl, lea):
    move(49)

    warn_ndas()

    event = AuditEvent.objects.get(action="nda.clock_late")
    assert event.data["told"] == "Sam Ortiz, Lea Moser"
    assert event in told_events(lea, asked.engagement)
    assert event not in told_events(carl, asked.engagement)


def test_a_notice_is_never_changed(asked, move):
    move(49)
    warn_ndas()

    with pytest.raises(DatabaseError), transaction.atomic():
        NdaNotice.objects.update(kind="first")
