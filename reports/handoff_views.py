"""Handoff: the pack that goes to the customer, and what comes around again afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission, allowed
from accounts.reader import reader_of
from core.models import Job
from discovery.found import find_estate
from discovery.views.page_context import evidence_context
from reports.domain.issue_close_report import request_close_report
from reports.domain.request_handoff import MAKE_HANDOFF, request_handoff
from reports.handoff.recurring import grouped
from reports.handoff_found import close_reports, find_pack, take_pack, tasks_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
def handoff(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    pack = find_pack(request, engagement)
    context = evidence_context(
        request,
        engagement,
        pack=pack,
        events_since=pack.events_since() if pack else 0,
        job=Job.objects.of(engagement).filter(kind=MAKE_HANDOFF).first(),
        may_take=bool(allowed(reader_of(request), Permission.TAKE_HANDOFF, engagement.organization)),
        reports=close_reports(request, engagement),
        groups=grouped(tasks_of(engagement)),
    )
    return render(request, "reports/handoff.html", context)


@require_POST
@login_required
def make(request: HttpRequest, code: str) -> HttpResponse:
    request_handoff(find_estate(request, code), actor=reader_of(request))
    messages.success(request, "The pack is being made.")
    return redirect("handoff:list", code)


@require_POST
@login_required
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Taking it away is an act of its own, so it is posted."""
    return take_pack(request, code)


@require_POST
@login_required
def report(request: HttpRequest, code: str) -> HttpResponse:
    """In the language of the button that was pressed."""
    language = request.POST.get("language", "")
    request_close_report(find_estate(request, code), language=language, actor=reader_of(request))
    messages.success(request, "The close report is being made.")
    return redirect("handoff:list", code)
