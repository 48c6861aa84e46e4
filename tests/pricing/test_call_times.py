"""When sales takes calls: published as people write it."""

from datetime import date, datetime, time

import pytest
from django.core.cache import cache
from django.urls import reverse

from pricing.domain.book_call import book_call
from pricing.models import Call, CallDayOff, CallWindow
from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import make_request
from tests.pricing.intake_people import MONDAY, NUMBER, TEN, offer_calls
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    cache.clear()


TIMES = {
    "day0": "9-12, 14:00-17:00",
    "day1": "",
    "day2": "10:00\u201311:30",
    "day3": "",
    "day4": "",
    "day5": "",
    "day6": "",
    "minutes": "45",
    "days_off": "2026-12-24\n2026-12-25",
}


def test_sales_publishes_times_as_people_write_them(client, sam):
    client.force_login(sam)

    page = client.post(reverse("pricing:call_times"), TIMES)

    windows = [(row.weekday, row.starts, row.ends, row.minutes) for row in CallWindow.objects.all()]
    assert page.status_code == 302
    assert windows == [
        (0, time(9), time(12), 45),
        (0, time(14), time(17), 45),
        (2, time(10), time(11, 30), 45),
    ]
    assert [row.day for row in CallDayOff.objects.all()] == [date(2026, 12, 24), date(2026, 12, 25)]
    assert 'value="09:00-12:00, 14:00-17:00"' in text_of(client.get(reverse("pricing:call_times")))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day0": "morning"}, "is not a span of hours"),
        ({"day0": "12:00-9:00"}, "ends before it begins"),
        ({"day0": "9-12, 11-13"}, "Monday: two of the hours 09:00-12:00, 11:00-13:00 overlap."),
        ({"day0": "9:00-25:00"}, "names no time of the day"),
        ({"minutes": "5"}, "greater than or equal to 15"),
        ({"days_off": "Christmas"}, "is no date. Write 2026-12-24."),
    ],
)
def test_times_that_cannot_be_are_refused_and_kept(client, sam, typed, said):
    offer_calls(sam)
    client.force_login(sam)

    page = client.post(reverse("pricing:call_times"), TIMES | typed)

    assert page.status_code == 422
    assert said in text_of(page)
    assert next(iter(typed.values())) in text_of(page)
    assert CallWindow.objects.count() == 5


def test_a_booked_call_stays_when_times_change(client, sam):
    offer_calls(sam)
    request = make_request(CustomerFactory(), actor=sam)
    book_call(request, starts_at=datetime.fromisoformat(TEN), time_zone="Europe/Oslo", telephone=NUMBER)
    client.force_login(sam)

    client.post(reverse("pricing:call_times"), TIMES | {"day0": ""})

    assert Call.objects.booked().count() == 1
