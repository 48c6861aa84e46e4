"""Times for calls: published, offered, booked once, moved, called off."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from core.outbox import deliver_all
from engagements.decisions import decisions_for
from engagements.domain.perform import perform
from pricing.calculation.openings import Opening, Span, Window, openings
from pricing.domain.book_call import book_call, cancel_call
from pricing.models import Call, Request
from pricing.openings import free_times
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import make_request
from tests.pricing.intake_people import MONDAY, NUMBER, TEN, begin, fill, offer_calls, send, url
from tests.pricing.pages import text_of, url_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db

BOGOTA = ZoneInfo("America/Bogota")
NEW_YORK = ZoneInfo("America/New_York")
AT_TEN = datetime.fromisoformat(TEN)


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    cache.clear()


def booked(request, starts_at=AT_TEN):
    return book_call(request, starts_at=starts_at, time_zone="Europe/Oslo", telephone=NUMBER)


def test_windows_are_cut_into_calls_without_days_off_and_what_is_taken():
    window = Window(1, weekday=0, starts=time(9), ends=time(10, 15), minutes=30)
    first = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
    span = Span(first - timedelta(days=1), first + timedelta(days=8))

    free = openings([window], zone=BOGOTA, span=span)
    less = openings(
        [window],
        zone=BOGOTA,
        span=span,
        days_off={(1, date(2026, 12, 7))},
        taken=[Opening(first + timedelta(minutes=10), 1, 30)],
    )

    half = timedelta(minutes=30)
    week = timedelta(days=7)
    assert [one.starts_at for one in free] == [first, first + half, first + week, first + week + half]
    assert less == []


@given(day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), starts=st.integers(0, 22), minutes=st.integers(15, 120))
def test_offered_calls_never_overlap_and_are_never_shorter_whatever_the_clock_does(day, starts, minutes):
    window = Window(1, weekday=day.weekday(), starts=time(starts), ends=time(23, 59), minutes=minutes)
    noon = datetime.combine(day, time(12), tzinfo=NEW_YORK)

    free = openings([window], zone=NEW_YORK, span=Span(noon - timedelta(days=1), noon + timedelta(days=1)))

    assert all(one.ends_at <= other.starts_at for one, other in pairwise(free))
    assert {one.ends_at - one.starts_at for one in free} <= {timedelta(minutes=minutes)}


def test_free_times_are_offered_in_the_visitors_zone(client, sam):
    offer_calls(sam)
    token = begin(client)

    theirs = text_of(client.get(url("step", token, "call")))
    elsewhere = text_of(client.get(url("step", token, "call"), {"zone": "America/New_York"}))

    assert "Tue 1 Dec 2026, 16:00 GMT+1" in theirs
    assert "Tue 1 Dec 2026, 10:00 GMT-5" in elsewhere
    assert "Show later times" in theirs


def test_without_published_times_the_request_goes_on(client, sam):
    token = begin(client)

    page = client.get(url("step", token, "call"))

    assert "No time is free just now" in text_of(page)
    assert client.post(url("step", token, "call"), {"time": "none"}).status_code == 302


def test_a_call_is_booked_with_whoever_is_free_and_the_request_is_theirs(client, sam, lea):
    offer_calls(lea)

    token = send(client, call={"time": TEN, "telephone": NUMBER})

    call = Call.objects.get()
    assert (call.person, call.starts_at, call.minutes, call.time_zone) == (lea, AT_TEN, 30, "Europe/Oslo")
    assert Request.objects.get().owner == lea
    assert "16:00 GMT+1" in text_of(client.get(url("request", token)))


def test_both_are_told_with_a_calendar_entry(client, sam):
    offer_calls(sam)

    send(client, call={"time": TEN, "telephone": NUMBER})
    deliver_all()

    told = [message for message in mail.outbox if "16:00 GMT+1" in message.subject or "10:00 GMT-5" in message.subject]
    files = {message.to[0]: message.attachments[0] for message in told}
    assert set(files) == {"mia.lund@fjordline.example", "sam@practice.example"}
    for name, content, media_type in files.values():
        assert (name, media_type) == ("call.ics", "text/calendar")
        assert "DTSTART:20261201T150000Z" in content
    assert all(b"DTSTART:20261201T150000Z" in message.message().as_bytes() for message in told)


def test_of_two_who_choose_one_time_the_second_is_told_and_keeps_the_request(client, sam):
    offer_calls(sam)
    first, second = begin(client), begin(client, company="Other Travel")
    for token in (first, second):
        fill(client, token, call={"time": TEN, "telephone": NUMBER})

    client.post(url("check", first))
    client.post(url("check", second))
    page = client.get(url("request", second))
    others = client.get(url("step", second, "call"))

    shown = text_of(page)
    assert Request.objects.count() == 2
    assert Call.objects.booked().count() == 1
    assert "The call is not booked" in shown
    assert "Choose another time" in shown
    assert TEN not in text_of(others)
    assert "Tue 1 Dec 2026, 16:30 GMT+1" in text_of(others)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_book_at_once_one_gets_the_time(sam):
    offer_calls(sam)
    requests = [make_request(CustomerFactory(), actor=sam) for _ in range(2)]

    said = at_once(*[lambda request=request: booked(request) for request in requests])

    assert sorted(type(one).__name__ for one in said) == ["Call", "Conflict"]
    assert Call.objects.booked().count() == 1
    assert "Choose another time" in str(next(one for one in said if isinstance(one, Conflict)))


def test_the_database_gives_no_time_twice(sam):
    offer_calls(sam)
    booked(make_request(CustomerFactory(), actor=sam))
    other = make_request(CustomerFactory(), actor=sam)

    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.create(request=other, person=sam, starts_at=AT_TEN, minutes=30, time_zone="UTC")


def test_a_call_is_moved_by_the_link_and_its_old_time_is_free_again(client, sam):
    offer_calls(sam)
    token = send(client, call={"time": TEN, "telephone": NUMBER})
    later = (AT_TEN + timedelta(days=1)).isoformat()

    page = client.post(url("step", token, "call"), {"time": later, "telephone": NUMBER, "zone": "Europe/Oslo"})

    call = Call.objects.get()
    assert page.status_code == 302
    assert (call.starts_at.isoformat(), call.sequence) == (later, 1)
    assert AT_TEN in free_times()
    deliver_all()
    moved = next(message for message in mail.outbox if message.subject.startswith("Your call is moved to"))
    assert "SEQUENCE:1" in moved.attachments[0][1]


def test_the_booked_time_stands_in_the_zone_of_the_times_below_it(client, sam):
    offer_calls(sam)
    token = send(client, call={"time": TEN, "telephone": NUMBER})

    own = text_of(client.get(url("step", token, "call")))
    tried = text_of(client.get(url("step", token, "call"), {"zone": "America/New_York"}))

    assert re.search(r"Booked: <time[^>]*>[^<]*16:00 GMT\+1", own)
    assert re.search(r"Booked: <time[^>]*>[^<]*10:00 GMT-5", tried)


def test_a_call_is_cancelled_by_the_link_and_another_can_be_booked(client, sam):
    offer_calls(sam)
    token = send(client, call={"time": TEN, "telephone": NUMBER})

    client.get(url("call_cancel", token))
    still = Call.objects.booked().count()
    client.post(url("call_cancel", token))
    again = client.post(url("call_cancel", token))
    client.post(url("step", token, "call"), {"time": TEN, "telephone": NUMBER})

    assert (still, again.status_code) == (1, 302)
    assert [call.cancelled_at is None for call in Call.objects.order_by("pk")] == [False, True]
    deliver_all()
    ended = next(message for message in mail.outbox if "is cancelled" in message.subject)
    assert "METHOD:CANCEL" in ended.attachments[0][1]


def test_a_time_that_is_not_offered_books_nothing(client, sam):
    offer_calls(sam)
    token = send(client)

    at_night = client.post(url("step", token, "call"), {"time": "2026-12-01T03:00:00+00:00"})
    past = client.post(url("step", token, "call"), {"time": "2026-11-27T15:00:00+00:00"})

    assert (at_night.status_code, past.status_code) == (422, 422)
    assert not Call.objects.exists()
    assert cancel_call(Request.objects.get()) is None


def test_a_request_that_is_closed_takes_no_call(sam, lea, northlake):
    offer_calls(sam)
    request = make_request(northlake, actor=sam)
    perform("cancel", engagement=request.engagement, actor=lea, note="They stopped.")

    with pytest.raises(Conflict, match="is not open any more"):
        booked(request)

    assert not Call.objects.exists()


def test_a_call_stands_in_the_pipeline_on_the_request_and_in_today(client, sam, time_machine):
    offer_calls(sam)
    request = make_request(CustomerFactory(name="Fjordline"), actor=sam)
    booked(request)
    before = [one.title for one in decisions_for(sam)]
    time_machine.move_to(AT_TEN - timedelta(hours=2), tick=False)
    client.force_login(sam)

    pipeline = text_of(client.get(reverse("pricing:pipeline")))
    page = text_of(client.get(url_of("request", request.engagement.code)))
    times = text_of(client.get(reverse("pricing:call_times")))

    assert "call <time" in pipeline
    assert "<b>Call:</b>" in page
    assert "Fjordline" in times
    assert before == ["Send the quote for Fjordline"]
    assert [one.title for one in decisions_for(sam)] == ["Call Carl Brandt, Fjordline", *before]
    assert f"Their number is {NUMBER}." in decisions_for(sam)[0].text


def test_what_was_sent_again_with_other_numbers_is_shown_to_sales(client, sam):
    send(client)
    send(client, volume={"month": "8 M", "peak": "410 K"})
    client.force_login(sam)

    page = text_of(client.get(url_of("request", Request.objects.get().engagement.code)))

    assert "Other numbers than recorded" in page
    assert "8,000,000 a month" in page
    assert "We moved data centres in May." in page


def test_sales_is_warned_of_a_customer_of_the_same_name(client, northlake, sam):
    send(client, about={"company": "northlake logistics"})
    client.force_login(sam)

    page = text_of(client.get(url_of("request", Request.objects.get().engagement.code)))

    assert "There is a customer of this name" in page
