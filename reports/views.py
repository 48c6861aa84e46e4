"""The document of a gate: read it, see what is missing, build it, freeze it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from engagements.content import kind_for, title_of
from engagements.views.found import find_gate, page_context
from reports.domain.request_freeze import request_freeze
from reports.job_kinds import latest_build
from reports.outline import PLAN, outline_of
from reports.plan_paper import plan_context
from reports.readiness import readiness_of
from reports.reading import reading_of


@require_safe
@login_required
def document(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The document as a page. Whoever may freeze reads the records as they stand; the others what was frozen."""
    gate = find_gate(request, code, number)
    may_freeze = bool(allowed(reader_of(request), Permission.FREEZE, gate.engagement.organization))
    reading = reading_of(gate, may_see_draft=may_freeze)
    has_changed = bool(reading and reading.changes)
    kind = kind_for(gate).value
    if reading and kind == PLAN:
        parts = plan_context(reading.snapshot)
    else:
        parts = {"outline": outline_of(kind) if reading else ()}
    context = page_context(
        gate.engagement,
        gate=gate,
        title=title_of(gate),
        may_freeze=may_freeze,
        reading=reading,
        **parts,
        readiness=readiness_of(gate, reading.snapshot["content"] if reading else {}, has_changed=has_changed)
        if may_freeze
        else None,
    )
    return render(request, "reports/document.html", context)


@require_safe
@login_required
def build(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The region of the page that shows how far the building is; asked again while it goes on."""
    gate = find_gate(request, code, number)
    require(reader_of(request), Permission.FREEZE, gate.engagement.organization)
    context = {"gate": gate, "engagement": gate.engagement, "job": latest_build(gate)}
    return render(request, "reports/parts/build.html", context)


@require_POST
@login_required
def freeze(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Have the next version built and frozen by the worker; the page shows how far it is."""
    request_freeze(find_gate(request, code, number), actor=reader_of(request))
    return redirect(reverse("reports:document", args=[code, number]) + "#build")
