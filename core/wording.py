"""How the portal writes times, sums and fingerprints. Pages, mails and documents all ask here."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from django.utils import timezone
from djmoney.money import Money

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
HASH_GROUP = 8
QUOTED_LETTERS = 160


def day_text(day: date) -> str:
    """Thu 14 May 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def zone_text(moment: datetime) -> str:
    """GMT-5 or GMT+5:30: the offset is what people compare, and names such as EST differ between countries."""
    offset = moment.utcoffset() or timedelta(0)
    if moment.tzinfo is UTC or not offset:
        return "UTC"
    minutes = int(offset.total_seconds()) // MINUTE
    hours, rest = divmod(abs(minutes), MINUTE)
    sign = "+" if minutes > 0 else "-"
    return f"GMT{sign}{hours}:{rest:02}" if rest else f"GMT{sign}{hours}"


def moment_text(moment: datetime, zone: tzinfo) -> str:
    """Thu 14 May 2026, 17:00 GMT-5. Raises ValueError for a moment without a zone."""
    if moment.utcoffset() is None:
        raise ValueError("A moment without a time zone cannot be shown to people in several of them")
    local = moment.astimezone(zone)
    return f"{day_text(local)}, {local:%H:%M} {zone_text(local)}"


def span_text(span: timedelta) -> str:
    """The two leading units of a length of time: 2 days 4 h, 6 h, 4 min 38 s."""
    seconds = int(abs(span.total_seconds()))
    if seconds >= 2 * DAY:
        return _two(seconds // DAY, "days", seconds % DAY // HOUR, "h")
    if seconds >= HOUR:
        return _two(seconds // HOUR, "h", seconds % HOUR // MINUTE, "min")
    return _two(seconds // MINUTE, "min", seconds % MINUTE, "s")


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    parts = [f"{count} {unit}" for count, unit in ((large, large_unit), (small, small_unit)) if count]
    return " ".join(parts) or f"0 {small_unit}"


def distance_text(moment: datetime, now: datetime) -> str:
    """How far off: in 6 h, 3 days ago, now. One unit: the exact moment stands beside it."""
    seconds = int((moment - now).total_seconds())
    amount = _largest_unit(abs(seconds))
    if not amount:
        return "now"
    return f"in {amount}" if seconds > 0 else f"{amount} ago"


def _largest_unit(seconds: int) -> str:
    for size, unit in ((2 * DAY, "days"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{seconds // (DAY if unit == 'days' else size)} {unit}"
    return ""


def amount_text(value: Money | Decimal | int, currency: str = "") -> str:
    """USD 28,500, or USD 28,500.50 when there are cents. Raises ValueError for a sum without a currency."""
    if isinstance(value, Money):
        return amount_text(value.amount, value.currency.code)
    if not currency:
        raise ValueError("A sum needs its currency")
    return f"{currency} {number_text(Decimal(value), cents=True)}"


def number_text(value: Decimal | float, *, cents: bool = False) -> str:
    """1,402,117, with a true minus sign. Whole numbers have no decimals; `cents` makes them none or two."""
    digits = f"{value:,.2f}" if cents and value % 1 else f"{value:,.0f}" if not value % 1 else f"{value:,}"
    return digits.replace("-", "\u2212")


def hash_groups(digest: str) -> list[str]:
    """A fingerprint in groups of eight, as two people read it to each other."""
    return [digest[start : start + HASH_GROUP] for start in range(0, len(digest), HASH_GROUP)]


def told(moment: datetime) -> str:
    """A moment inside a sentence, in the reader's zone."""
    return moment_text(moment, timezone.get_current_timezone())


def masked_address(email: str) -> str:
    """p***@marlow.example: enough for its owner to know it, too little for anybody else to write to it."""
    name, at, host = email.rpartition("@")
    return f"{name[:1]}***{at}{host}"


def quoted(text: str) -> str:
    """The beginning of what somebody wrote, on one line and in quotation marks."""
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= QUOTED_LETTERS else f"“{line[: QUOTED_LETTERS - 1]}…”"
