"""What a questionnaire is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMBER, TEXT, CHOICE, SEVERAL, YESNO, DATE = KINDS = ("number", "text", "choice", "several", "yesno", "date")
YES_OR_NO = {"yes": "Yes", "no": "No"}
LONGEST_TEXT = LONGEST_NOTE = 4000


class BookError(ValueError):
    """A file of the questionnaire is not well formed; the text names the question and what is wrong."""


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question is asked: about an earlier answer (`question`) or the estate (`fact`), or `any` or `all` of some.

    `values` are answers that make it true, `above` a number that the answer has to exceed.
    """

    question: str = ""
    fact: str = ""
    values: frozenset[str] = frozenset()
    above: int | None = None
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()

    @property
    def parts(self) -> tuple[Condition, ...]:
        return (*self.any, *self.all)

    @property
    def leaves(self) -> list[Condition]:
        return [leaf for part in self.parts for leaf in part.leaves] if self.parts else [self]


@dataclass(frozen=True, slots=True)
class Dispute:
    """When what was answered contradicts what was read, and by which rule that is a finding. See `disputes`."""

    rule: str
    when: str


@dataclass(frozen=True, slots=True)
class Question:
    """`answered_by` is a fact of the estate; `version` counts up whenever the meaning of the question changes."""

    id: str
    version: int
    kind: str
    ask: str
    why: str
    section: str
    choices: Mapping[str, str]
    unit: str = ""
    unit_of_one: str = ""
    least: int = 0
    most: int = 0
    asked_when: Condition | None = None
    answered_by: str = ""
    dispute: Dispute | None = None


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: str
    intro: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact that may answer a question of its `kind`."""

    name: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Book:
    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    def find(self, name: str) -> Question | None:
        return next((question for question in self.questions if question.id == name), None)

    def section(self, slug: str) -> Section | None:
        return next((section for section in self.sections if section.slug == slug), None)
