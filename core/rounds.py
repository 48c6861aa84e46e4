"""A round over many rows, or over several works: one that fails is logged and keeps none of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Row = TypeVar("Row")

log = structlog.get_logger(__name__)


def each(act: Callable[[Row], int], rows: Iterable[Row]) -> int:
    """The sum of what `act` counted; it opens its own transaction. What failed is tried again by the next round."""
    return sum(_tried(act, row) for row in rows)


def in_turn(*works: Callable[[], int]) -> int:
    return each(lambda work: work(), works)


def _tried(act: Callable[[Row], int], row: Row) -> int:
    try:
        return act(row)
    except Exception:
        log.exception("round_failed", row=_name(row))
        return 0


def _name(row: object) -> str:
    """What the log calls it: no words of people."""
    return f"{type(row).__name__} {getattr(row, 'pk', None) or getattr(row, '__name__', row)}"
