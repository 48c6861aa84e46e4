"""The close report in words: its sections, each of blocks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from reports.closing.counting import not_recorded, part, span
from reports.closing.mail_sheets import mail_section, staying_section, watching_section
from reports.closing.overview import overview, window_words
from reports.sheets.desk import Desk
from reports.sheets.phrases import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from core.documents import Snapshot
    from reports.sheets.blocks import Block, Cell
    from reports.sheets.words import Words

PROMISES, INCLUDED = 1_500, 2_500  # letters: a report says them whole


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the report."""

    title: str
    blocks: Sequence[Block]


def close_parts(snapshot: Snapshot, words: Words) -> list[Part]:
    desk = Desk(snapshot["content"], snapshot["stamp"], words)
    found = {
        "whole": overview(desk),
        "agreement": list(_agreement(desk)),
        "phases": _phases(desk),
        "gates": _gates(desk),
        "mail": mail_section(desk),
        "back": list(_back(desk)),
        "staying": staying_section(desk),
        "watching": list(watching_section(desk)),
        "people": _people(desk),
    }
    return [Part(words(f"close.{key}"), blocks) for key, blocks in found.items()]


def _agreement(desk: Desk) -> Iterator[Block]:
    offer = desk.part("offer")
    if not offer:
        yield desk.prose("close.no_offer")
        return
    said, tell = offer["said"], partial(say, desk.words)
    at = desk.words.moment(offer["accepted_at"])
    accepted = desk.words(
        "close.reference_text", reference=offer["reference"], by=offer["accepted_by"], at=at, receipt=offer["receipt"]
    )
    yield desk.terms(
        [
            ("close.reference", desk.own(accepted)),
            ("close.tier", desk.cell(desk.words.label(offer["tier"]))),
            ("close.fee", desk.said(offer["total"])),
            ("close.promises", desk.listed(map(tell, said["promises"]), longest=PROMISES)),
            ("close.included", desk.listed(map(tell, said["included"]), longest=INCLUDED)),
        ]
    )


def _phases(desk: Desk) -> list[Block]:
    rows = [_phase(desk, row) for row in desk.part("phases")]
    widths = ("fifth", "", "", "eighth", "eighth")
    return [desk.table("close.phase_table", rows, *widths, numbers=(3, 4)), desk.note("close.phases_note")]


def _phase(desk: Desk, row: dict[str, Any]) -> list[Cell]:
    words = desk.words
    return [
        desk.own(f"{row['number']} {words.label(row['label'])}"),
        desk.own(words("close.from_to", first=words.day(row["planned_start"]), last=words.day(row["planned_end"]))),
        desk.own(_took_place(words, row)),
        desk.cell(desk.figure(row["planned_days"])),
        desk.own(not_recorded(desk) if row["actual_days"] is None else desk.figure(row["actual_days"])),
    ]


def _took_place(words: Words, row: dict[str, Any]) -> str:
    if not row["actual_start"]:
        return words("close.not_begun")
    if not row["actual_end"]:
        return words("close.since", day=words.day(row["actual_start"]))
    return words("close.from_to", first=words.day(row["actual_start"]), last=words.day(row["actual_end"]))


def _gates(desk: Desk) -> list[Block]:
    rows = [_gate(desk, row) for row in desk.part("gates")]
    widths = ("sixth", "sixth", "sixth", "", "", "", "tenth")
    return [desk.table("close.gate_table", rows, *widths, numbers=(6,)), desk.note("close.gates_note")]


def _gate(desk: Desk, row: dict[str, Any]) -> list[Cell]:
    words = desk.words
    return [
        desk.own(f"{row['number']} {words.label(row['label'])}"),
        desk.own(words.day(row["promised_on"] or "") or not_recorded(desk)),
        desk.own(words.moment(row["signed_at"] or "") or words("close.not_signed")),
        desk.own(span(desk, row["time_to_sign"])),
        desk.own(span(desk, row["waited_consultancy"])),
        desk.own(span(desk, row["waited_customer"])),
        desk.cell(desk.figure(row["sent_back"])),
    ]


def _back(desk: Desk) -> Iterator[Block]:
    back, rows = desk.part("way_back"), desk.part("way_back", "returns")
    told = [_return(desk, row, back["limit"]) for row in rows]
    yield desk.table("close.back_table", told, "quarter", "third", "", "")
    gone = (desk.part("window") or {}).get("decommissioned_at")
    taken_down = desk.words.moment(gone or "") or desk.words("close.not_decommissioned")
    yield desk.terms([("close.window", desk.own(window_words(desk))), ("close.decommissioned", desk.own(taken_down))])
    decided = {"count": back["decisions"], "back": back["to_go_back"], "open": back["undecided"]}
    yield desk.note("close.decisions", **decided)


def _return(desk: Desk, row: dict[str, Any], limit: int) -> list[Cell]:
    words, took = desk.words, row["took"]
    kept = "close.not_ended" if took is None else f"close.{'yes' if took <= limit else 'no'}"
    return [
        desk.own(words("close.drill" if row["is_drill"] else "close.rollback", number=row["number"])),
        desk.own(words.moment(row["started_at"])),
        desk.own(span(desk, took)),
        desk.own(words(kept)),
    ]


def _people(desk: Desk) -> list[Block]:
    words, training, books = desk.words, desk.part("training"), desk.part("runbooks")
    bound, planned = training["bound"], training["sessions"]
    rows = [
        ("sessions", words("close.sessions_promised", count=planned), part(desk, training["sessions_held"], planned)),
        ("bound", words("close.everybody"), part(desk, training["came"], bound)),
        ("passed", words("close.everybody"), part(desk, training["passed"], bound)),
        ("runbooks", words("close.runbooks_promised"), part(desk, books["in_force"], books["needed"])),
        ("drills", words("close.nothing_promised"), words("close.drills_measured", count=desk.figure(books["drills"]))),
        *(_granted(desk, row) for row in desk.part("granted")),
    ]
    cells = [[desk.own(words(f"close.{key}")), desk.own(promised), desk.own(told)] for key, promised, told in rows]
    return [desk.table("close.people_table", cells, "third", "third", "")]


def _granted(desk: Desk, row: dict[str, Any]) -> tuple[str, str, str]:
    """Calls are counted, questions are told in their minutes."""
    if row["kind"] == "call":
        return "kind.call", desk.figure(row["granted"]), part(desk, row["used"], row["granted"])
    granted = span(desk, row["granted"] * 60)
    of = desk.words("close.part", count=span(desk, row["used"] * 60), among=granted)
    return f"kind.{row['kind']}", granted, of
