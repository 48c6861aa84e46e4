"""An expired quote that is offered again by a named person."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from core import documents
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from engagements.models import FrozenDocument
from engagements.today import today_of
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.record_request import change_request
from pricing.domain.redate_quote import NewDate, latest_day
from pricing.models import Quote
from tests.factories.pricing import CONTACT, MULTI_IP, accept_quote, consent, fetch, redate_quote

pytestmark = pytest.mark.django_db


@pytest.fixture
def expired(sent, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(days=1))
    expire_quotes()
    return fetch(sent)


# What the portal draws and seals with; the other tests here do with a few bytes.
RENDERERS, SEALERS = dict(documents._renderers), list(documents._sealers)


def in_a_week(quote):
    return NewDate(today_of(quote.engagement) + timedelta(days=7), "Their board met late")


def test_the_next_revision_says_the_same_with_a_later_day(expired, lea, carl):
    new = in_a_week(expired)

    revision = fetch(redate_quote(expired, actor=lea, new=new))

    assert (revision.reference, revision.state, revision.sent_by) == (f"{expired.number}-B", "sent", lea)
    assert (revision.total, revision.snapshot) == (expired.total, expired.snapshot)
    assert [line.amount for line in revision.lines.all()] == [line.amount for line in expired.lines.all()]
    assert revision.valid_until > expired.valid_until
    assert [row["what"] for row in revision.document.snapshot["changes"]["rows"]] == ["Valid until"]
    old = fetch(expired)
    assert (old.state, old.document.digest) == ("superseded", expired.document.digest)


def test_a_redated_quote_is_under_the_seal_as_any_other(expired, lea, carl, monkeypatch):
    monkeypatch.setattr(documents, "_renderers", RENDERERS)
    monkeypatch.setattr(documents, "_sealers", SEALERS)

    revision = fetch(redate_quote(expired, actor=lea, new=in_a_week(expired)))

    assert len(PdfFileReader(io.BytesIO(bytes(revision.document.pdf))).embedded_signatures) == 1


def test_the_customer_is_told_and_the_ledger_names_who_and_why(expired, lea, carl):
    OutboxMessage.objects.all().delete()

    revision = redate_quote(expired, actor=lea, new=in_a_week(expired))

    assert OutboxMessage.objects.get().subject == f"Your fixed-fee quote {revision.reference}: USD 28,500"
    event = AuditEvent.objects.get(action="quote.redated")
    assert (event.actor, event.data["reason"]) == (lea, "Their board met late")
    assert (event.data["reference"], event.data["successor"]) == (expired.reference, revision.reference)


def test_a_redated_quote_is_accepted_as_any_other(expired, lea, carl):
    revision = fetch(redate_quote(expired, actor=lea, new=in_a_week(expired)))

    accepted = accept_quote(revision, actor=carl, consent=consent(revision))

    assert (accepted.state, accepted.engagement.phase) == ("accepted", "discovery")


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_the_new_day_lies_ahead_and_not_beyond_what_a_new_quote_would_have(expired, lea, days):
    new = NewDate(today_of(expired.engagement) + timedelta(days=days), "Late")

    with pytest.raises(DomainError, match="Enter a last day after today and not after"):
        redate_quote(expired, actor=lea, new=new)

    assert fetch(expired).state == "expired"
    assert latest_day(expired) == today_of(expired.engagement) + timedelta(days=30)


def test_it_needs_a_reason_and_the_permission(expired, lea, sam):
    new = in_a_week(expired)

    with pytest.raises(DomainError, match="Say why"):
        redate_quote(expired, actor=lea, new=replace(new, reason=" "))
    with pytest.raises(Refused, match="you may not give an expired quote a new date"):
        redate_quote(expired, actor=sam, new=new)

    assert Quote.objects.count() == 1


def test_an_open_quote_gets_no_new_date(sent, lea):
    with pytest.raises(Conflict, match="only an expired quote"):
        redate_quote(sent, actor=lea, new=in_a_week(sent))

    assert fetch(sent).state == "sent"


def test_other_data_points_want_a_revision_instead(expired, lea, sam):
    request = expired.engagement.request
    change_request(request, actor=sam, contact=CONTACT, points=replace(MULTI_IP, ips=7), shown_version=1)

    with pytest.raises(Conflict, match="Revise it"):
        redate_quote(fetch(expired), actor=lea, new=in_a_week(expired))

    assert FrozenDocument.objects.count() == 1
