"""What a reconciliation does not account for, in groups that are alike, each message with a key that lasts."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from delivery.reconciliation.report import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from delivery.logs.engine import Engine

_ROWS = """
SELECT state, coalesce(cause, ''), side, coalesce(message_id, ''), coalesce(recipient, ''),
    coalesce(trace, ''), accepted, ended, coalesce(became, ''), coalesce(file, ''),
    CASE WHEN ended_on <> path OR again_on <> ended_on THEN ended_on END, again_file, again_became, again_on, again
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY state, cause, side ORDER BY coalesce(accepted, ended), message_id, recipient, trace
    ) AS place FROM sided WHERE state IN ('missing', 'duplicate', 'ambiguous')
) WHERE place <= $most ORDER BY state, cause, side, place
"""
_SIDED = """
CREATE OR REPLACE TEMP VIEW sided AS
SELECT *, CASE WHEN again_on <> ended_on THEN '' ELSE coalesce(path, '') END AS side FROM cases
"""
_COUNTS = """
SELECT state, coalesce(cause, ''), side, count(*) FROM sided
WHERE state IN ('missing', 'duplicate', 'ambiguous') GROUP BY ALL ORDER BY ALL
"""

Alike = tuple[str, str, str]  # state, cause, path; no path of what each side ended once


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
    engine.run(_SIDED)
    groups = {(state, cause, path): Group(count) for state, cause, path, count in engine.rows(_COUNTS)}
    seen: Counter[tuple[Any, ...]] = Counter()
    for state, cause, path, message_id, recipient, trace, accepted, ended, became, file, side, *again in engine.rows(
        _ROWS, most=most
    ):
        name = f"{names.get(file, file)}{f', on the {side} side' if side else ''}{told_again(again, names)}"
        about = (state, message_id, recipient, trace, became)  # no name: a log may come again in a longer file
        seen[about] += 1
        key = hashlib.sha256("\x1f".join([*about, str(seen[about])]).encode("utf-8", "replace")).hexdigest()
        groups[state, cause, path].listed.append(
            Discrepancy(key, message_id, recipient, trace, accepted, ended, became, name)
        )
    return groups


def told_again(again: Sequence[Any], names: dict[str, str]) -> str:
    """The second end of a message that came to two, with its side and the log that tells of it."""
    file, became, side, clock = again
    return f"; {became} again on the {side} side, {moment(clock)}, in {names.get(file, file)}" if file else ""
