"""Which side of a running proxy cannot be reached, for programs and for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from delivery.proxy.envelope import Backend

SIDES: tuple[Backend, ...] = ("old", "new")


def side_rows(processes: list[dict[str, int]], troubles: dict[Backend, str]) -> dict[str, dict[str, Any]]:
    return {side: _row(side, processes, troubles.get(side, "")) for side in SIDES}


def _row(side: Backend, processes: list[dict[str, int]], why: str) -> dict[str, Any]:
    """Each process has its own connections: a side is in trouble where any of them cannot make one."""
    hit = [one for one in processes if one[f"unreachable_{side}"]]
    first = min((one[f"unreachable_{side}"] for one in hit), default=None)
    return {
        "unreachable_since": first and datetime.fromtimestamp(first, UTC).isoformat(timespec="seconds"),
        "why": why if hit else "",
        "moved": sum(one[f"moved_{side}"] for one in hit),
        "deferred": sum(one[f"deferred_{side}"] for one in hit),
    }


def say_reach(status: dict[str, Any]) -> Iterator[str]:
    """A proxy that was started from an older version says nothing of its sides."""
    rows = {side: row for side, row in status.get("sides", {}).items() if row["unreachable_since"]}
    for side, row in rows.items():
        why = f" ({row['why']})" if row["why"] else ""
        yield (
            f"{side}: not reachable since {row['unreachable_since']}{why}; "
            f"{row['moved']} messages went to the other side, {row['deferred']} heard 451"
        )
    if len(rows) == len(SIDES):
        yield "Every message hears 451: neither side can be reached."
    if status["processes"] and not any(one["journal_available"] for one in status["processes"]):
        yield "Every message hears 451: the journal cannot be written."
