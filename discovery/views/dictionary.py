"""What becomes of each Postfix construct on both targets, for everybody who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import is_staff
from accounts.reader import reader_of
from discovery.dictionary_rows import Asked, overrides_of
from discovery.dictionary_words import CLASS_WORDS, CONFIDENCE_WORDS, RELATION_WORDS, kinds
from discovery.postfix.parameters import FORMER_NAME, catalogue
from discovery.translation.book import load_book
from discovery.translation.coverage import load_estimate
from discovery.translation.examples import example_of
from discovery.translation.known_versions import known_versions
from discovery.translation.samples import lines_made_of
from discovery.translation.treatments import TARGETS
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from discovery.translation.book import Row, Treatments
    from discovery.translation.treatments import Treatment


@dataclass(frozen=True, slots=True)
class Side:
    """One target's answer. `value` is the pattern of values it is for, "" for the usual answer.

    `lines` are what the example becomes; `differs` names what an override says otherwise than the published entry.
    """

    label: str
    treatment: Treatment
    value: str
    sources: tuple[str, ...]
    lines: tuple[str, ...] = ()
    differs: frozenset[str] = frozenset()

    @property
    def written(self) -> str:
        return "\n".join(self.lines)

    @property
    def relation(self) -> str:
        return RELATION_WORDS[self.treatment.relation]

    @property
    def confidence(self) -> str:
        return CONFIDENCE_WORDS[self.treatment.confidence]


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
    titles = dict(Engagement.Target.choices)
    context = {
        "row": found,
        "overrides": overrides_of(found, reader_of(request)),
        "versions": [(titles.get(product, "Postfix"), words) for product, words in known_versions().items()],
        "may_override": found.kind in kinds() and is_staff(reader_of(request)),
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


@require_safe
@login_required
def effort(request: HttpRequest) -> HttpResponse:
    """The published table of units, days and levels."""
    estimate = load_estimate()
    units = [(letter, first, estimate.again[letter]) for letter, first in estimate.first.items()]
    context = {"estimate": estimate, "units": units, "levels": estimate.marks}
    return render(request, "discovery/effort.html", context)


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
