"""Counts as people write them: 9,400,000, 9.4 M, 410 K."""

import re
from decimal import Decimal

_COUNT = re.compile(r"(?P<figure>\d{1,15}(?:\.\d{1,6})?)\s*(?P<unit>[km]?)", re.ASCII | re.IGNORECASE)
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}


def read_count(text: str) -> int:
    """The whole number a text stands for. Raises ValueError for anything else, also for half a message."""
    found = _COUNT.fullmatch(text.replace(",", "").replace("\u00a0", " ").strip())
    if found is None:
        raise ValueError("Not a count")
    value = Decimal(found["figure"]) * _UNITS[found["unit"].lower()]
    if value % 1:
        raise ValueError("Not a whole number")
    return int(value)
