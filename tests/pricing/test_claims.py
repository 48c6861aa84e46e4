"""What a stranger sends with somebody else's company and address shows and moves nothing before the contact says so."""

import pytest
from django.core.cache import cache

from core.models import AuditEvent, OutboxMessage
from core.outbox import words_of
from pricing.models import Call, Request
from tests.pricing.intake_people import MONDAY, NUMBER, TEN, mailed_link, offer_calls, send, url
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db

LATER = "2026-12-02T15:00:00+00:00"
UNKNOWN = {"team": "unknown"}
OTHER_VOLUME = {"month": "8 M", "peak": "390 K"}


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    cache.clear()


@pytest.fixture
def nora(client, sam):
    """Her request has a call and lacks the team; returns the token of her link."""
    offer_calls(sam)
    return send(client, team=UNKNOWN, call={"time": TEN, "telephone": NUMBER})


@pytest.fixture
def mallory(client, nora):
    """Sends with Nora's company and address, all four data points; returns the token in the browser."""
    return send(client, volume=OTHER_VOLUME, call={"time": LATER, "telephone": NUMBER})


def test_a_joined_request_shows_the_reference_and_nothing_of_what_is_there(client, mallory):
    shown = text_of(client.get(url("request", mallory)))

    assert f"Reference {Request.objects.get().engagement.code}" in shown
    assert "It is added to a request of your company" in shown
    assert [word for word in ("410,000", "9,400,000", "Sam Ortiz", "Move the call", "1 Dec") if word in shown] == []


def test_a_joined_request_fills_in_nothing_and_starts_no_clock(client, mallory):
    request = Request.objects.get()

    assert (request.month, request.team, request.complete_at) == (9_400_000, "", None)
    assert AuditEvent.objects.filter(action="request.received_again").count() == 1
    assert not AuditEvent.objects.filter(action__in=["request.complete", "request.confirmed"]).exists()


def test_a_joined_request_moves_and_cancels_no_call(client, mallory):
    seen = client.get(url("step", mallory, "call"))
    moved = client.post(url("step", mallory, "call"), {"time": LATER, "telephone": NUMBER})
    cancelled = client.post(url("call_cancel", mallory))
    confirmed = client.post(url("confirm", mallory))

    call = Call.objects.get()
    assert [page.status_code for page in (seen, moved, cancelled, confirmed)] == [302] * 4
    assert (call.starts_at.isoformat(), call.sequence, call.cancelled_at) == (TEN, 0, None)
    assert Request.objects.get().complete_at is None


def test_the_link_that_confirms_is_in_the_mail_to_the_contact_alone(client, mallory):
    message = OutboxMessage.objects.filter(kind="request_received").latest("pk")

    assert message.address == "mia.lund@fjordline.example"
    assert mailed_link() != mallory
    assert mallory not in words_of(message)[0]
    assert mailed_link() not in message.text


def test_looking_by_the_mailed_link_confirms_nothing_and_shows_what_is_claimed(client, mallory):
    shown = text_of(client.get(url("request", mailed_link())))

    assert "Was this you?" in shown
    assert "8,000,000 a month" in shown
    assert Request.objects.get().complete_at is None


def test_the_contact_confirms_and_what_was_unknown_is_filled_in_once(client, mallory):
    link = mailed_link()

    first = client.post(url("confirm", link))
    again = client.post(url("confirm", link))

    request, call = Request.objects.get(), Call.objects.get()
    assert (first.status_code, again.status_code) == (302, 302)
    assert (request.month, request.team) == (9_400_000, "full_execution")
    assert request.complete_at is not None
    assert call.starts_at.isoformat() == TEN
    assert AuditEvent.objects.filter(action="request.confirmed").count() == 1


def test_who_sent_first_with_the_address_of_another_sees_nothing_that_is_confirmed_later(client, nora, mallory):
    before = text_of(client.get(url("request", nora)))
    client.post(url("confirm", mailed_link()))

    after = text_of(client.get(url("request", nora)))
    client.post(url("call_cancel", nora))

    assert "9,400,000" in before
    assert "9,400,000" not in after
    assert Call.objects.booked().count() == 1
    assert "Move the call" in text_of(client.get(url("request", mailed_link())))


def test_sales_sees_the_claim_beside_the_request_until_it_is_confirmed(client, mallory, sam):
    client.force_login(sam)
    page = url_of("request", Request.objects.get().engagement.code)

    claimed = text_of(client.get(page))
    client.post(url("confirm", mailed_link()))
    confirmed = text_of(client.get(page))

    assert "Not confirmed" in claimed
    assert "8,000,000 a month" in claimed
    assert "Not confirmed" not in confirmed
    assert "by the mailed link" in confirmed


def test_a_closed_request_takes_no_confirmation(client, mallory):
    engagement = Request.objects.get().engagement
    type(engagement).objects.filter(pk=engagement.pk).update(phase="cancelled")

    page = client.post(url("confirm", mailed_link()))

    assert page.status_code == 409
    assert Request.objects.get().complete_at is None


def test_a_request_whose_contact_was_corrected_is_joined_by_nobody(client, nora, sam):
    Request.objects.update(contact_email="right@fjordline.example")

    send(client, volume=OTHER_VOLUME)

    assert Request.objects.count() == 2
