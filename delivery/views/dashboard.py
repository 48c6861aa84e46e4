"""Parallel delivery at a glance: is it safe to go up a step, and can one get out in five minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from delivery.dashboard_rows import count_rows, day_rows, provider_rows, providers_known
from delivery.domain.change_share import open_ramp
from delivery.domain.proxy_line import line_of, remove_line, set_line
from delivery.models import ProxyCount, Ramp, Rollback
from delivery.ramp_forms import LineForm, RampForm
from delivery.ramp_ground import ground_of
from delivery.ramp_state import standings_of
from delivery.rollback_state import clock_of, held_by_drill
from delivery.staying_streams import staying_streams
from delivery.traffic_state import freshness_of
from delivery.views.page_context import parallel_context
from discovery.found import find_estate
from discovery.models import Stream

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from delivery.ramp_ground import Ground
    from engagements.models import Engagement


@require_safe
@login_required
def dashboard(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    freshness = freshness_of(engagement)
    ground, ramps = ground_of(engagement, freshness), _ramps(request, engagement)
    held_by = held_by_drill(ground.drill, ramps)
    is_left = bool(ground.running or held_by)
    context = parallel_context(
        request,
        engagement,
        freshness=freshness,
        standings=[(standing, standing.steps(is_left=is_left)) for standing in standings_of(ramps, ground)],
        days=day_rows(freshness.run) if freshness.run else [],
        providers=provider_rows(freshness.run) if freshness.run else [],
        open_cases=ground.cases,
        line=line_of(engagement),
        counts=count_rows(_counts(request, engagement), freshness.now),
        **_way_back(ground),
        held_by=held_by,
        over=_over(request, engagement),
        may_order=bool(allowed(reader_of(request), Permission.ORDER_ROLLBACK, engagement.organization)),
    )
    return render(request, "delivery/dashboard.html", context)


def _way_back(ground: Ground) -> dict[str, object]:
    return {
        "running": ground.running,
        "drill": clock_of(ground.drill) if ground.drill else None,
        "drill_reasons": ground.drill_reasons,
        "decisions": [decision for decision in ground.decisions if decision.decided_at is None],
    }


def _over(request: HttpRequest, engagement: Engagement) -> QuerySet[Rollback]:
    """The latest that ended: their pages hold what is left to do afterwards."""
    ended = Rollback.objects.visible_to(reader_of(request)).filter(engagement=engagement, ended_at__isnull=False)
    return ended.order_by("-number")[:5]


def _counts(request: HttpRequest, engagement: Engagement) -> QuerySet[ProxyCount]:
    return ProxyCount.objects.visible_to(reader_of(request)).filter(engagement=engagement)


def _ramps(request: HttpRequest, engagement: Engagement) -> list[Ramp]:
    visible = Ramp.objects.visible_to(reader_of(request)).filter(engagement=engagement).select_related("stream")
    ramps = list(visible)
    for ramp in ramps:
        ramp.engagement = engagement
    return ramps


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ramp_open(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    require(reader_of(request), Permission.WORK_TASK, engagement.organization)
    streams = Stream.objects.visible_to(reader_of(request)).filter(engagement=engagement, route=Stream.Route.MIGRATE)
    named = [(str(stream.pk), str(stream)) for stream in streams]
    typed = request.POST if request.method == "POST" else None
    form = RampForm(typed, streams=named, providers=providers_known(engagement))
    if form.is_valid():
        sent = form.cleaned_data
        stream = streams.filter(pk=sent["stream"]).first() if sent["stream"] else None
        with refusals_into(form):
            ramp = open_ramp(
                engagement, rule=sent["rule"], stream=stream, provider=sent["provider"], actor=reader_of(request)
            )
            return redirect("parallel:ramp", code, ramp.number)
    staying = staying_streams(engagement, reader_of(request))
    context = parallel_context(request, engagement, form=form, staying=staying)
    return render(request, "delivery/ramp_open.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def proxy_line(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    require(reader_of(request), Permission.WORK_TASK, engagement.organization)
    form = LineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_into(form):
            set_line(engagement, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, "The line is set. Changes of the share are told the proxy from now on.")
            return redirect("parallel:dashboard", code)
    context = parallel_context(request, engagement, form=form, line=line_of(engagement))
    return render(request, "delivery/line.html", context, status=status_of(form))


@require_POST
@login_required
def proxy_line_remove(request: HttpRequest, code: str) -> HttpResponse:
    remove_line(find_estate(request, code), actor=reader_of(request))
    messages.success(request, "The line is removed. The portal shows commands and changes nothing by itself.")
    return redirect("parallel:dashboard", code)
