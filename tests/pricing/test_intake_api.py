import pytest
from django.core.cache import cache
from django.urls import reverse

from pricing.models import Call, CallWindow, Request
from tests.pricing.intake_people import MONDAY, NUMBER, TEN, offer_calls

pytestmark = pytest.mark.django_db

SENT = {
    "company": "Fjordline Travel",
    "contact_name": "Mia Lund",
    "contact_email": "Mia@fjordline.example",
    "time_zone": "Europe/Oslo",
    "points": {
        "month": 9_400_000,
        "peak": 410_000,
        "ips": 6,
        "pools": 2,
        "streams": 2,
        "tenants": 0,
        "domains": 1,
        "components": {"milters": 2, "bounce": 1, "fbl": 1, "other": 0},
        "team": "full_execution",
    },
    "wished": TEN,
    "telephone": NUMBER,
}


@pytest.fixture
def take(client, sam, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    cache.clear()
    client.force_login(sam)

    def take(**changes):
        return client.post(reverse("api:intake:take"), SENT | changes, content_type="application/json")

    return take


def test_a_program_hands_a_request_over_with_its_call(client, take, sam):
    offer_calls(sam)

    answer = take()

    taken, request = answer.json(), Request.objects.get()
    assert answer.status_code == 201
    assert taken["reference"] == request.engagement.code
    assert (taken["is_joined"], taken["missing"], taken["call_at"]) == (False, [], "2026-12-01T10:00:00-05:00")
    assert taken["due_at"] == "2026-12-02T07:00:00-05:00"
    assert (request.source, request.owner) == ("website", sam)
    assert taken["reference"] in client.get(taken["link"]).content.decode()
    calls = client.get(reverse("api:intake:calls")).json()["results"]
    assert [(one["reference"], one["person"]) for one in calls] == [(taken["reference"], "Sam Ortiz")]


def test_handed_over_twice_it_is_joined_and_a_lost_time_loses_nothing(client, take, sam):
    first, second = take(), take(company="fjordline travel")
    other = take(company="Other")

    assert [one.json()["is_joined"] for one in (first, second, other)] == [False, True, False]
    assert Request.objects.count() == 2
    assert other.json()["call_at"] is None
    assert (second.json()["due_at"], second.json()["call_at"]) == (None, None)
    assert "is added to a request of your company" in client.get(second.json()["link"]).content.decode()
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"company": "Win at www.spam.example"},
        {"contact_email": "mia@fjordline.example\nBcc: all@victim.example"},
        {"time_zone": "Europe/Atlantis"},
        {"points": {"month": -1}},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(take, changes):
    answer = take(**changes)

    assert answer.status_code == 422
    assert not Request.objects.exists()


def test_times_are_published_and_read_over_the_api(client, take, sam):
    hours = [{"weekday": 0, "starts": "09:00", "ends": "12:00"}, {"weekday": 0, "starts": "11:00", "ends": "13:00"}]
    address = reverse("api:intake:times")

    odd = client.post(address, {"hours": hours, "minutes": 30}, content_type="application/json")
    good = client.post(address, {"hours": hours[:1], "minutes": 30}, content_type="application/json")

    assert (odd.status_code, good.status_code) == (422, 200)
    assert "overlap" in odd.json()["detail"]
    assert CallWindow.objects.count() == 1
    assert client.get(address).json()["minutes"] == 30
