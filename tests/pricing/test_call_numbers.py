"""The number that a call is made to: asked for with the time, told to sales, and to both calendars."""

from datetime import datetime

import pytest
from django.core import mail
from django.core.cache import cache

from core.outbox import deliver_all
from pricing.models import Call, Intake, Request
from tests.pricing.intake_people import MONDAY, NUMBER, TEN, begin, fill, offer_calls, send, url
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db

AT_TEN = datetime.fromisoformat(TEN)


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    cache.clear()


def test_the_number_to_call_reaches_sales_and_both_calendars(client, sam):
    offer_calls(sam)

    token = send(client, call={"time": TEN, "telephone": NUMBER})
    deliver_all()
    client.force_login(sam)
    page = text_of(client.get(url_of("request", Request.objects.get().engagement.code)))

    told = [message for message in mail.outbox if message.attachments]
    unfolded = [message.attachments[0][1].replace("\r\n ", "") for message in told]
    assert Call.objects.get().telephone == NUMBER
    assert f"telephone {NUMBER}" in page
    assert NUMBER in text_of(client.get(url("request", token)))
    assert [NUMBER in message.body for message in told] == [True, True]
    assert [f"LOCATION:Telephone: {NUMBER}" in file for file in unfolded] == [True, True]
    assert [f"calls Mia Lund on {NUMBER} about" in file for file in unfolded] == [True, True]


@pytest.mark.parametrize("number", ["", "call me", "1234", "https://example.com/12345", "+47 " + "1" * 40])
def test_a_time_without_a_number_is_kept_but_neither_booked_nor_sent(client, sam, number):
    offer_calls(sam)
    token = begin(client)
    fill(client, token)

    page = client.post(url("step", token, "call"), {"time": TEN, "telephone": number})
    sent = client.post(url("check", token))

    assert (page.status_code, sent.status_code) == (422, 422)
    assert not Request.objects.exists()
    assert Intake.objects.get().typed["call"] == {"time": TEN, "telephone": number}


def test_another_number_for_the_same_time_changes_the_entry_and_moves_nothing(client, sam):
    offer_calls(sam)
    token = send(client, call={"time": TEN, "telephone": NUMBER})
    twice = [{"time": TEN, "telephone": "+47 22 55 01 99"}] * 2

    for typed in twice:
        client.post(url("step", token, "call"), typed)

    call = Call.objects.get()
    assert (call.starts_at, call.telephone, call.sequence) == (AT_TEN, "+47 22 55 01 99", 1)
