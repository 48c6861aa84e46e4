"""On Mondays each person is told what changed in a week: how much of what, and where, out of the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import outbox
from core.counting import counted
from core.models import ToldOnce
from core.rounds import each
from core.wording import day_text
from engagements.models import Engagement
from engagements.records import told_events

if TYPE_CHECKING:
    from datetime import date

KIND = "what_changed"
MONDAY, HOUR = 0, 8
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Changes:
    """Of one engagement: `nouns` are what the entries are about, the most frequent first."""

    engagement: Engagement
    count: int
    nouns: str
    url: str


def tell_changes(*, now: datetime | None = None) -> int:
    """Safe to run each hour and twice at once: a Monday is told once to each person, and nothing of a quiet week."""
    now = now or timezone.now()
    people = User.objects.working().filter(memberships__isnull=False).distinct().order_by("pk")
    due = [person for person in people if _monday(person, now)]
    return each(lambda person: _tell(person, now), due)


def _monday(person: User, now: datetime) -> date | None:
    """The day it is where they are, when that is a Monday and its hour has come."""
    local = now.astimezone(ZoneInfo(person.time_zone))
    return local.date() if local.weekday() == MONDAY and local.hour >= HOUR else None


@transaction.atomic
def _tell(person: User, now: datetime) -> int:
    monday = _monday(person, now)
    if monday is None or ToldOnce.objects.filter(person=person, kind=KIND, occasion=monday.isoformat()).exists():
        return 0
    until = datetime.combine(monday, time(HOUR), ZoneInfo(person.time_zone))
    found = changes_for(person, since=until - _WEEK, until=until)
    if not found:
        return 0
    _, is_new = ToldOnce.objects.get_or_create(person=person, kind=KIND, occasion=monday.isoformat())
    if not is_new:
        return 0
    context = {
        "person": person,
        "changes": found,
        "since": day_text((until - _WEEK).date()),
        "why": "You work on these engagements, or belong to the customer.",
    }
    subject, text, html = outbox.render_mail(KIND, context)
    outbox.post(KIND, to=person, subject=subject, text=text, html=html, reference=person)
    return 1


def changes_for(person: User, *, since: datetime, until: datetime) -> list[Changes]:
    """Of the running engagements that are theirs, what others did, as far as they may know of it."""
    own = Engagement.objects.of_team_or_customer(person).running().select_related("organization").order_by("code")
    found = (_changes(person, engagement, since, until) for engagement in own)
    return [changes for changes in found if changes.count]


def _changes(person: User, engagement: Engagement, since: datetime, until: datetime) -> Changes:
    events = told_events(person, engagement).filter(at__gte=since, at__lt=until).exclude(actor_id=person.pk)
    nouns = Counter(action.partition(".")[0].replace("_", " ") for action in events.values_list("action", flat=True))
    told = ", ".join(f"{noun} {count}" for noun, count in sorted(nouns.items(), key=lambda pair: (-pair[1], pair[0])))
    url = f"{settings.PORTAL_URL}{reverse('engagements:history', args=[engagement.code])}"
    return Changes(engagement, nouns.total(), f"{counted(nouns.total(), 'entry', 'entries')}: {told}", url)
