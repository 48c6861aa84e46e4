"""How fast new addresses may be used, and what that means for the steps of the ramp."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from delivery.ramp.warming import load_curve
from engagements.schedule import PARALLEL
from reports.charts import shares_of
from reports.moves import moves_of, phase_of
from reports.outline import page_of
from reports.sheets.blocks import Figure
from reports.sheets.facts import facts_on
from reports.sheets.phrases import say, say_answer
from reports.sheets.proofs import source_proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.sheets.blocks import Block, Cell
    from reports.sheets.desk import Desk

SHOWN_DAYS = (1, 6, 11, 16)
DAYS_IN_A_MONTH = 30


def warm_up(desk: Desk) -> list[Block]:
    facts = facts_on("warm_up") | asdict(load_curve())
    daily = facts["daily"]
    count = len({row["name"] for row in desk.part("basis", "addresses")})
    bars = [(str(day), desk.figure(pace), share) for (day, pace), share in shares_of(list(enumerate(daily, start=1)))]
    ends = {"first": desk.figure(daily[0]), "last": desk.figure(daily[-1]), "days": len(daily)}
    return [
        desk.prose("warm_up.lead" if count else "warm_up.no_address", count=count),
        desk.prose("warm_up.keep", answer=_kept(desk)),
        Figure("documents/figures/columns.html", 29, {"bars": bars, "caption": desk.words("warm_up.chart", **ends)}),
        desk.table("warm_up.days", _days(desk, facts, count), "tenth", "third", "", "", numbers=(2, 3)),
        desk.table("warm_up.ramp", list(_ramp(desk, daily, count or 1)), "tenth", "fifth", "fifth", "", numbers=(2,)),
        desk.note("warm_up.ceiling", page=page_of("parallel")),
        desk.points(
            [
                *(desk.own(desk.words.of(rule)) for rule in facts["rules"]),
                *(
                    desk.own(f"{say(desk.words, row['source'])}: {desk.words.of(row['text'])}")
                    for row in facts["others"]
                ),
            ]
        ),
    ]


def _kept(desk: Desk) -> str:
    row = next((row for row in desk.part("basis", "answers") if row["question"] == "keep_ips"), None)
    return f"{say_answer(desk.words, row)} ({row['by']})" if row else desk.words("not_answered")


def _first_day(desk: Desk) -> date | None:
    phase = phase_of(desk.part("schedule", "phases"), PARALLEL)
    return date.fromisoformat(phase["start"]) if phase else None


def _days(desk: Desk, facts: Mapping[str, Any], count: int) -> list[list[Cell]]:
    first, proof, daily = _first_day(desk), source_proof(desk, facts), facts["daily"]
    return [
        [
            desk.cell(day),
            desk.cell(desk.words.day(first + timedelta(days=day - 1)) if first else desk.words("warm_up.no_date")),
            desk.cell(desk.figure(daily[day - 1]), proof=proof),
            desk.cell(desk.figure(daily[day - 1] * count) if count else desk.words("not_known")),
        ]
        for day in SHOWN_DAYS
    ]


def _ramp(desk: Desk, daily: Sequence[int], count: int) -> Iterator[list[Cell]]:
    """What each step asks for on a busiest day, and the day from which new addresses alone would carry it."""
    moves, first, busiest = moves_of(desk.part("schedule", "phases")), _first_day(desk), busiest_day(desk)
    if moves is None or first is None:
        return
    for share, planned in [*((step.share, step.first) for step in moves.steps), (100, moves.full)]:
        need = None if busiest is None else -(-busiest * share // 100)
        yield [
            desk.cell(f"{share} %", is_strong=True),
            desk.cell(desk.words.day(planned)),
            desk.cell(desk.figure(need)),
            desk.cell(_carried(desk, need, [pace * count for pace in daily], first, planned)),
        ]


def _carried(desk: Desk, need: int | None, paces: Sequence[int], first: date, planned: date) -> str:
    if need is None:
        return desk.words("not_known")
    day = next((number for number, pace in enumerate(paces) if pace >= need), None)
    if day is None:
        return desk.words("warm_up.never", most=desk.figure(paces[-1]))
    carries = first + timedelta(days=day)
    return desk.words("warm_up.in_time" if carries <= planned else "warm_up.later", day=desk.words.day(carries))


def busiest_day(desk: Desk) -> int | None:
    """The larger of what was stated and what was measured: the addresses have to bear either."""
    found = desk.part("basis", "volumes") or {}
    peak, month = found.get("peak_day"), found.get("stated_month")
    known = [found.get("stated_peak"), peak["delivered"] + peak["bounced"] if peak else None]
    counts = [count for count in known if count is not None]
    if not counts and month is not None:
        return -(-int(month) // DAYS_IN_A_MONTH)
    return max(counts, default=None)
