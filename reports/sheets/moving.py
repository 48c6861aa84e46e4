"""How mail moves: warm-up, DNS, weeks, the ramp, the day itself, and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from core.palette import INKS
from reports.charts import gantt_of, shares_of
from reports.sheets.blocks import Figure
from reports.sheets.desk import short
from reports.sheets.facts import facts_on
from reports.sheets.target import page_of, source_proof
from reports.sheets.today import logs_proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.sheets.blocks import Block, Cell
    from reports.sheets.desk import Desk

PARALLEL, CUTOVER = 3, 4


def phase_of(desk: Desk, number: int) -> Mapping[str, Any] | None:
    return next((phase for phase in desk.part("schedule", "phases") if phase["number"] == number), None)


def warm_up(desk: Desk) -> list[Block]:
    facts = facts_on("warm_up")
    count = len({row["name"] for row in desk.part("basis", "addresses")})
    bars = [
        (str(day), desk.figure(pace), share)
        for (day, pace), share in shares_of(list(enumerate(facts["daily"], start=1)))
    ]
    return [
        desk.prose("warm_up.lead" if count else "warm_up.no_address", count=count),
        desk.prose("warm_up.keep", answer=_kept(desk)),
        Figure("documents/figures/columns.html", 38, {"bars": bars, "caption": desk.words("warm_up.chart")}),
        desk.table("warm_up.days", _days(desk, facts, count), "tenth", "third", "", "", numbers=(2, 3)),
        desk.points([desk.own(desk.words.of(rule)) for rule in facts["rules"]]),
        desk.points([desk.own(f"{row['source']}: {desk.words.of(row['text'])}") for row in facts["others"]]),
    ]


def _kept(desk: Desk) -> str:
    row = next((row for row in desk.part("basis", "answers") if row["question"] == "keep_ips"), None)
    return f"{row['answer']} ({row['by']})" if row else desk.words("not_answered")


def _days(desk: Desk, facts: Mapping[str, Any], count: int) -> list[list[Cell]]:
    phase, proof = phase_of(desk, PARALLEL), source_proof(desk, facts)
    first = date.fromisoformat(phase["start"]) if phase else None
    return [
        [
            desk.cell(number + 1),
            desk.cell(desk.words.day(first + timedelta(days=number)) if first else desk.words("warm_up.no_date")),
            desk.cell(desk.figure(pace), proof=proof),
            desk.cell(desk.figure(pace * count) if count else desk.words("not_known")),
        ]
        for number, pace in enumerate(facts["daily"])
        if number % 2 == 1 or number == 0
    ]


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
        [desk.mono(row["name"], proof=desk.read_in(row)), desk.cell(f"{row['detail'][0]} ({row['detail'][1]})")]
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
    drawing = gantt_of(phases)
    words = {
        "chart": drawing,
        "inks": INKS,
        "words": desk.words,
        "target": desk.part("target") or desk.words("new_mta"),
    }
    return [
        desk.prose("schedule.lead", weeks=drawing.weeks),
        Figure("documents/figures/gantt.html", 24 + 19 * len(drawing.lines), words),
        desk.points(
            [desk.cell(sentence) for sentence in desk.part("schedule", "warnings")[:4]]
            or [desk.cell(desk.words("schedule.no_warning"))]
        ),
        desk.heading("schedule.what_holds"),
        desk.points([desk.own(text) for text in desk.words.several("schedule.rules")]),
    ]


def parallel(desk: Desk) -> list[Block]:
    facts = facts_on("ramp")
    return [
        desk.prose("parallel.lead"),
        Figure(
            "documents/figures/ramp.html",
            46,
            {"steps": _steps(desk, facts["shares"]), "caption": desk.words("parallel.chart")},
        ),
        desk.heading("parallel.asked"),
        desk.points([desk.own(desk.words.of(row)) for row in facts["asked"]]),
        desk.heading("parallel.limits"),
        desk.points([desk.own(desk.words.of(row).format(page=page_of("pools"))) for row in facts["limits"]]),
        desk.heading("parallel.reconciliation"),
        desk.points(
            [
                desk.own(desk.words.of(row), proof=source_proof(desk, facts, row["source"]))
                for row in facts["reconciliation"]
            ]
        ),
    ]


def _steps(desk: Desk, shares: Sequence[int]) -> list[tuple[int, str, str]]:
    """Share, earliest day, hold. Equal holds: the planned days of the phase over its steps."""
    phase = phase_of(desk, PARALLEL)
    if phase is None:
        return [(share, desk.words("parallel.no_date"), "-") for share in shares]
    first, hold = date.fromisoformat(phase["start"]), phase["days"] // len(shares)
    text = desk.words("parallel.hold", days=hold)
    return [(share, desk.words.day(first + timedelta(days=hold * place)), text) for place, share in enumerate(shares)]


def cutover(desk: Desk) -> list[Block]:
    return [
        desk.prose("cutover.lead"),
        desk.table("cutover.steps", list(_run_sheet(desk)), "quarter", "", "fifth"),
        desk.note("cutover.who"),
    ]


def _run_sheet(desk: Desk) -> Iterator[list[Cell]]:
    phase = phase_of(desk, CUTOVER)
    first = date.fromisoformat(phase["start"]) if phase else None
    for row in facts_on("run_sheet")["rows"]:
        day = desk.words("cutover.day", day=f"{row['day']:+d}" if row["day"] else "0")
        when = f"{day}: {desk.words.day(first + timedelta(days=row['day']))}" if first else day
        yield [desk.cell(when, is_strong=True), desk.own(desk.words.of(row)), desk.cell(party_text(desk, row["who"]))]


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
            desk.words("rollback.share", share=f"{share:.2f}", period=month["name"]), proof=logs_proof(desk)
        )
    return desk.cell(
        desk.words("rollback.deferred", count=desk.figure(month["deferred"]), period=month["name"]),
        proof=logs_proof(desk),
    )
