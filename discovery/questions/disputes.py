"""Where what people answered and what was read do not go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.maillog.remarks import limits
from discovery.postfix import observe
from discovery.questions.values import value_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from discovery.postfix import Finding
    from discovery.questions.book import Book, Question
    from discovery.questions.facts import Fact
    from discovery.questions.values import Given, Value


def _differs(said: Value, read: Value) -> bool:
    return said != read


def _misses(said: Value, read: Value) -> bool:
    """Something was read that is not among what was chosen."""
    return isinstance(said, list) and isinstance(read, list) and not set(read) <= set(said)


def _is_below(said: Value, read: Value) -> bool:
    return isinstance(said, int) and isinstance(read, int) and said < read


def _is_far_off(said: Value, read: Value) -> bool:
    """One is more than so many times the other as what was said at intake may be off."""
    return _is_far_below(said, read) or _is_far_below(read, said)


def _is_far_below(said: Value, read: Value) -> bool:
    return isinstance(said, int) and isinstance(read, int) and said * limits()["stated_factor"] < read


WAYS: Mapping[str, Callable[[Value, Value], bool]] = {
    "differs": _differs,
    "misses": _misses,
    "below": _is_below,
    "far_off": _is_far_off,
    "far_below": _is_far_below,
}


def fact_text(question: Question, fact: Fact) -> str:
    return fact.words or value_text(question, fact.value)


def is_disputed(question: Question, given: Given | None, fact: Fact | None) -> bool:
    """Whether the answer contradicts the fact. Who does not know contradicts nothing."""
    if question.dispute is None or fact is None or given is None or given.is_unknown or not given.is_given:
        return False
    if fact.is_offer:
        return False
    return WAYS[question.dispute.when](given.value, fact.value)


def disputes_in(
    book: Book, given: Mapping[str, Given], facts: Mapping[str, Fact], asked: Collection[str]
) -> Iterator[Finding]:
    """One saying for each asked question whose answer contradicts what was read."""
    for question in book.questions:
        fact, answer = facts.get(question.answered_by), given.get(question.id)
        if question.id in asked and fact and answer and question.dispute and is_disputed(question, answer, fact):
            yield _saying(question, question.dispute.rule, answer, fact)


def _saying(question: Question, rule: str, answer: Given, fact: Fact) -> Finding:
    said, read = value_text(question, answer.value), fact_text(question, fact)
    first = next((place for place in fact.places if place.file), None)
    where = ", ".join(place.text for place in fact.places[:3])
    evidence = f"{question.ask} Answered: {said}. Read: {read}{f' ({where})' if where else ''}"
    words = {"name": question.id, "said": said, "read": read, "detail": fact.detail}
    return observe(
        rule, words=words, evidence=evidence, file=first.file if first else "", line=first.line if first else 0
    )
