"""The promise to answer: calendar hours from the fourth data point, and the last moment a quote is valid."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo


def due_at(started_at: datetime, hours: int) -> datetime:
    """Hours are counted on the clock that never jumps, so daylight saving neither adds nor takes one."""
    return started_at.astimezone(UTC) + timedelta(hours=hours)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last moment of a day where the customer is."""
    return datetime.combine(day, time.max, tzinfo=zone).astimezone(UTC)
