"""What was found, what carries over, and what the customer decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.charts import severity_bars, shares_of
from reports.sheets.blocks import Figure, bars_height
from reports.sheets.desk import short
from reports.sheets.phrases import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reports.sheets.blocks import Block, Cell
    from reports.sheets.desk import Desk

LONGEST_LABEL = 30
LISTED = ("blocker", "high", "medium", "low", "info")


def findings(desk: Desk) -> list[Block]:
    groups = desk.part("findings")
    bars = [
        (short(desk.words.label(bar.label), LONGEST_LABEL), str(bar.count), bar.answered, bar.waiting)
        for bar in severity_bars(groups)
    ]
    return [
        desk.prose("findings.lead"),
        Figure(
            "documents/figures/severities.html",
            bars_height(len(bars)),
            {"bars": bars, "caption": desk.words("findings.chart")},
        ),
        desk.table("findings.list", list(_findings(desk)), "tenth", "eighth", "", "quarter", annex="details"),
        desk.note("findings.rule", details=desk.letters.get("details", "")),
    ]


def _findings(desk: Desk) -> Iterator[list[Cell]]:
    """The gravest first; in the order in which they were found inside one severity."""
    groups = {group["severity"]: group for group in desk.part("findings")}
    for severity in LISTED:
        group = groups.get(severity)
        for row in group["rows"] if group else ():
            yield [
                desk.cell(row["reference"], proof=desk.read_in(row)),
                desk.cell(desk.words.label(group["label"])) if group else desk.cell(""),
                desk.cell(f"{say(desk.words, row['title'])} ({row['host']})"),
                desk.cell(decision_text(desk, row)),
            ]


def decision_text(desk: Desk, row: Mapping[str, Any]) -> str:
    decision = desk.words.label(row["decision"])
    if not row["decided_at"]:
        return decision
    return f"{decision}, {row['decided_by']}"


def translation(desk: Desk) -> list[Block]:
    rows = desk.part("translation", "coverage")
    if not rows:
        return [desk.prose("translation.none"), desk.table("translation.letters", _meanings(desk), "quarter", "")]
    return [
        desk.prose("translation.lead"),
        desk.table("translation.coverage", _coverage(desk), "third", "", "", "", numbers=(1, 2, 3)),
        *_letter_charts(desk),
        desk.table("translation.letters", _meanings(desk), "quarter", ""),
        desk.note("translation.usual"),
    ]


def _coverage(desk: Desk) -> list[list[Cell]]:
    return [
        [
            desk.cell(row["target"], is_strong=True),
            desk.cell(desk.figure(row["covered"])),
            desk.cell(desk.figure(row["counted"])),
            desk.cell(f"{row['covered'] * 100 // row['counted']} %" if row["counted"] else "-"),
        ]
        for row in desk.part("translation", "coverage")
    ]


def _letter_charts(desk: Desk) -> Iterator[Figure]:
    counts = desk.part("basis", "letters")
    for target in dict.fromkeys(row["target"] for row in counts):
        rows = [
            (short(desk.words.label(row["label"]), LONGEST_LABEL), row["count"])
            for row in counts
            if row["target"] == target
        ]
        bars = [(name, desk.figure(count), share) for (name, count), share in shares_of(rows)]
        caption = desk.words("translation.chart", target=target)
        yield Figure("documents/figures/bars.html", bars_height(len(bars)), {"bars": bars, "caption": caption})


def _meanings(desk: Desk) -> list[list[Cell]]:
    return [
        [
            desk.cell(desk.words.label(label), is_strong=True),
            desk.cell(desk.words(f"translation.means.{label.lower()}")),
        ]
        for label in ("Native", "Rewrite", "Custom", "Gap", "Dropped")
    ]


def gaps(desk: Desk) -> list[Block]:
    rows = desk.part("translation", "gaps")
    waiting = sum(not row["decided_at"] for row in rows)
    lead = "gaps.lead" if rows else "gaps.nothing"
    return [
        desk.prose(lead, count=len(rows), waiting=waiting),
        desk.table("gaps.choices", _choices(desk), "third", ""),
        desk.table("gaps.list", _gaps(desk), "tenth", "", "third", annex="decisions"),
        desk.note("gaps.fee"),
    ]


def _choices(desk: Desk) -> list[list[Cell]]:
    return [
        [desk.cell(desk.words(f"gaps.choice.{key}"), is_strong=True), desk.cell(desk.words(f"gaps.means.{key}"))]
        for key in ("lua", "application", "accept")
    ]


def _gaps(desk: Desk) -> list[list[Cell]]:
    """Those that wait first, for they ask something of the reader."""
    rows = sorted(desk.part("translation", "gaps"), key=lambda row: bool(row["decided_at"]))
    return [
        [
            desk.cell(row["reference"], proof=desk.read_in(row)),
            desk.cell(f"{say(desk.words, row['name'])}: {say(desk.words, row['loss'])}"),
            desk.cell(_choice(desk, row)),
        ]
        for row in rows
    ]


def _choice(desk: Desk, row: Mapping[str, Any]) -> str:
    choice = desk.words.label(row["choice"])
    if row["decided_at"]:
        return f"{choice}, {row['decided_by']}, {desk.words.moment(row['decided_at'])}"
    if row["recommended"]:
        return f"{choice}. {desk.words('gaps.recommended', choice=desk.words.label(row['recommended']))}"
    return choice
