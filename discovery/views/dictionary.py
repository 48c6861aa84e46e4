"""What becomes of each Postfix construct on both targets, for everybody who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.words import are_words_in
from discovery.postfix.parameters import FORMER_NAME, catalogue
from discovery.translation.book import load_book
from discovery.translation.examples import example_of
from discovery.translation.samples import lines_made_of
from discovery.translation.treatments import DROPPED, TARGETS
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest, HttpResponse

    from discovery.translation.book import Row, Treatments
    from discovery.translation.treatments import Treatment

CLASS_WORDS: Mapping[str, str] = MappingProxyType(
    {"N": "Native", "R": "Rewrite", "C": "Custom work", "X": "Gap", DROPPED: "Dropped"}
)
RELATION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "equal": "Does the same",
        "subset": "Does a part of it",
        "superset": "Does it, and more",
        "intersect": "Does something that overlaps with it",
        "none": "Does nothing of it",
    }
)
CONFIDENCE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "certain": "Certain: stated by the documentation",
        "likely": "Likely: read together from the documentation",
        "guess": "A guess: rests on what the documentation does not say",
    }
)


@dataclass(frozen=True, slots=True)
class Side:
    """One target's answer. `value` is the pattern of values it is for, "" for the usual answer.

    `lines` are what the example becomes.
    """

    label: str
    treatment: Treatment
    value: str
    sources: tuple[str, ...]
    lines: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        return "\n".join(self.lines)

    @property
    def relation(self) -> str:
        return RELATION_WORDS[self.treatment.relation]

    @property
    def confidence(self) -> str:
        return CONFIDENCE_WORDS[self.treatment.confidence]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; words nobody knows ask for everything."""

    text: str
    target: str
    letter: str
    group: str

    def fits(self, row: Row) -> bool:
        letters = [each.letter for target, each in row.treatments.items() if self.target in {target, ""}]
        words = (row.id, row.title, row.group, row.note, *row.names)
        return (
            (not self.letter or self.letter in letters)
            and self.group in {row.group, ""}
            and are_words_in(self.text, words)
        )


@require_safe
@login_required
def row_list(request: HttpRequest) -> HttpResponse:
    rows = load_book().rows
    groups = tuple(dict.fromkeys(row.group for row in rows))
    asked = asked_in(request, groups)
    shown = [row for row in rows if asked.fits(row)]
    context = {
        "groups": [(group, list(each)) for group, each in groupby(shown, key=lambda row: row.group)],
        "shown": len(shown),
        "total": len(rows),
        "asked": asked,
        "targets": Engagement.Target.choices,
        "classes": CLASS_WORDS.items(),
        "all_groups": [(group, group) for group in groups],
    }
    return render(request, "discovery/dictionary.html", context)


def asked_in(request: HttpRequest, groups: Iterable[str]) -> Asked:
    known = {"target": set(TARGETS), "class": set(CLASS_WORDS), "group": set(groups)}
    target, letter, group = (
        value if (value := request.GET.get(name, "")) in words else "" for name, words in known.items()
    )
    return Asked(request.GET.get("text", "").strip(), target, letter, group)


@require_safe
@login_required
def row_detail(request: HttpRequest, row: str) -> HttpResponse:
    found = load_book().row(row)
    if found is None:
        raise Http404
    context = {
        "row": found,
        "names": [(name, known_of(name)) for name in found.names] if found.kind == "parameter" else [],
        "example": example_of(found),
        "sides": sides_of(found, found.treatments),
        "variants": [
            (variant.value.pattern, sides_of(found, {**found.treatments, **variant.treatments}, variant.value.pattern))
            for variant in found.variants
        ],
        "nothing_at": ", ".join(sorted(value or "an empty value" for value in found.nothing_at)),
    }
    return render(request, "discovery/construct.html", context)


def sides_of(row: Row, treatments: Treatments, value: str = "") -> list[Side]:
    made = {} if value else lines_made_of(row.id)
    return [
        Side(str(label), treatments[target], value, row.sources(target), made.get(target, ()))
        for target, label in Engagement.Target.choices
    ]


def known_of(name: str) -> str:
    """Since when Postfix reads a parameter, or that it no longer does."""
    parameter = catalogue().get(name)
    if parameter is None:
        return ""
    since = f"Since Postfix {parameter.since}" if parameter.since else ""
    if parameter.version == FORMER_NAME:
        return f"{since}, no longer read" if since else "No longer read"
    return since
