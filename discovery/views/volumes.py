"""What mail logs say was sent: all logs of an engagement added up, and each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from core.shares import share_text
from core.uploads import takes_large_files
from discovery.domain.lock_gaps import is_plan_out
from discovery.domain.receive_log import receive_log
from discovery.domain.receive_upload import upload_blockers
from discovery.forms import LogForm
from discovery.found import find_estate, find_log
from discovery.log_limit import LARGE_LOGS
from discovery.measured import hours_in, measured_in, measured_volume
from discovery.models import LogReading
from discovery.views.page_context import evidence_context
from discovery.volume_charts import day_chart, hour_chart, provider_chart

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from discovery.measured import Measured
    from engagements.models import Engagement


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@takes_large_files(LARGE_LOGS)
def volumes(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    is_sent = request.method == "POST"
    if is_sent:
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
    form = LogForm(*((request.POST, request.FILES) if is_sent else ()), is_plan_out=is_plan_out(engagement))
    if is_sent and form.is_valid() and (log := _receive(request, engagement, form)):
        return redirect("discovery:log", code, log.number)
    logs = (
        LogReading.objects.visible_to(reader_of(request))
        .filter(engagement=engagement)
        .select_related("job")
        .defer("figures")
    )
    context = evidence_context(
        request,
        engagement,
        form=form,
        logs=logs,
        **_drawn(measured_volume(engagement, reader_of(request))),
        upload_reasons=upload_blockers(engagement),
    )
    return render(request, "discovery/volumes.html", context, status=status_of(form))


def _receive(request: HttpRequest, engagement: Engagement, form: LogForm) -> LogReading | None:
    sent = form.cleaned_data
    with refusals_into(form):
        return receive_log(
            engagement,
            filename=sent["log"].name,
            content_file=sent["log"].file,
            host_label=sent["host_label"],
            zone=sent["zone"],
            is_reopening=form.may_reopen,
            actor=reader_of(request),
        )
    return None


def _drawn(measured: Measured) -> dict[str, Any]:
    hours = hours_in(measured)
    charts = {"days": day_chart(measured), "hours": hour_chart(hours), "providers": provider_chart(measured)}
    return {"measured": measured, "hours": hours, "charts": charts}


@require_safe
@login_required
def log_progress(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The region of the log's page that is asked for again and again while the log is being read."""
    engagement = find_estate(request, code)
    context = {"engagement": engagement, "log": find_log(request, engagement, number)}
    return render(request, "discovery/parts/log_progress.html", context)


@require_safe
@login_required
def log_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    log = find_log(request, engagement, number)
    rates = {name: _percent(log.figures.get(name)) for name in ("bounce_rate", "deferral_rate", "tls_share")}
    drawn = _drawn(measured_in([log]))
    context = evidence_context(request, engagement, log=log, figures=log.figures, rates=rates, **drawn)
    return render(request, "discovery/log.html", context)


def _percent(share: float | None) -> str:
    return "unknown" if share is None else share_text(share)
