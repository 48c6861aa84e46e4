"""What holds of the engagement, by name: risks are printed where theirs holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.sheets.phrases import say_stream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.sheets.desk import Desk

URGENT = ("blocker", "high")


def open_gaps(desk: Desk) -> int:
    return sum(not row["decided_at"] for row in desk.part("translation", "gaps"))


def open_urgent(desk: Desk) -> int:
    return sum(group["unanswered"] for group in desk.part("findings") if group["severity"] in URGENT)


def staying(desk: Desk) -> list[Mapping[str, str]]:
    rows = [row for row in desk.part("estate", "streams") if row["route"] == "Stay on Postfix"]
    return [{**row, "name": say_stream(desk.words, row["name"])} for row in rows]


def undecided_streams(desk: Desk) -> int:
    return sum(row["route"] not in {"Stay on Postfix", "Migrate"} for row in desk.part("estate", "streams"))


def stream_names(rows: Sequence[Mapping[str, str]]) -> str:
    return ", ".join(f"{row['reference']} {row['name']}" for row in rows)


def standing_of(desk: Desk) -> dict[str, bool]:
    target = desk.part("target")
    return {
        "always": True,
        "has_stays": bool(staying(desk)),
        "no_stays": not staying(desk),
        "nothing_read": not desk.part("estate", "readings"),
        "no_logs": not desk.part("basis", "volumes", "logs"),
        "missing_files": bool(desk.part("estate", "missing")),
        "open_urgent": open_urgent(desk) > 0,
        "open_gaps": open_gaps(desk) > 0,
        "has_programs": bool(desk.part("basis", "programs") or desk.part("estate", "scripts")),
        "kumomta": target != "PowerMTA",
        "powermta": target != "KumoMTA",
    }
