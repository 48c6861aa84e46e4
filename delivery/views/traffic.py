"""The logs of both sides, the runs that held them against each other, and what each run came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from core.uploads import takes_large_files
from delivery.domain.keep_key import journal_key_of, remove_journal_key, set_journal_key
from delivery.domain.receive_traffic_log import check_withdrawal, receive_traffic_log, withdraw_traffic_log
from delivery.domain.reconcile_traffic import request_run
from delivery.found import find_run, find_traffic_log
from delivery.models import CaseItem, DiscrepancyCase, ReconciliationRun, TrafficLog
from delivery.traffic_forms import JournalKeyForm, TrafficLogForm
from delivery.traffic_rows import balance_rows, basis_of, line_rows, state_rows
from delivery.traffic_state import freshness_of, key_reasons, loss_of
from delivery.views.page_context import parallel_context, unfinished_job
from discovery.domain.receive_upload import upload_blockers
from discovery.found import find_estate
from discovery.log_limit import LARGE_LOGS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement

SHOWN_RUNS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@takes_large_files(LARGE_LOGS)
def traffic(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    is_sent = request.method == "POST"
    if is_sent:
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
    form = TrafficLogForm(request.POST, request.FILES) if is_sent else TrafficLogForm()
    if is_sent and form.is_valid() and _receive(request, engagement, form):
        return redirect("parallel:traffic", code)
    return render(request, "delivery/traffic.html", _context(request, engagement, form), status=status_of(form))


def _receive(request: HttpRequest, engagement: Engagement, form: TrafficLogForm) -> bool:
    sent = form.cleaned_data
    with refusals_into(form):
        file = {"filename": sent["log"].name, "content_file": sent["log"].file}
        log = receive_traffic_log(engagement, kind=sent["kind"], actor=reader_of(request), **file)
        messages.success(request, f"{log} is kept. The next run reads it.")
        return True
    return False


def _context(request: HttpRequest, engagement: Engagement, form: TrafficLogForm) -> dict[str, object]:
    reader = reader_of(request)
    of_this = {"engagement": engagement}
    runs = ReconciliationRun.objects.visible_to(reader).filter(**of_this).select_related("asked_by").defer("lines")
    cases = DiscrepancyCase.objects.visible_to(reader).filter(**of_this).select_related("owner", "closed_by")
    return parallel_context(
        request,
        engagement,
        form=form,
        logs=TrafficLog.objects.visible_to(reader).filter(**of_this).kept().select_related("uploaded_by"),
        runs=runs[:SHOWN_RUNS],
        freshness=freshness_of(engagement),
        open_cases=cases.open(),
        job=unfinished_job(engagement, "reconcile_traffic"),
        key_reasons=list(key_reasons(engagement)),
        upload_reasons=upload_blockers(engagement),
    )


@require_POST
@login_required
def traffic_reconcile(request: HttpRequest, code: str) -> HttpResponse:
    request_run(find_estate(request, code), actor=reader_of(request))
    messages.success(request, "The logs are being held against each other. The run stands here when it is done.")
    return redirect("parallel:traffic", code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def traffic_withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Says what falls away, then withdraws it."""
    engagement = find_estate(request, code)
    log, reader = find_traffic_log(request, engagement, number), reader_of(request)
    if request.method == "POST":
        withdraw_traffic_log(log, actor=reader)
        messages.success(request, f"{log} is withdrawn, and its bytes are gone. What runs found in it stays.")
        return redirect("parallel:traffic", code)
    check_withdrawal(log, actor=reader)
    context = parallel_context(request, engagement, log=log, loss=loss_of(log))
    return render(request, "delivery/traffic_withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def journal_key(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    require_any(reader_of(request), EITHER_SIDE, engagement.organization)
    form = JournalKeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_into(form):
            set_journal_key(engagement, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, "The key is set. The next run uses it.")
            return redirect("parallel:traffic", code)
    context = parallel_context(request, engagement, form=form, kept=journal_key_of(engagement))
    return render(request, "delivery/journal_key.html", context, status=status_of(form))


@require_POST
@login_required
def journal_key_remove(request: HttpRequest, code: str) -> HttpResponse:
    remove_journal_key(find_estate(request, code), actor=reader_of(request))
    messages.success(request, "The key is removed. Runs can read a journal with hashed recipients no more.")
    return redirect("parallel:traffic", code)


@require_safe
@login_required
def run_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    run = find_run(request, engagement, number)
    logs = TrafficLog.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    lines = line_rows(run, logs)
    context = parallel_context(
        request,
        engagement,
        run=run,
        new_count=CaseItem.objects.visible_to(reader_of(request)).filter(found_in=run).count(),
        basis=basis_of(run),
        states=state_rows(run),
        balance=balance_rows(run),
        lines=lines,
        faults=[row for row in lines if row.told["troubles"]],
        causes=sorted(run.report["causes"].items()),
    )
    return render(request, "delivery/run.html", context)
