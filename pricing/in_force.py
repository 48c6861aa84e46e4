"""Which book holds: days are the practice's, wherever the reader sits."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from pricing.calculation.books import Book, book_on


def book_at(moment: datetime) -> Book:
    return book_on(moment.astimezone(ZoneInfo(settings.CONSULTANCY["time_zone"])).date())


def book_now() -> Book:
    return book_at(timezone.now())
