from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from django.db import transaction

from accounts.models import Organization, User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from pricing.models import CallDayOff, CallWindow

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NONE = "none"
Hours = tuple[time, time]


@dataclass(frozen=True, slots=True)
class CallTimes:
    """When somebody takes calls: hours by weekday (0 is Monday) in the practice's zone, and days without."""

    week: Mapping[int, Sequence[Hours]]
    minutes: int
    days_off: Collection[date] = ()


@transaction.atomic
def publish_call_times(person: User, *, times: CallTimes) -> None:
    """Replace the times a person offers for calls. Calls that are booked stay where they are."""
    practice = Organization.objects.consultancy()
    require(person, Permission.EDIT_REQUEST, practice)
    refuse_odd_hours(times.week)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # a booking that is under way ends first
    person.call_windows.all().delete()
    person.call_days_off.all().delete()
    CallWindow.objects.bulk_create(
        CallWindow(person=person, weekday=weekday, starts=starts, ends=ends, minutes=times.minutes)
        for weekday, hours in times.week.items()
        for starts, ends in hours
    )
    CallDayOff.objects.bulk_create(CallDayOff(person=person, day=day) for day in set(times.days_off))
    record("call_times.published", subject=practice, actor=person, hours=_told(times), minutes=times.minutes)


def refuse_odd_hours(week: Mapping[int, Sequence[Hours]]) -> None:
    """Raises DomainError where hours end before they begin, or two of a day overlap."""
    for weekday, hours in week.items():
        spans = sorted(hours)
        if wrong := next((span for span in spans if span[0] >= span[1]), None):
            raise DomainError(f"{WEEKDAYS[weekday]}: {hours_text([wrong])} ends before it begins.")
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            raise DomainError(f"{WEEKDAYS[weekday]}: two of the hours {hours_text(spans)} overlap.")


def _told(times: CallTimes) -> str:
    days = (f"{WEEKDAYS[day]} {hours_text(hours)}" for day, hours in sorted(times.week.items()) if hours)
    return "; ".join(days) or NONE


def hours_text(hours: Sequence[Hours]) -> str:
    """9:00-12:00, 14:00-17:00."""
    return ", ".join(f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in sorted(hours))
