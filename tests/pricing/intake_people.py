"""A visitor of the website, and when sales takes calls."""

import re
from datetime import UTC, datetime, time

from django.urls import reverse

from core.models import OutboxMessage
from core.outbox import words_of
from pricing.models import CallWindow

ABOUT = {
    "contact_name": "Mia Lund",
    "company": "Fjordline Travel",
    "contact_email": "Mia.Lund@fjordline.example",
    "time_zone": "Europe/Oslo",
    "homepage": "",
}
VOLUME = {"month": "9.4 M", "peak": "410 K"}
STREAMS = {"ips": "6", "pools": "2", "streams": "2", "tenants": "0", "domains": "1"}
COMPONENTS = {"milters": "2", "bounce": "1", "fbl": "1", "other": "0"}
TEAM = {"team": "full_execution", "note": "We moved data centres in May."}
NO_CALL = {"time": "none"}
TYPED = {"volume": VOLUME, "streams": STREAMS, "components": COMPONENTS, "team": TEAM, "call": NO_CALL}
NUMBER = "+47 22 55 01 00"
# A Monday, 07:00 where the practice is.
MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
TEN = "2026-12-01T15:00:00+00:00"  # Tuesday, 10:00 where the practice is


def begin(client, **changes):
    """Send the first step. Returns the token in the address that follows."""
    page = client.post(reverse("start:begin"), ABOUT | changes)
    assert page.status_code == 302, page.content.decode()
    return page.url.split("/")[2]


def url(name, token, *more):
    return reverse(f"start:{name}", args=[token, *more])


def fill(client, token, **changes):
    """Send every step after the first, some of them otherwise."""
    for step, typed in (TYPED | changes).items():
        page = client.post(url("step", token, step), typed)
        assert page.status_code == 302, (step, page.content.decode())


def send(client, about=None, **steps):
    """A whole request from the first page to the last. Returns its token."""
    token = begin(client, **(about or {}))
    fill(client, token, **steps)
    page = client.post(url("check", token))
    assert page.status_code == 302, page.content.decode()
    return token


def offer_calls(person, *, minutes=30, starts=time(9), ends=time(12)):
    """Monday to Friday, hours of the practice."""
    for weekday in range(5):
        CallWindow.objects.create(person=person, weekday=weekday, starts=starts, ends=ends, minutes=minutes)


def mailed_link():
    """The token of the link in the newest mail to the contact of a request."""
    message = OutboxMessage.objects.filter(kind="request_received").latest("pk")
    return re.search(r"/start/([\w-]+)/", words_of(message)[0])[1]
