"""What a plan cannot say yet, page by page, and words nobody meant to print. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reports.outline import plan_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEFT_FOR_LATER = re.compile(r"\b(?:TODO|TBD|FIXME)\b")
# Fields in which people write; a file of the customer's may say what it likes.
WRITTEN_BY_PEOPLE = frozenset({"note", "impact", "proposal", "reason", "purpose", "explanation", "recommendation"})
# The page, where its records stand in the content, and what is missing without them.
NEEDED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("verdict", ("offer",), "no quote was accepted, so the signals are not settled"),
    ("estate", ("estate", "readings"), "no configuration was read"),
    ("volumes", ("basis", "volumes", "logs"), "no mail log was read, so volumes are not measured"),
    ("bounces", ("basis", "answers"), "the questionnaire was not handed in"),
    ("translation", ("translation", "coverage"), "nothing was translated"),
    ("generated", ("basis", "files"), "no file was generated"),
    ("schedule", ("schedule", "phases"), "no schedule was made"),
    ("terms", ("signers",), "nobody has the duty to sign"),
)


def unfinished(content: Mapping[str, Any]) -> Iterator[str]:
    """Sentences for the people who prepare the plan."""
    pages = {page.key: page for page in plan_pages()}
    for key, path, why in NEEDED:
        if not _value_at(content, path):
            yield f"Page {pages[key].number}, {pages[key].title}: {why}."
    for path in _left_for_later(content, ()):
        yield f"A word such as TODO stands in the records: {', '.join(path)}."


def _value_at(content: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = content
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _left_for_later(value: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _left_for_later(inner, (*path, str(name)))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _left_for_later(inner, (*path, str(number)))
    elif isinstance(value, str) and path[-1] in WRITTEN_BY_PEOPLE and LEFT_FOR_LATER.search(value):
        yield path
