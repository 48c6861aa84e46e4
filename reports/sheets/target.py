"""The target: how it is built, what was generated for it, why it is this one, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.charts import waterfall_drawing
from core.components import Contribution
from core.palette import INKS
from reports.charts import cost_bars
from reports.drawings import architecture_of
from reports.outline import page_of
from reports.sheets.blocks import Extract, Figure, bars_height
from reports.sheets.desk import grouped, minus, short
from reports.sheets.phrases import say
from reports.sheets.proofs import file_proof
from reports.sheets.standing import staying
from reports.sheets.ways import ways_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.sheets.blocks import Block, Cell
    from reports.sheets.desk import Desk

MOST_EXTRACTS = 2
MOST_LINES, WIDEST_LINE = 17, 96
SHORT_LABEL = 24


def architecture(desk: Desk) -> list[Block]:
    drawing = architecture_of(
        target=desk.part("target") or desk.words("new_mta"),
        hosts=_labels(desk.part("estate", "readings"), "host") or [desk.words("architecture.not_read")],
        pools=_labels(ways_out(desk)) or [desk.words("architecture.one_pool")],
        stays=_labels(staying(desk)),
        outside=_labels(desk.part("basis", "volumes", "providers")) or [desk.words("architecture.not_measured")],
    )
    return [
        desk.prose("architecture.lead"),
        Figure(
            "documents/figures/architecture.html",
            112,
            {"drawing": drawing, "words": desk.words, "caption": desk.words("architecture.caption")},
        ),
        desk.table("architecture.parts", _parts(desk), "quarter", ""),
        desk.note("architecture.basis", page=page_of("pools")),
    ]


def _labels(rows: Sequence[Mapping[str, Any]], name: str = "name") -> list[str]:
    return list(dict.fromkeys(short(str(row[name]), SHORT_LABEL) for row in rows))


def _parts(desk: Desk) -> list[list[Cell]]:
    target = desk.part("target") or desk.words("new_mta")
    return [
        [
            desk.cell(desk.words(f"architecture.{key}"), is_strong=True),
            desk.cell(desk.words(f"architecture.{key}_text", target=target)),
        ]
        for key in ("applications", "proxy", "target", "postfix", "queue", "outside")
    ]


def generated(desk: Desk) -> list[Block]:
    files = desk.part("basis", "files")
    if not files:
        return [
            desk.prose("generated.none"),
            desk.points([desk.own(text) for text in desk.words.several("generated.will_be")]),
        ]
    extracts = [
        Extract(short(f"{row['path']} ({row['target']})", 80), first_lines(row["extract"]))
        for row in _shown(desk, files)
    ]
    evidence, page = desk.letters.get("evidence", ""), page_of("pools")
    return [
        desk.prose("generated.lead", count=len(files), evidence=evidence, page=page),
        *extracts,
        desk.table("generated.files", _files(desk, files), "third", "tenth", "", annex="files", numbers=(1,)),
    ]


def _shown(desk: Desk, files: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Files for machines; those with the ways out first."""
    out = {way["path"] for way in desk.part("basis", "ways")}
    own = [row for row in files if row["extract"] and not row["path"].endswith((".md", ".json"))]
    return sorted(own, key=lambda row: (row["path"] not in out, -len(row["extract"])))[:MOST_EXTRACTS]


def first_lines(text: str) -> str:
    return "\n".join(short(line, WIDEST_LINE) for line in text.split("\n")[:MOST_LINES])


def _files(desk: Desk, files: Sequence[Mapping[str, str]]) -> list[list[Cell]]:
    return [
        [
            desk.mono(row["path"], proof=file_proof(desk, row)),
            desk.cell(desk.figure(int(row["byte_count"]))),
            desk.mono(grouped(row["sha256"]), longest=80),
        ]
        for row in files
    ]


def chosen(desk: Desk) -> list[Block]:
    found = desk.part("chosen")
    if not found or not any(row["answer"] for row in found["answers"]):
        return [desk.prose("chosen.none")]
    blocks: list[Block] = [_result(desk, found)]
    if found["total"]:
        blocks.append(_waterfall(desk, found))
    else:
        blocks.append(desk.table("chosen.answers", _answers(desk, found), "quarter", "", "fifth", annex="weighed"))
    return [*blocks, desk.heading("chosen.flips"), *_flips(desk, found), *_before(desk), desk.note("chosen.method")]


def _result(desk: Desk, found: Mapping[str, str]) -> Block:
    if not found["total"]:
        return desk.prose("chosen.undecided", method=found["method"])
    return desk.prose(
        "chosen.lead", result=desk.words.label(found["result"]), total=minus(found["total"]), method=found["method"]
    )


def method_proof(desk: Desk, row: Mapping[str, str], method: str) -> str:
    if not row["who"]:
        return ""
    return desk.words(
        "proof.weighed",
        asked=desk.words.label(row["label"]),
        by=row["who"] or "-",
        certainty=desk.words.label(row["certainty"]) or "-",
        method=method,
    )


def _answers(desk: Desk, found: Mapping[str, Sequence[Mapping[str, str]]]) -> list[list[Cell]]:
    return [
        [
            desk.cell(desk.words.label(row["label"]), is_strong=True),
            desk.cell(desk.words.label(row["answer"]), proof=method_proof(desk, row, str(found["method"]))),
            desk.cell(minus(row["points"]) or "-"),
        ]
        for row in found["answers"]
    ]


def _waterfall(desk: Desk, found: Mapping[str, Any]) -> Figure:
    drawing = waterfall_drawing(
        [Contribution(row["label"], row["answer"], _points(row["points"])) for row in found["answers"]]
    )
    rows = [(bar, cells) for bar, cells in zip(drawing.bars, _answers(desk, found), strict=True)]
    words = {
        "drawing": drawing,
        "rows": rows,
        "inks": INKS,
        "caption": desk.words("chosen.chart"),
        "result": desk.words.label(found["result"]),
        "total": minus(found["total"]),
    }
    return Figure("documents/figures/waterfall.html", bars_height(1) + 9 * len(rows), words)


def _points(text: str) -> float:
    try:
        return float(text.replace("\u2212", "-").replace(",", "") or 0)
    except ValueError:  # an answer that decides alone has words in place of points
        return 0.0


def _before(desk: Desk) -> Iterator[Block]:
    """What the practice advised before: shown, and no input of the sum."""
    found = desk.part("statistics")
    if not found:
        return
    rows = [[desk.said(row[name]) for name in ("label", "text", "definition")] for row in found["rows"]]
    yield desk.prose("chosen.before_lead", day=desk.words.day(found["day"]))
    yield desk.table("chosen.before", rows, "quarter", "fifth", "", annex="weighed")


def _flips(desk: Desk, found: Mapping[str, Sequence[str]]) -> Iterator[Block]:
    if not found["total"]:
        yield desk.prose("chosen.incomplete")
        return
    flips = [desk.said(flip) for flip in found["flips"][:8]]
    yield desk.points(flips) if flips else desk.prose("chosen.no_flip")


def costs(desk: Desk) -> list[Block]:
    found = desk.part("costs")
    if not found or not found["ways"]:
        return [desk.prose("costs.none")]
    month, lead = desk.figure(found["month"]), "costs.lead" if found["month"] else "costs.no_month"
    return [
        desk.prose(lead, years=found["years"], month=month, rate=say(desk.words, found["rate"]) or "-"),
        desk.table("costs.heads", [], "", "") if not found["heads"] else _cost_table(desk, found),
        *_cost_chart(desk, found),
        *_break_even(desk, found),
        desk.heading("costs.replaced"),
        *_replaced(desk, found),
        desk.note("costs.how"),
    ]


def _cost_table(desk: Desk, found: Mapping[str, Sequence[Mapping[str, Sequence[str]]]]) -> Block:
    from reports.sheets.blocks import Cell, Column, Table

    proof = desk.words("proof.book", day=desk.words.day(str(found.get("book_date") or found["book_day"])))
    rows = [
        [
            desk.cell(desk.words.label(str(line["label"])), is_strong=True),
            *(desk.cell(amount or desk.words("costs.no_cost"), proof=proof) for amount in _said(desk, line["amounts"])),
        ]
        for line in found["heads"]
    ]
    total = [
        Cell(desk.words("costs.total"), is_strong=True),
        *(Cell(say(desk.words, str(amount)), is_strong=True) for amount in found["totals"]),
    ]
    columns = [
        Column(desk.words("costs.head"), "quarter"),
        *(Column(desk.words.label(str(way))) for way in found["ways"]),
    ]
    return Table(desk.words("costs.caption"), columns, [*rows, total])


def _cost_chart(desk: Desk, found: Mapping[str, Any]) -> Iterator[Figure]:
    bars = [
        (desk.words.label(bar.way), say(desk.words, bar.total), bar.least, bar.beyond)
        for bar in cost_bars(found["ways"], found["totals"])
    ]
    if bars:
        words = {"bars": bars, "caption": desk.words("costs.chart", years=found["years"])}
        yield Figure("documents/figures/costs.html", bars_height(len(bars)), words)


def _said(desk: Desk, amounts: Sequence[str]) -> list[str]:
    return [say(desk.words, amount) for amount in amounts]


def _break_even(desk: Desk, found: Mapping[str, float | None]) -> Iterator[Block]:
    if found["break_even"]:
        yield desk.prose("costs.break_even", count=desk.figure(found["break_even"]))


def _replaced(desk: Desk, found: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[Block]:
    rows = [
        [desk.said(row["label"]), desk.said(row["number"]), desk.cell(f"{row['reason']} ({row['who']})")]
        for row in found["replaced"]
    ]
    yield desk.table("costs.numbers", rows, "third", "fifth", "", annex="weighed")
