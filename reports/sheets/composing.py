"""From a snapshot to its pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from core.languages import FIRST, LANGUAGES
from reports.outline import plan_annexes, plan_pages
from reports.sheets import judged, moving, opening, paced, running, target, today, ways
from reports.sheets.blocks import Annex, Sheet, Table
from reports.sheets.desk import Desk
from reports.sheets.fitting import fitted
from reports.sheets.numbering import Numbering
from reports.sheets.whole_texts import LONGEST, annex_content, pointed_at
from reports.sheets.words import Words
from reports.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from core.documents import Snapshot
    from reports.outline import Section
    from reports.sheets.blocks import Block, Cell
    from reports.sheets.numbering import Register

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
    """The pages with their rows chosen, the annexes with the content their templates print, and what both refer to."""

    sheets: Sequence[Sheet]
    annexes: Sequence[Annex]
    annexed: Mapping[str, Any]
    words: Words
    evidence: Sequence[tuple[int, str]]
    texts: Sequence[tuple[int, str]]


def language_of(snapshot: Snapshot) -> str:
    """Of a document; those frozen before there was a choice are English."""
    return language_in(snapshot["content"])


def language_in(content: Mapping[str, Any]) -> str:
    language = str(content.get("language") or FIRST)
    return language if language in LANGUAGES else FIRST


def words_of(content: Mapping[str, Any]) -> Words:
    """In the language of a document, and with its times where the customer is."""
    return Words(language_in(content), zone_of(content))


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
    words, numbering, cut = words_of(snapshot["content"]), Numbering(), list[Table]()
    desk = Desk(snapshot["content"], snapshot["stamp"], words, letters)
    sheets = []
    for page in plan_pages(words.language):
        if page.key != COVER and (only is None or page.key in only):
            whole = COMPOSERS[page.key](desk)
            blocks = fitted(whole, letters, allowances.get(page.key, 1.0))
            cut += [each for each, kept in zip(whole, blocks, strict=True) if isinstance(each, Table) and each != kept]
            sheets.append(Sheet(page.key, page.number, page.title, [numbering.numbered(block) for block in blocks]))
    annexed = annex_content(snapshot["content"], numbering.texts, only)
    annexes = _lettered(annex for annex in _annexes(words, cut, numbering) if only is None or annex.key in only)
    if only is None or COVER in only:
        page = plan_pages(words.language)[0]
        sheets.insert(0, Sheet(page.key, page.number, page.title, opening.cover(desk, annexes)))
    return Composed(sheets, annexes, annexed, words, numbering.evidence.numbered, numbering.texts.numbered)


def _lettered(annexes: Iterable[Annex]) -> list[Annex]:
    return [replace(annex, letter=letter) for annex, letter in zip(annexes, ascii_uppercase, strict=False)]


def _annexes(words: Words, cut: Sequence[Table], numbering: Numbering) -> list[Annex]:
    """Those with something to say."""
    tables = _tables(cut, numbering.texts)
    on_demand = {"texts": numbering.texts.numbered, "evidence": numbering.evidence.numbered}
    return [
        _annex(section, tables.get(section.key, []))
        for section in plan_annexes(words.language)
        if section.key in tables or (on_demand[section.key] if section.key in ON_DEMAND else section.has_details)
    ]


def _tables(cut: Sequence[Table], texts: Register) -> Mapping[str, list[Table]]:
    """By annex, what did not fit on its page."""
    whole = {section.key for section in plan_annexes() if section.is_whole}
    found: dict[str, list[Table]] = {}
    for table in cut:
        found.setdefault(table.annex, []).extend([] if table.annex in whole else [_in_full(table, texts)])
    return found


def _annex(section: Section, tables: Sequence[Table]) -> Annex:
    return Annex(section.key, "", section.title, tables, section.template if section.has_details else "")


def _in_full(table: Table, texts: Register) -> Table:
    """Every text whole; the evidence of a row stands in its last cell, without a number."""
    return replace(table, rows=[_row_in_full(row, texts) for row in table.rows])


def _row_in_full(row: Sequence[Cell], texts: Register) -> list[Cell]:
    proofs = "; ".join(dict.fromkeys(cell.proof for cell in row if cell.proof))
    whole = [replace(cell, text=_whole(cell.full or cell.text, texts), full="", proof="") for cell in row]
    return [*whole[:-1], replace(whole[-1], proof=proofs)]


def _whole(text: str, texts: Register) -> str:
    return text if len(text) <= LONGEST else pointed_at(text, texts)
