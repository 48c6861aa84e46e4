"""The promise to answer: read by both sides, paused by sales; who owns a request, and why an answer was late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, allowed, is_staff, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from engagements.views.page_context import page_context
from pricing.clock_forms import LateReasonForm, OwnerForm, PauseForm
from pricing.clocks import clock_of
from pricing.domain.explain_delay import explain_delay
from pricing.domain.pause_clock import pause_clock, resume_clock
from pricing.domain.reassign_request import reassign_request
from pricing.found import find_clock, find_request
from pricing.models import ClockNotice, Pause

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pricing.models import Request


@require_safe
@login_required
def clock(request: HttpRequest, code: str) -> HttpResponse:
    return _clock_page(request, find_clock(request, code), PauseForm())


def _clock_page(request: HttpRequest, found: Request, form: PauseForm) -> HttpResponse:
    reader, reading = reader_of(request), clock_of(found)
    pauses = Pause.objects.visible_to(reader).filter(request=found).select_related("paused_by", "resumed_by")
    context = page_context(
        found.engagement,
        found=found,
        reading=reading,
        pauses=pauses,
        form=form,
        is_staff=is_staff(reader),
        is_open=found.is_clock_running,
        may_pause=bool(allowed(reader, Permission.PAUSE_CLOCK, found.engagement.organization)),
        is_paused=any(pause.resumed_at is None for pause in pauses),
    )
    return render(request, "pricing/clock.html", context, status=status_of(form))


@require_POST
@login_required
def clock_pause(request: HttpRequest, code: str) -> HttpResponse:
    found = find_clock(request, code)
    require(reader_of(request), Permission.PAUSE_CLOCK, found.engagement.organization)
    form = PauseForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            pause_clock(found, actor=reader_of(request), reason=form.cleaned_data["reason"])
            messages.success(request, "The clock stands still. The customer reads your reason.")
            return redirect("pricing:clock", code)
    return _clock_page(request, find_clock(request, code), form)


@require_POST
@login_required
def clock_resume(request: HttpRequest, code: str) -> HttpResponse:
    resume_clock(find_clock(request, code), actor=reader_of(request))
    messages.success(request, "The clock runs on from where it stood.")
    return redirect("pricing:clock", code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reassign(request: HttpRequest, code: str) -> HttpResponse:
    """Choose who takes the request over."""
    found = find_request(request, code)
    require(reader_of(request), Permission.REASSIGN_REQUEST, found.engagement.organization)
    form = OwnerForm(request.POST if request.method == "POST" else None, initial={"shown_owner": found.owner_id})
    if request.method == "POST" and form.is_valid():
        owner, shown = form.cleaned_data["owner"], form.cleaned_data["shown_owner"]
        with refusals_into(form):
            reassign_request(found, actor=reader_of(request), owner=owner, shown_owner=shown)
            messages.success(request, f"The request of {found.engagement.organization} belongs to {owner} now.")
            return redirect("pricing:request", code)
    context = {"found": find_request(request, code), "engagement": found.engagement, "form": form}
    return render(request, "pricing/reassign.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def late_reason(request: HttpRequest, code: str) -> HttpResponse:
    """Say why an answer was late; what was said before stands in the form."""
    found = find_request(request, code)
    require(reader_of(request), Permission.EDIT_REQUEST, found.engagement.organization)
    said = getattr(found, "late_reason", None)
    initial = {"reason": said.key, "text": said.text} if said else {}
    form = LateReasonForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            explain_delay(found, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, "Saved. The figures count it under this reason.")
            return redirect("pricing:request", code)
    notice = found.clock_notices.filter(kind=ClockNotice.Kind.BREACH).select_related("owner").first()
    context = {"found": found, "engagement": found.engagement, "form": form, "notice": notice}
    return render(request, "pricing/late_reason.html", context, status=status_of(form))
