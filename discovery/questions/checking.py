"""What has to hold of a questionnaire before anybody is asked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from discovery.questions.book import (
    CHOICE,
    DATE,
    KINDS,
    NUMBER,
    SEVERAL,
    TEXT,
    YESNO,
    BookError,
)
from discovery.questions.disputes import WAYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from discovery.questions.book import Book, Condition, KnownFact, Question

CHOSEN = {CHOICE, SEVERAL, YESNO}


def check_book(book: Book, facts: Mapping[str, KnownFact]) -> None:
    """Raises BookError with the first thing that is wrong."""
    for problem in problems_of(book, facts):
        raise BookError(problem)


def problems_of(book: Book, facts: Mapping[str, KnownFact]) -> Iterator[str]:
    """Sentences. A condition may only speak of questions that stand before its own, so there is no circle."""
    names = Counter([question.id for question in book.questions])
    yield from (f"The question {name} stands there twice." for name, count in names.items() if count > 1)
    slugs = Counter([section.slug for section in book.sections])
    yield from (f"The section {slug} stands there twice." for slug, count in slugs.items() if count > 1)
    earlier: dict[str, Question] = {}
    for question in book.questions:
        yield from _of_kind(question)
        yield from _of_fact(question, facts)
        if question.asked_when:
            yield from _of_condition(question, question.asked_when, earlier)
            yield from _of_facts(question, question.asked_when, facts)
        earlier[question.id] = question


def _of_kind(question: Question) -> Iterator[str]:
    if question.kind not in KINDS:
        yield f"{question.id}: {question.kind} is no kind of answer."
    if (question.kind in CHOSEN) != bool(question.choices):
        yield f"{question.id}: choices belong to the kinds choice and several, and to no other."
    if {question.kind == NUMBER} != {bool(question.unit), bool(question.unit_of_one)}:
        yield f"{question.id}: a number has a unit and a unit of one, and nothing else has."
    if question.kind == NUMBER and question.least >= question.most:
        yield f"{question.id}: its least is not below its most."
    if question.version < 1:
        yield f"{question.id}: versions begin at 1."


def _of_fact(question: Question, facts: Mapping[str, KnownFact]) -> Iterator[str]:
    if not question.answered_by:
        if question.dispute:
            yield f"{question.id}: without a fact nothing can contradict the answer."
        return
    fact = facts.get(question.answered_by)
    if fact is None:
        yield f"{question.id}: there is no fact {question.answered_by}."
    elif fact.kind != question.kind:
        yield f"{question.id}: {fact.name} answers a {fact.kind}, not a {question.kind}."
    if question.dispute and question.dispute.when not in WAYS:
        yield f"{question.id}: nobody knows how to compare by {question.dispute.when}."


def _of_condition(question: Question, condition: Condition, earlier: Mapping[str, Question]) -> Iterator[str]:
    for leaf in condition.leaves:
        if bool(leaf.question) == bool(leaf.fact):
            yield f"{question.id}: a condition is about one question or one fact."
        elif bool(leaf.values) == (leaf.above is not None):
            yield f"{question.id}: a condition says either which answers or above which number."
        elif leaf.question and leaf.question not in earlier:
            yield f"{question.id}: its condition is about {leaf.question}, which is not asked before it."
        elif leaf.question:
            yield from _of_values(question, leaf, earlier[leaf.question])


def _of_facts(question: Question, condition: Condition, facts: Mapping[str, KnownFact]) -> Iterator[str]:
    for leaf in condition.leaves:
        if leaf.fact and leaf.fact not in facts:
            yield f"{question.id}: its condition is about the fact {leaf.fact}, which nobody knows."


def _of_values(question: Question, leaf: Condition, about: Question) -> Iterator[str]:
    if leaf.above is not None and about.kind != NUMBER:
        yield f"{question.id}: {about.id} is no number, so nothing is above {leaf.above}."
    if leaf.values and about.kind in {NUMBER, TEXT, DATE}:
        yield f"{question.id}: {about.id} has no choices that a condition could name."
    if unknown := sorted(leaf.values - about.choices.keys()):
        yield f"{question.id}: {', '.join(unknown)} is no answer to {about.id}."
