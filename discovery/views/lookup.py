"""Look up: what becomes of an address, a name or a header line, key by key, with the rule that fired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.reader import reader_of
from discovery.estate import jump_to
from discovery.found import find_estate
from discovery.lookup.desks import NoDeskError
from discovery.lookup_form import LookupForm
from discovery.stored_bundle import Asked, Question, ask_upload, instance_meant, instances_to_ask, parameters_in_use
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from discovery.lookup.answers import Step
    from discovery.models import Upload

MOST_ROUNDS, MOST_DOUBTS = 100, 200


@require_safe
@login_required
def lookup(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    reader = reader_of(request)
    instances = instances_to_ask(engagement, reader)
    is_asked = bool(instances) and "key" in request.GET
    at, moved = instance_meant(request.GET.get("at", ""), instances, engagement, reader)
    typed = request.GET.dict() | {"at": at}
    form = LookupForm(
        typed if is_asked else None,
        instances=instances,
        in_use=parameters_in_use(instances, reader),
        initial={"parameter": "transport_maps", **typed},
    )
    asked = _ask(request, form) if is_asked and form.is_valid() else None
    context = evidence_context(request, engagement, form=form, instances=instances, moved=moved)
    if asked:
        context |= _shown(asked, form.instance.upload, code)
    return render(request, "discovery/lookup.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, form: LookupForm) -> Asked | None:
    typed = form.cleaned_data
    question = Question(form.instance.name, typed["service"].strip(), typed["parameter"], typed["key"])
    try:
        return ask_upload(form.instance.upload, question, reader=reader_of(request))
    except NoDeskError as error:
        form.add_error("service", str(error))
    return None


def _shown(asked: Asked, upload: Upload, code: str) -> dict[str, Any]:
    """The answer with the address of every line it names."""
    found = asked.lookup

    def page_of(file: str, line: int) -> str:
        return reverse("discovery:file", args=[code, upload.number, file]) + jump_to(line) if file else ""

    def rows_of(steps: tuple[Step, ...]) -> Iterator[tuple[Step, str]]:
        return ((step, page_of(step.found.file, step.found.line)) for step in steps)

    hit = found.hit
    return {
        "found": found,
        "differing": asked.differing,
        "rule": (hit, page_of(hit.found.file, hit.found.line), found.text_of(hit)) if hit else None,
        "spots": [(spot, page_of(spot.file, spot.line)) for spot in found.spots],
        "rounds": [(each, list(rows_of(each.steps))) for each in found.rounds[:MOST_ROUNDS]],
        "more_rounds": max(len(found.rounds) - MOST_ROUNDS, 0),
        "doubts": list(rows_of(found.doubts[:MOST_DOUBTS])),
        "more_doubts": max(len(found.doubts) - MOST_DOUBTS, 0),
    }
