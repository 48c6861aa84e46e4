"""The last pages: what is watched, who owes what, what may go wrong, and what is signed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reports.outline import page_of
from reports.runbooks.book import runbooks
from reports.sheets.blocks import Figure
from reports.sheets.facts import facts_on
from reports.sheets.moving import party_text
from reports.sheets.opening import quote_proof
from reports.sheets.phrases import say, say_answer
from reports.sheets.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.sheets.blocks import Block, Cell
    from reports.sheets.desk import Desk

ASKED_AT_NIGHT = ("on_call", "on_call_reach", "log_readers", "retention_days", "rollback_minutes", "rollback_people")

LONGEST_ACCEPTED = 320  # whoever signs reads on this page what they accept


def monitoring(desk: Desk) -> list[Block]:
    facts = facts_on("monitoring")
    rows = [
        [
            desk.own(desk.words.of(row[name]), is_strong=name == "signal")
            for name in ("signal", "read", "often", "alert")
        ]
        for row in facts["rows"]
    ]
    asked = [
        [desk.said(row["asked"]), desk.cell(say_answer(desk.words, row))]
        for row in desk.part("basis", "answers")
        if row["question"] in ASKED_AT_NIGHT
    ]
    return [
        desk.prose("monitoring.lead"),
        desk.table("monitoring.signals", rows, "third", "third", "eighth", ""),
        desk.table("monitoring.asked", asked, "half", "", annex="agreed"),
        desk.heading("monitoring.runbooks"),
        desk.points([desk.own(desk.words.of(runbook.title)) for runbook in runbooks().values()]),
        desk.note("monitoring.filled"),
    ]


def duties(desk: Desk) -> list[Block]:
    return [
        desk.prose("duties.lead"),
        desk.table("duties.raci", _raci(desk), "tenth", "half", "eighth", "", annex="responsibilities"),
        desk.table("duties.risks", list(_risks(desk)), "half", "", annex="agreed"),
        desk.note("duties.rule"),
    ]


def _raci(desk: Desk) -> list[list[Cell]]:
    """Whoever owes a task is responsible; the customer's signature of the gate makes it accountable."""
    return [
        [
            desk.cell(row["phase"]),
            desk.said(row["task"]),
            desk.cell(desk.words(f"duties.letters.{row['party']}")),
            desk.cell(party_text(desk, row["party"])),
        ]
        for row in desk.part("duties")
    ]


def _risks(desk: Desk) -> Iterator[list[Cell]]:
    standing = standing_of(desk)
    pages = {key: page_of(key) for key in ("gaps", "warm_up", "pools")}
    for row in facts_on("risks")["rows"]:
        if standing[row["when"]]:
            yield [desk.own(desk.words.of(row)), desk.own(desk.words.of(row["answer"]).format(**pages))]


def terms(desk: Desk) -> list[Block]:
    accepted = [[desk.said(line, longest=LONGEST_ACCEPTED)] for line in desk.part("accepts")]
    return [
        *_terms(desk),
        desk.heading("terms.accepts"),
        desk.table("terms.accepted", accepted, "", annex="agreed"),
        desk.table("terms.signers", _signers(desk), "third", "third", "", annex="agreed"),
        Figure("documents/figures/signing.html", 16, {"text": desk.words("terms.recorded")}),
    ]


def _terms(desk: Desk) -> Iterator[Block]:
    offer = desk.part("offer")
    if not offer:
        yield desk.prose("terms.none")
        return
    said, proof, words = offer["said"], quote_proof(desk), partial(say, desk.words)
    yield desk.terms(
        [
            ("terms.fee", desk.said(said["fixed_fee"], proof=proof, longest=300)),
            ("terms.refund", desk.said(said["refund"], proof=proof, longest=400)),
            ("terms.promises", desk.listed(map(words, said["promises"]), proof=proof, longest=400)),
            ("terms.included", desk.listed(map(words, said["included"]), longest=600)),
            ("terms.excluded", desk.listed(map(words, said["exclusions"]), longest=600)),
        ]
    )


def _signers(desk: Desk) -> list[list[Cell]]:
    return [
        [
            desk.cell(row["name"], is_strong=True),
            desk.cell(row["job_title"] or desk.words("terms.no_role")),
            desk.cell(desk.stamp["organization"]),
        ]
        for row in desk.part("signers")
    ]
