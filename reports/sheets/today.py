"""The estate as it was found: hosts, volumes, programs, tables, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.charts import shares_of
from reports.sheets.addressed import host_rows
from reports.sheets.blocks import Figure, bars_height
from reports.sheets.called import called_rows
from reports.sheets.compared import beside
from reports.sheets.desk import short
from reports.sheets.phrases import say, say_answer, say_component
from reports.sheets.proofs import log_proof, logs_proof
from reports.sheets.streamed import stream_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.sheets.blocks import Block, Cell
    from reports.sheets.desk import Desk

MOST_PROVIDERS = 6
ABOUT_BOUNCES = (
    "bounce_program",
    "bounce_feeds",
    "complaint_program",
    "complaint_loops",
    "return_addresses",
    "suppression_at",
    "suppression_size",
)


def fact_rows(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> list[list[Cell]]:
    """Host, name, what is known, with the evidence of each."""
    return [
        [
            desk.cell(row["host"]),
            desk.mono(row["name"], proof=desk.read_in(row)),
            desk.cell("; ".join(say(desk.words, part) for part in row["detail"] if part)),
        ]
        for row in rows
    ]


def component_rows(desk: Desk) -> list[list[Cell]]:
    """What people know of each component, in their words where they wrote them."""
    return [
        [
            desk.cell(row["host"]),
            desk.mono(row["name"], proof=desk.read_in(row)),
            desk.cell("; ".join(say_component(desk.words, [part for part in row["detail"] if part]))),
        ]
        for row in desk.part("estate", "components")
    ]


def estate(desk: Desk) -> list[Block]:
    return [
        desk.prose("estate.lead"),
        desk.table("estate.hosts", host_rows(desk), "quarter", "sixth", "quarter", "", annex="inventory"),
        desk.table("estate.streams", stream_rows(desk), "third", "fifth", "", annex="inventory"),
        desk.table(
            "estate.entrances",
            fact_rows(desk, desk.part("estate", "listeners")),
            "fifth",
            "third",
            "",
            annex="inventory",
        ),
        desk.table(
            "estate.exits", fact_rows(desk, desk.part("estate", "transports")), "fifth", "third", "", annex="inventory"
        ),
    ]


def volumes(desk: Desk) -> list[Block]:
    found = desk.part("basis", "volumes") or {}
    providers = found.get("providers", [])
    blocks: list[Block] = [
        desk.prose("volumes.lead"),
        desk.table("volumes.beside", beside(desk), "sixth", "eighth", "fifth", ""),
    ]
    if not providers:
        return [*blocks, desk.prose("volumes.not_measured"), desk.points(_what_logs_give(desk))]
    return [
        *blocks,
        _provider_chart(desk, providers),
        desk.table(
            "volumes.providers", _providers(desk, providers), "third", "", "", "", annex="reading", numbers=(1, 2, 3)
        ),
        desk.table("volumes.logs", _logs(desk, found["logs"]), "third", "", annex="reading"),
    ]


def _provider_chart(desk: Desk, providers: Sequence[Mapping[str, Any]]) -> Figure:
    rows = [(row["name"], row["delivered"] + row["bounced"]) for row in providers[:MOST_PROVIDERS]]
    bars = [(short(name, 30), desk.figure(count), share) for (name, count), share in shares_of(rows)]
    caption = desk.words("volumes.chart")
    return Figure("documents/figures/bars.html", bars_height(len(bars)), {"bars": bars, "caption": caption})


def _providers(desk: Desk, providers: Sequence[Mapping[str, Any]]) -> list[list[Cell]]:
    return [
        [desk.cell(row["name"]), *(desk.cell(desk.figure(row[name])) for name in ("delivered", "bounced", "deferred"))]
        for row in providers
    ]


def _logs(desk: Desk, logs: Sequence[Mapping[str, Any]]) -> list[list[Cell]]:
    return [
        [
            desk.cell(desk.words("volumes.log", number=log["number"], host=log["host"]), proof=log_proof(desk, log)),
            desk.cell(
                desk.words("volumes.log_text", first=log["first"], last=log["last"], lines=desk.figure(log["lines"]))
            ),
        ]
        for log in logs
    ]


def _what_logs_give(desk: Desk) -> list[Cell]:
    return [desk.own(text) for text in desk.words.several("volumes.logs_give")]


def dossiers(desk: Desk) -> list[Block]:
    return [
        desk.prose("dossiers.lead"),
        *(
            desk.table(f"dossiers.{name}", rows, "fifth", "third", "", annex="dossier")
            for name, rows in (
                ("milters", fact_rows(desk, desk.part("estate", "milters"))),
                ("scripts", called_rows(desk)),
                ("timed", fact_rows(desk, desk.part("estate", "cron_jobs"))),
                ("known", component_rows(desk)),
            )
        ),
        desk.note("dossiers.who"),
    ]


def maps(desk: Desk) -> list[Block]:
    rows = desk.part("estate", "maps")
    routes = [row for row in rows if any("transport_maps" in part or "relay" in part for part in row["detail"])]
    return [
        desk.prose("maps.lead"),
        desk.table("maps.kinds", _kinds(desk, rows), "half", "", numbers=(1,)),
        desk.table("maps.routes", fact_rows(desk, routes), "fifth", "third", "", annex="tables"),
        desk.table("maps.all", fact_rows(desk, rows), "fifth", "third", "", annex="tables"),
        desk.note("maps.not_known"),
    ]


def _kinds(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> list[list[Cell]]:
    counts: dict[str, int] = {}
    for row in rows:
        kind = str(row["name"]).partition(":")[0]
        counts[kind] = counts.get(kind, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:8]
    return [[desk.mono(kind), desk.cell(count)] for kind, count in ranked]


def bounces(desk: Desk) -> list[Block]:
    return [
        desk.prose("bounces.lead"),
        desk.table(
            "bounces.programs", fact_rows(desk, desk.part("basis", "programs")), "fifth", "third", "", annex="dossier"
        ),
        desk.table("bounces.answers", list(_answers(desk)), "half", "", annex="agreed"),
        desk.table("bounces.refused", _refused(desk), "half", "quarter", "", annex="reading", numbers=(2,)),
        desk.heading("bounces.target"),
        desk.points([desk.own(text) for text in desk.words.several("bounces.becomes")]),
    ]


def answer_proof(desk: Desk, row: Mapping[str, Any]) -> str:
    return desk.words(
        "proof.answer", asked=say(desk.words, row["asked"]), by=row["by"], at=desk.words.moment(row["at"])
    )


def _answers(desk: Desk) -> Iterator[list[Cell]]:
    for row in desk.part("basis", "answers"):
        if row["question"] in ABOUT_BOUNCES:
            yield [desk.said(row["asked"]), desk.cell(say_answer(desk.words, row), proof=answer_proof(desk, row))]


def _refused(desk: Desk) -> list[list[Cell]]:
    return [
        [
            desk.cell(desk.words.label(row["label"])),
            desk.cell(desk.words(f"bounces.means.{row['means']}")),
            desk.cell(desk.figure(row["count"]), proof=logs_proof(desk)),
        ]
        for row in desk.part("basis", "volumes", "refused")
    ]
