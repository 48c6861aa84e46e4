"""The questionnaire from the YAML files beside this, checked as it is loaded."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from discovery.questions.book import (
    YES_OR_NO,
    YESNO,
    Book,
    BookError,
    Condition,
    Dispute,
    KnownFact,
    Question,
    Section,
)
from discovery.questions.checking import check_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SECTIONS = Path(__file__).parent
SECTION_NAMES = "[0-9][0-9]_*.yaml"
FACTS = "facts.yaml"
LIMITS = "limits.yaml"
PLAIN = ("id", "version", "kind", "ask", "why", "unit", "unit_of_one", "least", "most", "answered_by")


@cache
def load_book() -> Book:
    """The questionnaire as it is shipped. Raises BookError."""
    book = Book(tuple(section_of(_rows(path)) for path in sorted(SECTIONS.glob(SECTION_NAMES))))
    check_book(book, known_facts())
    return book


@cache
def known_facts() -> Mapping[str, KnownFact]:
    return {row["name"]: KnownFact(**row) for row in _rows(SECTIONS / FACTS)}


@cache
def limits() -> Mapping[str, int]:
    found: dict[str, int] = _rows(SECTIONS / LIMITS)
    return found


def _rows(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def section_of(row: Mapping[str, Any]) -> Section:
    """A section as its file says it. Raises BookError for a key that is unknown or missing."""
    _refuse_keys("The section", row, {"slug", "title", "intro", "questions"}, set())
    questions = tuple(question_of(each, row["slug"]) for each in row["questions"])
    return Section(row["slug"], row["title"], row["intro"], questions)


def question_of(row: Mapping[str, Any], section: str) -> Question:
    optional = {"choices", "unit", "unit_of_one", "least", "most", "asked_when", "answered_by", "dispute"}
    _refuse_keys(
        f"The question {row.get('id', 'without an id')}", row, {"id", "version", "kind", "ask", "why"}, optional
    )
    plain = {key: row[key] for key in PLAIN if key in row}
    condition = condition_of(row["asked_when"]) if "asked_when" in row else None
    dispute = Dispute(**row["dispute"]) if "dispute" in row else None
    choices = YES_OR_NO if row["kind"] == YESNO else row.get("choices", {})
    return Question(**plain, section=section, choices=choices, asked_when=condition, dispute=dispute)


def condition_of(row: Mapping[str, Any]) -> Condition:
    _refuse_keys("A condition", row, set(), {"question", "fact", "is", "above", "any", "all"})
    return Condition(
        question=row.get("question", ""),
        fact=row.get("fact", ""),
        values=frozenset(row.get("is", ())),
        above=row.get("above"),
        any=_conditions(row.get("any", ())),
        all=_conditions(row.get("all", ())),
    )


def _conditions(rows: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    return tuple(condition_of(row) for row in rows)


def _refuse_keys(what: str, row: Mapping[str, Any], required: set[str], optional: set[str]) -> None:
    if absent := required - row.keys():
        raise BookError(f"{what} has no {', '.join(sorted(absent))}.")
    if unknown := row.keys() - required - optional:
        raise BookError(f"{what} has keys that nobody knows: {', '.join(sorted(unknown))}.")
