"""When a member of sales takes calls: hours of each weekday as people write them, days without, one length."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from pricing.domain.publish_call_times import WEEKDAYS, CallTimes, Hours, hours_text
from pricing.models.call import LONGEST, SHORTEST

if TYPE_CHECKING:
    from accounts.models import User

_SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?\s*[-\u2013]\s*(\d{1,2})(?::(\d\d))?", re.ASCII)
MOST_DAYS = 100


class HoursField(forms.CharField):
    """Cleans to a list of (from, to), none for an empty field."""

    def __init__(self, *, label: str) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "size": 30})
        super().__init__(label=label, required=False, max_length=100, widget=widget)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return sorted(_span(part) for part in re.split(r"[,;]", text) if part.strip())


def _span(text: str) -> Hours:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValidationError(f"“{text.strip()}” is not a span of hours. Write 9:00-12:00, 14:00-17:00.")
    hours = [int(part or 0) for part in found.groups()]
    try:
        starts, ends = time(hours[0], hours[1]), time(hours[2], hours[3])
    except ValueError:
        raise ValidationError(f"“{text.strip()}” names no time of the day.") from None
    return starts, ends


class CallTimesForm(forms.Form):
    minutes = forms.IntegerField(
        label="Length of a call in minutes",
        min_value=SHORTEST,
        max_value=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
    )
    days_off = forms.CharField(
        label="Days without calls",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One date on a line or after a comma, as 2026-12-24.",
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        days = {f"day{number}": HoursField(label=name) for number, name in enumerate(WEEKDAYS)}
        self.fields = {**days, **self.fields}

    def clean_days_off(self) -> list[date]:
        words = re.split(r"[,\s]+", self.cleaned_data["days_off"].strip())
        days = [_day(word) for word in words if word]
        if len(days) > MOST_DAYS:
            raise ValidationError(f"Name {MOST_DAYS} days at most.")
        return days

    def times(self) -> CallTimes:
        typed = self.cleaned_data
        week = {number: typed[f"day{number}"] for number in range(len(WEEKDAYS))}
        return CallTimes(week, typed["minutes"], typed["days_off"])


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValidationError(f"“{word}” is no date. Write 2026-12-24.") from None


def initial_times(person: User) -> dict[str, Any]:
    """What a person offers now, as it would be typed."""
    windows = list(person.call_windows.all())
    hours = {
        f"day{number}": hours_text([(one.starts, one.ends) for one in windows if one.weekday == number])
        for number in range(len(WEEKDAYS))
    }
    days_off = "\n".join(f"{row.day:%Y-%m-%d}" for row in person.call_days_off.all())
    return {**hours, "days_off": days_off, "minutes": windows[0].minutes if windows else 30}
