"""What the search finds of the findings of a whole portfolio, without reading them all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from accounts.search import Asked

_FIRST = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def first_of_all(asked: Asked, count: int) -> RawSQL:
    """The keys of the first, by engagement and number, of all there are: for whoever may read each of them."""
    words = [f"%{connection.ops.prep_for_like_query(word)}%" for word in asked.words]
    return RawSQL(_FIRST, [words, count, count, asked.number, count, count])  # noqa: S611 (a file of our own; all that was typed is a parameter)
