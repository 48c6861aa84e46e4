"""Which book holds: days are the practice's, wherever the reader sits."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from pricing.calculation.books import book_on
from pricing.calculation.clock_book import hours_on

if TYPE_CHECKING:
    from datetime import date, datetime

    from pricing.calculation.books import Book
    from pricing.calculation.working_hours import Hours


def house_zone() -> ZoneInfo:
    return ZoneInfo(settings.CONSULTANCY["time_zone"])


def day_of(moment: datetime) -> date:
    return moment.astimezone(house_zone()).date()


def book_at(moment: datetime) -> Book:
    return book_on(day_of(moment))


def book_now() -> Book:
    return book_at(timezone.now())


def hours_at(moment: datetime) -> Hours:
    """How a clock that starts at the moment counts, for all of its life."""
    return hours_on(day_of(moment))
