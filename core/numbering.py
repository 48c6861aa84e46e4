"""Numbers that people read: 1, 2, 3 within an engagement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet


def next_number(rows: QuerySet[Any]) -> int:
    """One above the highest `number` among the rows. Asked under the lock of what they belong to."""
    highest: int | None = rows.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1
