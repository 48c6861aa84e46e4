"""What a document is made of, in order. Print and page walk the same list, so their section numbers agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.languages import FIRST, LANGUAGES
from engagements.changes import Wording
from reports.content.formats import formats

PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document. `number` is a page of the plan; annexes of it get their letters when they are composed.

    The markup of a section without a number stands in templates/documents/sections/<key>.html.
    """

    key: str
    title: str
    number: int = 0
    has_details: bool = True
    is_whole: bool = False

    @property
    def template(self) -> str:
        return f"documents/sections/{self.key}.html"


@cache
def _plan() -> Mapping[str, Any]:
    parts: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "plan.yaml").read_text())
    return parts


@cache
def _phase_record(language: str) -> Sequence[Section]:
    rows = yaml.safe_load((Path(__file__).parent / "phase_record.yaml").read_text())
    return tuple(Section(row["key"], row["title"][language]) for row in rows)


@cache
def plan_pages(language: str = FIRST) -> Sequence[Section]:
    """The numbered pages."""
    return tuple(
        Section(page["key"], page["title"][language], number) for number, page in enumerate(_plan()["pages"], start=1)
    )


def page_of(key: str) -> int:
    return next(page.number for page in plan_pages() if page.key == key)


@cache
def plan_annexes(language: str = FIRST) -> Sequence[Section]:
    """In their order. Those with nothing to say are left out of a document, and its letters have no gap."""
    return tuple(
        Section(
            annex["key"],
            annex["title"][language],
            has_details="has_details" in annex,
            is_whole="is_whole" in annex,
        )
        for annex in _plan()["annexes"]
    )


def outline_of(kind: str, language: str = FIRST) -> Sequence[Section]:
    """The sections of a kind; empty for kinds whose template is one piece, such as a quote."""
    if kind == PLAN:
        return (*plan_pages(language), *plan_annexes(language))
    return _phase_record(language) if kind == "phase_record" else ()


def sections_of(kind: str) -> Mapping[str, str]:
    """By its anchor on the page, how people find each section: “8 Bounces and complaints”, an annex by its title."""
    if kind != PLAN:
        return {section.key: section.title for section in outline_of(kind)}
    pages = {page.key: f"{page.number} {page.title}" for page in plan_pages()}
    return pages | {f"annex-{annex.key}": f"Annex “{annex.title}”" for annex in plan_annexes()}


def record_wording(kind: str) -> Wording:
    """What a document of this kind calls each part of the records behind it, and the codes that stand in them."""
    titles: dict[str, str] = yaml.safe_load((Path(__file__).parent / "records.yaml").read_text())
    sections = {section.key: section.title for section in outline_of(kind)}
    return Wording(titles | sections, {"language": LANGUAGES}, formats().telling, formats().follows)
