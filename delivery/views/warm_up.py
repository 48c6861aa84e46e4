"""The warm-up of new addresses: the plan of each day at each provider, what was sent, and the proxy's rules for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from delivery.domain.set_warm_up import remove_warm_up, set_warm_up, warm_up_of
from delivery.ramp.warming import load_curve
from delivery.ramp_forms import WarmUpForm
from delivery.views.page_context import parallel_context
from delivery.warm_up_state import calendars_of
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from delivery.models import WarmUp


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def warm_up(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    found = warm_up_of(engagement)
    form = WarmUpForm(request.POST if request.method == "POST" else None, initial=_asked(found) if found else None)
    if request.method == "POST":
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        if form.is_valid():
            with refusals_into(form):
                set_warm_up(engagement, actor=reader_of(request), **form.cleaned_data)
                messages.success(request, "The calendar is reckoned. Put its rules into the proxy's file.")
                return redirect("parallel:warm_up", code)
    today = timezone.now().date()
    context = parallel_context(
        request,
        engagement,
        form=form,
        warm_up=found,
        calendars=calendars_of(found, today) if found else [],
        today=today,
        curve=load_curve(),
    )
    return render(request, "delivery/warm_up.html", context, status=status_of(form))


def _asked(warm_up: WarmUp) -> dict[str, Any]:
    """What it was reckoned from, so that who corrects one figure need not type the others again."""
    return {name: getattr(warm_up, name) for name in WarmUpForm.base_fields}


@require_POST
@login_required
def warm_up_remove(request: HttpRequest, code: str) -> HttpResponse:
    remove_warm_up(find_estate(request, code), actor=reader_of(request))
    messages.success(request, "The warm-up is removed. Rules in the proxy's file stay until somebody takes them out.")
    return redirect("parallel:warm_up", code)
