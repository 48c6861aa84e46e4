"""One ramp: where it stands, what blocks its next step, every check and every change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.forms import number_in, refusals_into, status_of
from delivery.domain.change_share import approve_step, change_share, confirm_change
from delivery.domain.proxy_line import line_of
from delivery.found import find_ramp
from delivery.models import ShareChange
from delivery.ramp.book import load_plan
from delivery.ramp_forms import ShareForm
from delivery.ramp_state import command_of, standing_of
from delivery.staying_streams import staying_streams
from delivery.views.page_context import parallel_context
from discovery.found import find_estate
from engagements.schedule import PARALLEL

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from delivery.ramp_state import Standing
    from engagements.models import Engagement

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ramp_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    # Before the ramp itself: what ends meanwhile is then shown as under way, and never as if nothing had been changed.
    under_way = _under_way(request, engagement, number)
    ramp = find_ramp(request, engagement, number)
    is_sent = request.method == "POST"
    if is_sent:
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
    standing = standing_of(ramp)
    form = ShareForm(
        request.POST if is_sent else None, initial={"share": None if standing.blockers else standing.next_share}
    )
    if is_sent and form.is_valid():
        with refusals_into(form):
            change = change_share(ramp, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, _said(change))
            return redirect("parallel:ramp", code, number)
    return _page(request, standing, form, under_way)


def _said(change: ShareChange) -> str:
    if change.by_line:
        return "The proxy is being told. What it says stands here when it has answered."
    return "Asked for. Run the command that stands here, then say that it was done."


def _under_way(request: HttpRequest, engagement: Engagement, number: int) -> ShareChange | None:
    visible = ShareChange.objects.visible_to(reader_of(request)).filter(state=ShareChange.State.ASKED)
    asked = visible.filter(ramp__engagement=engagement, ramp__number=number)
    return asked.select_related("asked_by", "ramp__engagement").first()


def _page(request: HttpRequest, standing: Standing, form: ShareForm, under_way: ShareChange | None) -> HttpResponse:
    ramp, engagement = standing.ramp, standing.ramp.engagement
    reader = reader_of(request)
    visible = ShareChange.objects.visible_to(reader).filter(ramp=ramp)
    changes = visible.select_related("asked_by", "ramp__engagement")
    context = parallel_context(
        request,
        engagement,
        ramp=ramp,
        standing=standing,
        form=form,
        changes=changes[:SHOWN],
        under_way=under_way,
        command=command_of(under_way) if under_way else "",
        may_approve=bool(allowed(reader, Permission.SIGN, engagement.organization, phase=PARALLEL)),
        line=line_of(engagement),
        limits=load_plan().limits,
        staying=[] if ramp.stream else staying_streams(engagement, reader),
    )
    return render(request, "delivery/ramp.html", context, status=status_of(form))


@require_POST
@login_required
def ramp_approve(request: HttpRequest, code: str, number: int) -> HttpResponse:
    ramp = find_ramp(request, find_estate(request, code), number)
    approve_step(
        ramp,
        share=number_in(request.POST.get("share", "")),
        note=request.POST.get("note", ""),
        actor=reader_of(request),
    )
    messages.success(request, "Your yes is recorded. The step is taken when nothing else stands against it.")
    return redirect("parallel:ramp", code, number)


@require_POST
@login_required
def ramp_confirm(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """`is_done` says whether the command was run."""
    ramp = find_ramp(request, find_estate(request, code), number)
    change = get_object_or_404(ShareChange.objects.visible_to(reader_of(request)), ramp=ramp, state="asked")
    confirm_change(change, is_done=request.POST.get("is_done") == "yes", actor=reader_of(request))
    return redirect("parallel:ramp", code, number)
