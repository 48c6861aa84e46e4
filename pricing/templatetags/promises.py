"""What the practice promises, in words: read from the book in force, so that no text repeats a number."""

from django import template
from django.utils import timezone

from pricing.calculation.working_hours import CALENDAR
from pricing.in_force import book_now, hours_at

register = template.Library()


@register.simple_tag
def answer_promise() -> str:
    """48 hours, or 48 working hours where the clock counts those."""
    is_calendar = hours_at(timezone.now()) is CALENDAR
    return f"{book_now().thresholds['answer_hours']} {'hours' if is_calendar else 'working hours'}"


@register.simple_tag
def threshold(key: str) -> int:
    """Raises KeyError for a threshold that the book does not have."""
    return int(book_now().thresholds[key])
