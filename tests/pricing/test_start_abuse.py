"""What a visitor sends against the practice or against others: headers in names, links, haste."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.models import OutboxMessage
from core.outbox import words_of
from pricing.models import Intake
from tests.pricing.intake_people import ABOUT, begin, url
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


@pytest.mark.parametrize(
    "typed",
    [
        {"contact_name": "Mia\r\nBcc: all@victim.example"},
        {"company": "Win at https://spam.example"},
        {"contact_email": "mia@fjordline.example\nBcc: all@victim.example"},
        {"contact_email": "mia@fjordline.example, all@victim.example"},
        {"company": "x" * 101},
        {"time_zone": "Europe/Atlantis"},
        {"homepage": "https://bot.example"},
    ],
)
def test_what_has_no_place_in_a_mail_is_refused_before_anything_is_kept(client, sam, typed):
    page = client.post(reverse("start:begin"), ABOUT | typed)

    assert page.status_code == 422
    assert not Intake.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_the_link_is_mailed_to_the_address_that_was_typed_and_not_without_end(client, sam):
    token = begin(client)

    answers = [client.post(url("link", token)).status_code for _ in range(6)]

    (first, *_) = messages = OutboxMessage.objects.filter(kind="intake_link")
    assert answers == [302] * 5 + [429]
    assert len(messages) == 5
    assert first.address == "mia.lund@fjordline.example"
    assert url("request", token) in words_of(first)[0]


def test_who_begins_too_many_is_asked_to_wait_and_loses_nothing(client, sam, settings):
    for _ in range(40):
        begin(client)

    page = client.post(reverse("start:begin"), ABOUT)

    assert page.status_code == 429
    assert "asked for too often from here. Try again in" in text_of(page)
    assert 'value="Fjordline Travel"' in text_of(page)
    assert Intake.objects.count() == 40
