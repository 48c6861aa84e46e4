"""The times that sales offers for calls and that are free now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from pricing.calculation.openings import Opening, Span, Window, openings
from pricing.domain.choose_owner import callers
from pricing.intake_book import intake_book
from pricing.models import Call, CallDayOff, CallWindow

if TYPE_CHECKING:
    from datetime import datetime


def practice_zone() -> ZoneInfo:
    return ZoneInfo(settings.CONSULTANCY["time_zone"])


def free_openings(*, without: Call | None = None) -> list[Opening]:
    """Soonest first; a time at which two people are free stands here twice. `without` is a call that is to move."""
    book, now = intake_book(), timezone.now()
    span = Span(now + timedelta(hours=book.call_notice_hours), now + timedelta(days=book.call_horizon_days))
    people = [person.pk for person in callers()]
    rows = CallWindow.objects.filter(person__in=people)
    windows = [Window(row.person_id, row.weekday, row.starts, row.ends, row.minutes) for row in rows]
    days_off = set(CallDayOff.objects.filter(person__in=people).values_list("person_id", "day"))
    taken = Call.objects.booked().filter(person__in=people, starts_at__lte=span.last + timedelta(days=1))
    kept = [Opening(call.starts_at, call.person_id, call.minutes) for call in taken if call != without]
    return openings(windows, zone=practice_zone(), span=span, days_off=days_off, taken=kept)


def free_times(*, without: Call | None = None) -> list[datetime]:
    """Each free moment once, soonest first."""
    return list(dict.fromkeys(one.starts_at for one in free_openings(without=without)))
