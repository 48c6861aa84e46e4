"""How mail moves: DNS, weeks, the ramp, the day itself, and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from core.palette import INKS
from reports.charts import WEEK, gantt_of
from reports.moves import moves_of, ramp
from reports.outline import page_of
from reports.sheets.blocks import Figure
from reports.sheets.desk import short
from reports.sheets.facts import facts_on
from reports.sheets.proofs import logs_proof, source_proof
from reports.sheets.standing import standing_of, staying, stream_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.sheets.blocks import Block, Cell
    from reports.sheets.desk import Desk
AFTER_THE_WINDOW = "window"


def dns(desk: Desk) -> list[Block]:
    facts = facts_on("dns")
    return [
        desk.prose("dns.lead"),
        desk.table("dns.keys", _keys(desk), "third", "quarter", "", annex="inventory"),
        desk.table("dns.domains", _domains(desk), "half", "", annex="inventory"),
        desk.table("dns.records", _records(desk, facts), "fifth", ""),
        desk.heading("dns.order"),
        desk.points(
            [desk.own(f"{number}. {desk.words.of(step)}") for number, step in enumerate(facts["steps"], start=1)]
        ),
    ]


def _keys(desk: Desk) -> list[list[Cell]]:
    return [
        [
            desk.mono(row["name"], proof=desk.read_in(row)),
            desk.mono(row["detail"][0] or "-"),
            desk.cell(row["detail"][1] or "-"),
        ]
        for row in desk.part("basis", "keys")
    ]


def _domains(desk: Desk) -> list[list[Cell]]:
    return [
        [desk.mono(row["name"], proof=desk.read_in(row)), desk.said(f"{row['detail'][0]} ({row['detail'][1]})")]
        for row in desk.part("basis", "domains")
    ]


def _records(desk: Desk, facts: Mapping[str, Any]) -> list[list[Cell]]:
    return [
        [
            desk.cell(row["record"], is_strong=True),
            desk.own(desk.words.of(row), proof=source_proof(desk, facts, row["source"])),
        ]
        for row in facts["records"]
    ]


def schedule(desk: Desk) -> list[Block]:
    phases = desk.part("schedule", "phases")
    if not phases:
        return [
            desk.prose("schedule.none"),
            desk.points([desk.own(text) for text in desk.words.several("schedule.rules")]),
        ]
    drawing = gantt_of([*phases, *_window(desk, phases)])
    words = {
        "chart": drawing,
        "inks": INKS,
        "words": desk.words,
        "target": desk.part("target") or desk.words("new_mta"),
    }
    return [
        _how_long(desk, phases),
        Figure("documents/figures/gantt.html", 24 + 19 * len(drawing.lines), words),
        desk.points(
            [desk.said(sentence) for sentence in desk.part("schedule", "warnings")[:4]]
            or [desk.cell(desk.words("schedule.no_warning"))]
        ),
        desk.heading("schedule.what_holds"),
        desk.points([desk.own(text) for text in desk.words.several("schedule.rules")]),
    ]


def _how_long(desk: Desk, phases: Sequence[Mapping[str, Any]]) -> Block:
    """The weeks of work, and how long is watched after them."""
    moves, first = moves_of(phases), min(date.fromisoformat(phase["start"]) for phase in phases)
    last = max([*(date.fromisoformat(phase["end"]) for phase in phases), *_window_ends(desk, phases)])
    if moves is None:
        return desk.prose("schedule.lead", weeks=-(-((last - first).days + 1) // WEEK))
    return desk.prose(
        "schedule.lead_full",
        weeks=-(-(moves.full - first).days // WEEK),
        full=desk.words.day(moves.full),
        last=desk.words.day(last),
    )


def _window_ends(desk: Desk, phases: Sequence[Mapping[str, Any]]) -> list[date]:
    """The last day on which going back is promised; none without an accepted quote that promises one."""
    moves, window = moves_of(phases), (desk.part("offer") or {}).get("rollback_days")
    return [moves.full + timedelta(days=window)] if moves and window else []


def _window(desk: Desk, phases: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    moves = moves_of(phases)
    return [
        {
            "number": "",
            "label": desk.words("schedule.window"),
            "start": moves.full.isoformat(),
            "end": end.isoformat(),
            "days": (end - moves.full).days + 1,
        }
        for end in _window_ends(desk, phases)
        if moves
    ]


def parallel(desk: Desk) -> list[Block]:
    facts, pages = facts_on("ramp"), {key: page_of(key) for key in ("pools", "warm_up")}
    return [
        desk.prose("parallel.lead"),
        Figure(
            "documents/figures/ramp.html",
            46,
            {"steps": _steps(desk), "caption": desk.words("parallel.chart")},
        ),
        desk.heading("parallel.asked"),
        desk.points([desk.own(desk.words.of(row)) for row in facts["asked"]]),
        desk.heading("parallel.limits"),
        desk.points([desk.own(desk.words.of(row).format(**pages)) for row in facts["limits"]]),
        desk.heading("parallel.reconciliation"),
        desk.points(
            [
                desk.own(desk.words.of(row), proof=source_proof(desk, facts, row["source"]))
                for row in facts["reconciliation"]
            ]
        ),
    ]


def _steps(desk: Desk) -> list[tuple[int, str, str]]:
    """Share, earliest day, hold."""
    moves = moves_of(desk.part("schedule", "phases"))
    if moves is None:
        return [(share, desk.words("parallel.no_date"), "-") for share in ramp()]
    return [
        (step.share, desk.words.day(step.first), desk.words("parallel.hold", days=step.days)) for step in moves.steps
    ]


def cutover(desk: Desk) -> list[Block]:
    return [
        desk.prose("cutover.lead"),
        desk.table("cutover.steps", list(_run_sheet(desk)), "quarter", "", "fifth"),
        desk.note("cutover.who"),
    ]


def _run_sheet(desk: Desk) -> Iterator[list[Cell]]:
    moves, standing = moves_of(desk.part("schedule", "phases")), standing_of(desk)
    for row in facts_on("run_sheet")["rows"]:
        if standing[row.get("when", "always")]:
            when = _when(desk, row["day"], moves.full if moves else None)
            said = desk.words.of(row).format(names=short(stream_names(staying(desk)), 80))
            yield [desk.cell(when, is_strong=True), desk.own(said), desk.cell(party_text(desk, row["who"]))]


def _when(desk: Desk, day: int | str, full: date | None) -> str:
    """`day` counts from 100 %, or is `window` for the day after the window to go back."""
    if day == AFTER_THE_WINDOW:
        window = (desk.part("offer") or {}).get("rollback_days")
        if not window:
            return desk.words("cutover.after_window")
        day = int(window) + 1
    text = desk.words("cutover.day", day=f"{int(day):+d}" if day else "0")
    return f"{text}: {desk.words.day(full + timedelta(days=int(day)))}" if full else text


def party_text(desk: Desk, party: str) -> str:
    return short(desk.stamp["organization"], 40) if party == "customer" else desk.words(f"party.{party}")


def rollback(desk: Desk) -> list[Block]:
    facts = facts_on("triggers")
    return [
        desk.prose("rollback.lead"),
        desk.table("rollback.triggers", _triggers(desk, facts), "fifth", "quarter", "fifth", ""),
        desk.heading("rollback.mechanics"),
        desk.points([desk.own(desk.words.of(row)) for row in facts["mechanics"]]),
        desk.note("rollback.proposed"),
    ]


def _triggers(desk: Desk, facts: Mapping[str, Any]) -> list[list[Cell]]:
    return [
        [
            desk.own(desk.words.of(row["signal"]), is_strong=True),
            desk.own(desk.words.of(row["at"]), proof=source_proof(desk, facts, row["source"])),
            _baseline(desk, row["measure"]),
            desk.own(desk.words.of(row["anchor"])),
        ]
        for row in facts["rows"]
    ]


def _baseline(desk: Desk, measure: str) -> Cell:
    """What Postfix does today, where its logs say it."""
    month = (desk.part("basis", "volumes") or {}).get("peak_month")
    if measure == "none":
        return desk.cell(desk.words("rollback.no_baseline"))
    if not month:
        return desk.cell(desk.words("not_measured"))
    ended = month["delivered"] + month["bounced"]
    if measure == "bounces":
        share = 100 * month["bounced"] / ended if ended else 0
        return desk.cell(
            desk.words("rollback.share", share=desk.words.digits(f"{share:.2f}"), period=month["name"]),
            proof=logs_proof(desk),
        )
    return desk.cell(
        desk.words("rollback.deferred", count=desk.figure(month["deferred"]), period=month["name"]),
        proof=logs_proof(desk),
    )
