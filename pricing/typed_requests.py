"""The words of a request's form, and whether they say anything that is not stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pricing.calculation.counts import read_count
from pricing.models import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_WORDS = 2000

# What the form of a new request says before anybody has touched it.
UNTOUCHED = {"source": str(Request.Source.WEBSITE)}

# The box that says a data point is unknown, with the numbers of that point.
MARKED = {
    "volume_unknown": ("month", "peak"),
    "shape_unknown": ("ips", "pools", "streams", "tenants", "domains"),
    "components_unknown": ("milters", "bounce", "fbl", "other"),
}
COUNTS = tuple(number for numbers in MARKED.values() for number in numbers)
CUSTOMER = ("organization", "name", "time_zone")
FIELDS = (*CUSTOMER, "contact_name", "contact_email", "source", *COUNTS, *MARKED, "team")

_COLUMNS = {"bounce": "bounce_processors", "fbl": "fbl_scripts", "other": "other_components"}


def words_of(posted: Mapping[str, str]) -> dict[str, str]:
    """The words of the form's own fields that are not blank. The database takes no NUL, and nothing is endless."""
    words = {name: posted.get(name, "").replace("\0", "")[:LONGEST_WORDS] for name in FIELDS}
    return {name: text for name, text in words.items() if text.strip()}


def stored_words(request: Request) -> dict[str, str]:
    """The same of a recorded request."""
    counts = {name: getattr(request, _COLUMNS.get(name, name)) for name in COUNTS}
    words = {name: str(count) for name, count in counts.items() if count is not None}
    words |= {name: getattr(request, name) for name in ("contact_name", "contact_email", "source", "team")}
    return {name: text for name, text in words.items() if text}


def says_nothing_new(words: Mapping[str, str], request: Request | None) -> bool:
    """Whether saving them would change nothing: 9.4 M is 9,400,000, and an untouched form is nothing."""
    if request is None:
        return all(UNTOUCHED.get(name) == text for name, text in words.items())
    return not words or _meaning_of(words) == stored_words(request)


def _meaning_of(words: Mapping[str, str]) -> dict[str, str]:
    """A box that is ticked over nothing means what nothing means."""
    idle = {mark for mark, numbers in MARKED.items() if words.keys().isdisjoint(numbers)}
    words = {name: text for name, text in words.items() if name not in idle}
    meant = {name: _count_in(text) if name in COUNTS else text.strip() for name, text in words.items()}
    if "contact_email" in meant:
        meant["contact_email"] = meant["contact_email"].lower()
    return meant


def _count_in(text: str) -> str:
    try:
        return str(read_count(text))
    except ValueError:
        return text


def is_recorded_as(words: Mapping[str, str], request: Request) -> bool:
    """Whether this request was made from these words of a new one. Reads the organization of its engagement."""
    organization = request.engagement.organization
    is_same = words.get("organization") == str(organization.pk) or words.get("name", "").strip() == organization.name
    rest = {name: text for name, text in words.items() if name not in CUSTOMER}
    return is_same and says_nothing_new(rest, request)
