"""What a reconciliation does not account for, in groups that are alike, each message with a key that lasts."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from delivery.logs.engine import Engine

_ROWS = """
SELECT state, coalesce(cause, ''), coalesce(path, ''), coalesce(message_id, ''), coalesce(recipient, ''),
    coalesce(trace, ''), accepted, ended, coalesce(became, ''), coalesce(file, '')
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY state, cause, path ORDER BY coalesce(accepted, ended), message_id, recipient, trace
    ) AS place FROM cases WHERE state IN ('missing', 'duplicate', 'ambiguous')
) WHERE place <= $most ORDER BY state, cause, path, place
"""
_COUNTS = """
SELECT state, coalesce(cause, ''), coalesce(path, ''), count(*) FROM cases
WHERE state IN ('missing', 'duplicate', 'ambiguous') GROUP BY ALL ORDER BY ALL
"""

Alike = tuple[str, str, str]  # state, cause, path


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One message to one recipient. Moments in seconds since 1970; `key` is the same in every later run."""

    key: str
    message_id: str
    recipient: str
    trace: str
    accepted: float | None
    ended: float | None
    became: str
    file: str


@dataclass(slots=True)
class Group:
    """All that are alike: how many there are, and the first of them."""

    count: int
    listed: list[Discrepancy] = field(default_factory=list)


def discrepancies_in(engine: Engine, *, most: int, names: dict[str, str]) -> dict[Alike, Group]:
    """`most` are listed of each group; `names` says what the files are called for people."""
    groups = {(state, cause, path): Group(count) for state, cause, path, count in engine.rows(_COUNTS)}
    seen: Counter[tuple[Any, ...]] = Counter()
    for state, cause, path, message_id, recipient, trace, accepted, ended, became, file in engine.rows(
        _ROWS, most=most
    ):
        name = str(names.get(file, file))
        about = (state, message_id, recipient, trace, became)  # no name: a log may come again in a longer file
        seen[about] += 1
        key = hashlib.sha256("\x1f".join([*about, str(seen[about])]).encode("utf-8", "replace")).hexdigest()
        groups[state, cause, path].listed.append(
            Discrepancy(key, message_id, recipient, trace, accepted, ended, became, name)
        )
    return groups
