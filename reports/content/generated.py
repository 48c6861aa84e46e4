"""What was generated for the target: how many constructs of each class, and the files with their first lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from discovery.models import TranslatedConstruct
from reports.content.ways import ways_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discovery.models import TranslationSet
    from reports.content.ways import Way

MOST_LINES = 24
# What a reader looks for in a generated file first: how mail goes out. Elsewhere its first lines.
WAYS_OUT = ("<virtual-mta-pool ", '["source"', "<virtual-mta ")
LONGEST_LINE = 110


@dataclass(frozen=True, slots=True)
class LetterCount:
    target: str
    letter: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """`extract` are lines from where the ways out begin; comments and blank lines are left out."""

    target: str
    translation: int
    path: str
    byte_count: int
    sha256: str
    extract: str


def letters_of(sets: Sequence[TranslationSet]) -> list[LetterCount]:
    """On the target that was chosen, until then on both; a class without a construct counts 0."""
    rows = TranslatedConstruct.objects.filter(translation__in=sets).order_by()
    counts = {
        (one, letter): count for one, letter, count in rows.values_list("translation", "letter").annotate(Count("pk"))
    }
    return [
        LetterCount(each.get_target_display(), letter.value, letter.label, counts.get((each.pk, letter.value), 0))
        for each in sets
        for letter in TranslatedConstruct.Letter
    ]


def generated_files(sets: Sequence[TranslationSet]) -> list[GeneratedFile]:
    return [
        GeneratedFile(each.get_target_display(), each.number, row.path, row.byte_count, row.sha256, _extract(row.text))
        for each in sets
        for row in each.files.order_by("path")
    ]


def ways_of(sets: Sequence[TranslationSet]) -> list[Way]:
    return [
        way
        for each in sets
        for row in each.files.order_by("path")
        for way in ways_in(each.get_target_display(), row.path, row.text)
    ]


def _extract(text: str) -> str:
    said = [line.rstrip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "--"))]
    begins = [place for start in WAYS_OUT for place, line in enumerate(said) if line.startswith(start)]
    first = begins[0] if begins else 0
    return "\n".join(line[:LONGEST_LINE] for line in said[first : first + MOST_LINES])
