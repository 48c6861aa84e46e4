"""Triggers: what opens a decision to go back, decisions that wait, and limits of the engagement's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from delivery.domain.decide_trigger import add_trigger, decide_trigger, remove_trigger, report_trigger
from delivery.found import find_decision
from delivery.models import OwnTrigger, TriggerDecision
from delivery.ramp.book import load_plan
from delivery.rollback_forms import DecisionForm, OwnTriggerForm, ReportForm
from delivery.views.page_context import parallel_context
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def triggers(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    is_sent = request.method == "POST"
    if is_sent:
        require(reader_of(request), Permission.ORDER_ROLLBACK, engagement.organization)
    form = OwnTriggerForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        with refusals_into(form):
            add_trigger(engagement, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, "The trigger is added. It is looked at with each run.")
            return redirect("parallel:triggers", code)
    return _page(request, engagement, form)


def _page(request: HttpRequest, engagement: Engagement, form: OwnTriggerForm) -> HttpResponse:
    reader = reader_of(request)
    decisions = TriggerDecision.objects.visible_to(reader).filter(engagement=engagement)
    context = parallel_context(
        request,
        engagement,
        form=form,
        report_form=ReportForm(),
        plan=load_plan(),
        own=OwnTrigger.objects.visible_to(reader).filter(engagement=engagement, removed_at=None),
        decisions=decisions.select_related("decided_by"),
        may_order=bool(allowed(reader, Permission.ORDER_ROLLBACK, engagement.organization)),
    )
    return render(request, "delivery/triggers.html", context, status=status_of(form))


@require_POST
@login_required
def trigger_report(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    key, seen = request.POST.get("key", ""), request.POST.get("seen", "")
    decision = report_trigger(engagement, key=key, seen=seen, actor=reader_of(request))
    return redirect("parallel:decision", code, decision.number)


@require_POST
@login_required
def trigger_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    engagement = find_estate(request, code)
    own = get_object_or_404(OwnTrigger.objects.visible_to(reader_of(request)), engagement=engagement, pk=pk)
    remove_trigger(own, actor=reader_of(request))
    return redirect("parallel:triggers", code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decision(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    found = find_decision(request, engagement, number)
    is_sent = request.method == "POST"
    if is_sent:
        require(reader_of(request), Permission.ORDER_ROLLBACK, engagement.organization)
    form = DecisionForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        with refusals_into(form):
            decided = decide_trigger(found, actor=reader_of(request), **form.cleaned_data)
            is_back = decided.decision == TriggerDecision.Decision.GO_BACK
            return redirect("parallel:rollback_start" if is_back else "parallel:triggers", code)
    may_order = bool(allowed(reader_of(request), Permission.ORDER_ROLLBACK, engagement.organization))
    context = parallel_context(request, engagement, decision=found, form=form, may_order=may_order)
    return render(request, "delivery/decision.html", context, status=status_of(form))
