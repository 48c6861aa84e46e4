"""From a snapshot to its pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from core.languages import FIRST, LANGUAGES
from reports.outline import plan_annexes, plan_pages
from reports.sheets import judged, moving, opening, paced, running, target, today, ways
from reports.sheets.blocks import Annex, Sheet, Table
from reports.sheets.desk import Desk
from reports.sheets.fitting import fitted
from reports.sheets.numbering import Numbering
from reports.sheets.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from core.documents import Snapshot
    from reports.outline import Section
    from reports.sheets.blocks import Block, Cell

COMPOSERS: dict[str, Callable[[Desk], list[Block]]] = {
    "summary": opening.summary,
    "verdict": opening.verdict,
    "estate": today.estate,
    "volumes": today.volumes,
    "dossiers": today.dossiers,
    "maps": today.maps,
    "bounces": today.bounces,
    "findings": judged.findings,
    "translation": judged.translation,
    "gaps": judged.gaps,
    "architecture": target.architecture,
    "generated": target.generated,
    "chosen": target.chosen,
    "costs": target.costs,
    "pools": ways.pools,
    "warm_up": paced.warm_up,
    "dns": moving.dns,
    "schedule": moving.schedule,
    "parallel": moving.parallel,
    "cutover": moving.cutover,
    "rollback": moving.rollback,
    "monitoring": running.monitoring,
    "duties": running.duties,
    "terms": running.terms,
}
COVER = "cover"
# Annexes that are there when something points at them, or when a table did not fit.
ON_DEMAND = ("texts", "evidence")


@dataclass(frozen=True, slots=True)
class Composed:
    """The pages with their rows chosen, the annexes, and what the pages refer to."""

    sheets: Sequence[Sheet]
    annexes: Sequence[Annex]
    words: Words
    evidence: Sequence[tuple[int, str]]
    texts: Sequence[tuple[int, str]]


def language_of(snapshot: Snapshot) -> str:
    """Of a document; those frozen before there was a choice are English."""
    language = str(snapshot["content"].get("language") or FIRST)
    return language if language in LANGUAGES else FIRST


def compose(
    snapshot: Snapshot, allowances: Mapping[str, float] | None = None, only: Collection[str] | None = None
) -> Composed:
    """`allowances` are the parts of a page to use, by its key; `only` names the pages and annexes that are wanted.

    Composed twice: which annexes there are, and so their letters, is known when every page has its rows.
    """
    draft = _composed(snapshot, allowances or {}, only, {})
    return _composed(snapshot, allowances or {}, only, {annex.key: annex.letter for annex in draft.annexes})


def _composed(
    snapshot: Snapshot,
    allowances: Mapping[str, float],
    only: Collection[str] | None,
    letters: Mapping[str, str],
) -> Composed:
    words, numbering, cut = Words(language_of(snapshot)), Numbering(), list[Table]()
    desk = Desk(snapshot["content"], snapshot["stamp"], words, letters)
    sheets = []
    for page in plan_pages(words.language):
        if page.key != COVER and (only is None or page.key in only):
            whole = COMPOSERS[page.key](desk)
            blocks = fitted(whole, letters, allowances.get(page.key, 1.0))
            cut += [each for each, kept in zip(whole, blocks, strict=True) if isinstance(each, Table) and each != kept]
            sheets.append(Sheet(page.key, page.number, page.title, [numbering.numbered(block) for block in blocks]))
    annexes = _lettered(annex for annex in _annexes(words, cut, numbering) if only is None or annex.key in only)
    if only is None or COVER in only:
        page = plan_pages(words.language)[0]
        sheets.insert(0, Sheet(page.key, page.number, page.title, opening.cover(desk, annexes)))
    return Composed(sheets, annexes, words, numbering.evidence.numbered, numbering.texts.numbered)


def _lettered(annexes: Iterable[Annex]) -> list[Annex]:
    return [replace(annex, letter=letter) for annex, letter in zip(annexes, ascii_uppercase, strict=False)]


def _annexes(words: Words, cut: Sequence[Table], numbering: Numbering) -> list[Annex]:
    """Those with something to say."""
    on_demand = {"texts": numbering.texts.numbered, "evidence": numbering.evidence.numbered}
    return [
        _annex(section, [table for table in cut if table.annex == section.key])
        for section in plan_annexes(words.language)
        if any(table.annex == section.key for table in cut)
        or (on_demand[section.key] if section.key in ON_DEMAND else section.has_details)
    ]


def _annex(section: Section, tables: Sequence[Table]) -> Annex:
    template = section.template if section.has_details else ""
    shown = [] if section.is_whole else [_in_full(table) for table in tables]
    return Annex(section.key, "", section.title, shown, template)


def _in_full(table: Table) -> Table:
    """Every text whole; the evidence of a row stands in its last cell, without a number."""
    return replace(table, rows=[_row_in_full(row) for row in table.rows])


def _row_in_full(row: Sequence[Cell]) -> list[Cell]:
    proofs = "; ".join(dict.fromkeys(cell.proof for cell in row if cell.proof))
    whole = [replace(cell, text=cell.full or cell.text, full="", proof="") for cell in row]
    return [*whole[:-1], replace(whole[-1], proof=proofs)]
