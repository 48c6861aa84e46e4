"""What the pages of a profile do, for programs: the link to the calendar, and whether mail arrives."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CalendarLink
from core.domain.note_failure import note_failure
from core.models import AuditEvent, OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_carl(client, carl):
    client.force_login(carl)
    return client


def place(secret_url):
    return secret_url.partition("/calendars/")[1] + secret_url.partition("/calendars/")[2]


def test_the_link_is_made_renewed_and_ended(as_carl, carl, vera):
    url = reverse("api:calendar:link")
    before = as_carl.get(url).json()

    made = as_carl.post(url)
    renewed = as_carl.post(url)
    opened = [Client().get(place(answer.json()["secret_url"])).status_code for answer in (made, renewed)]
    seen = as_carl.get(url).json()
    ended = as_carl.delete(url)

    assert before == {"is_linked": False, "made_at": None, "fetched_on": None}
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert opened == [404, 200], "a new link ends the one before"
    assert (seen["is_linked"], seen["fetched_on"] is None, "secret_url" in seen) == (True, False, False)
    assert ended.json() == before
    assert Client().get(place(renewed.json()["secret_url"])).status_code == 404
    assert not CalendarLink.objects.exists()
    told = AuditEvent.objects.filter(action__startswith="calendar.").values_list("action", "actor")
    assert list(told) == [("calendar.linked", carl.pk)] * 2 + [("calendar.unlinked", carl.pk)]


def test_ending_a_link_that_is_not_there_is_no_fault_and_leaves_others(as_carl, vera):
    other = Client()
    other.force_login(vera)
    other.post(reverse("api:calendar:link"))

    answer = as_carl.delete(reverse("api:calendar:link"))

    assert answer.status_code == 200
    assert CalendarLink.objects.get().person == vera


def test_a_program_sees_that_mail_comes_back_and_asks_for_the_proof(as_carl, carl):
    url = reverse("api:mail:test")
    before = as_carl.get(url).json()
    note_failure(carl.email, said="5.1.1 unknown", is_dead=True, came_back=True)

    seen, asked = as_carl.get(url).json(), as_carl.post(url)

    assert (before["is_reached"], before["unreached_since"]) == (True, None)
    assert (seen["address"], seen["is_reached"], seen["unreached_since"] is None) == (carl.email, False, False)
    assert asked.status_code == 200
    assert OutboxMessage.objects.filter(kind="address_test", recipient=carl).count() == 1
