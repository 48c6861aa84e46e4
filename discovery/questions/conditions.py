"""Which questions are asked, by what was answered before and by what the estate shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discovery.questions.book import Book, Condition
    from discovery.questions.facts import Fact
    from discovery.questions.values import Given, Value


def asked_in(book: Book, given: Mapping[str, Given], facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The ids of the questions that are asked. An answer to one that is not asked any more counts for nothing."""
    counting: dict[str, Value] = {}
    asked = []
    for question in book.questions:
        if question.asked_when is None or holds(question.asked_when, counting, facts):
            asked.append(question.id)
            if question.id in given:
                counting[question.id] = given[question.id].value
    return tuple(asked)


def holds(condition: Condition, counting: Mapping[str, Value], facts: Mapping[str, Fact]) -> bool:
    """Something nobody answered, or that no upload tells, makes no condition true."""
    if condition.any:
        return any(holds(part, counting, facts) for part in condition.any)
    if condition.all:
        return all(holds(part, counting, facts) for part in condition.all)
    if condition.question:
        return _fits(condition, counting.get(condition.question))
    return condition.fact in facts and _fits(condition, facts[condition.fact].value)


def _fits(condition: Condition, value: Value) -> bool:
    if condition.above is not None:
        return isinstance(value, int) and value > condition.above
    chosen = value if isinstance(value, list) else [str(value)]
    return value is not None and not condition.values.isdisjoint(chosen)
