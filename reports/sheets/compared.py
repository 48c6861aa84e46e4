"""What was stated beside what was found, with what explains a difference: one reader gets to see both numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.outline import page_of
from reports.sheets.facts import facts_on
from reports.sheets.phrases import say_answer
from reports.sheets.proofs import logs_proof

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.sheets.blocks import Cell
    from reports.sheets.desk import Desk


def beside(desk: Desk) -> list[list[Cell]]:
    found = desk.part("basis", "volumes") or {}
    return [*_volumes(desk, found), *_shape(desk)]


def _volumes(desk: Desk, found: Mapping[str, Any]) -> list[list[Cell]]:
    return [
        [
            desk.cell(desk.words(f"volumes.{name}"), is_strong=True),
            desk.listed(_stated(desk, found.get(f"stated_{stated}"), question)),
            _measured(desk, found.get(f"peak_{name}")),
            desk.cell(_why(desk, name, found.get(f"stated_{stated}"), found), longest=300),
        ]
        for name, stated, question in (("month", "month", "month_volume"), ("day", "peak", "peak_day"))
    ]


def _stated(desk: Desk, amount: int | None, question: str) -> list[str]:
    answers = [row for row in desk.part("basis", "answers") if row["question"] == question]
    return [
        desk.figure(amount),
        *(desk.words("volumes.answered", answer=say_answer(desk.words, answer)) for answer in answers),
    ]


def _count(amount: Mapping[str, Any] | None) -> int | None:
    return amount["delivered"] + amount["bounced"] if amount else None


def _measured(desk: Desk, amount: Mapping[str, Any] | None) -> Cell:
    if amount is None:
        return desk.cell(desk.words("not_measured"))
    text = desk.words("volumes.in", count=desk.figure(_count(amount)), period=amount["name"])
    return desk.cell(text, proof=logs_proof(desk))


def _why(desk: Desk, name: str, stated: int | None, found: Mapping[str, Any]) -> str:
    measured = _count(found.get(f"peak_{name}"))
    if measured is None:
        return desk.words("volumes.why.only_stated" if stated is not None else "volumes.why.neither")
    if stated is None:
        return desk.words("volumes.why.only_measured")
    if 100 * abs(stated - measured) <= facts_on("volumes")["agree_within_percent"] * max(stated, measured):
        return desk.words("volumes.why.agree")
    return desk.words(
        f"volumes.why.{name}",
        share=round(100 * measured / stated) if stated else 0,
        days=found.get("days", 0),
        first=desk.words.day(str(found.get("first_day", ""))),
        last=desk.words.day(str(found.get("last_day", ""))),
        used=desk.figure((desk.part("costs") or {}).get("month")),
        costs=page_of("costs"),
        warm_up=page_of("warm_up"),
    )


def _shape(desk: Desk) -> list[list[Cell]]:
    """Addresses, pools and streams: the quote counted the stated ones, the plan is built on those that were found."""
    points = ((desk.part("offer") or {}).get("said") or {}).get("points") or {}
    ways = desk.part("basis", "ways")
    pools = [row for row in ways if row["is_pool"]] if ways else desk.part("basis", "pools")
    counts = {
        "ips": len({row["name"] for row in desk.part("basis", "addresses")}),
        "pools": len(pools),
        "streams": len(desk.part("estate", "streams")),
    }
    pages = {"pools": page_of("pools"), "estate": page_of("estate")}
    return [
        [
            desk.cell(desk.words(f"volumes.{name}"), is_strong=True),
            desk.cell(desk.figure(points[name])),
            desk.cell(desk.figure(count)),
            desk.cell(desk.words("volumes.why.same" if points[name] == count else f"volumes.why.{name}", **pages)),
        ]
        for name, count in counts.items()
        if points.get(name) is not None
    ]
