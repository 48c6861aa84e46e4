"""What is kept about a customer or a person: taken out, held, and what the next round of retention ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Organization
from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from engagements.domain.ask_export import ask_customer_export, ask_own_export
from engagements.domain.set_hold import lift_hold, set_hold
from engagements.export_download import export_download
from engagements.forms import ReasonForm
from engagements.found import find_customer, find_hold
from engagements.models import DataExport, Erasure, LegalHold, RetentionRound
from engagements.record_forms import HoldForm
from engagements.record_rows import round_rows, rows_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

SHOWN_EXPORTS = 10
_PAGE = ["GET", "HEAD", "POST"]


@require_GET
@login_required
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    organization = find_customer(request, pk, Permission.EXPORT_RECORDS)
    form = HoldForm(organization=organization)
    return _show(request, organization, form)


def _show(request: HttpRequest, organization: Organization, form: HoldForm) -> HttpResponse:
    mine = DataExport.objects.visible_to(reader_of(request)).filter(organization=organization)
    exports = mine.select_related("asked_by", "job")
    holds = LegalHold.objects.visible_to(reader_of(request)).filter(organization=organization)
    context = {
        "organization": organization,
        "rows": rows_of(organization),
        "exports": exports[:SHOWN_EXPORTS],
        "holds": holds.select_related("organization", "engagement", "set_by", "lifted_by"),
        "erasure": Erasure.objects.visible_to(reader_of(request)).filter(organization=organization).first(),
        "may_erase": allowed(reader_of(request), Permission.ERASE_RECORDS, organization),
        "form": form,
    }
    return render(request, "records/customer.html", context, status=status_of(form))


@require_POST
@login_required
def export(request: HttpRequest, pk: int) -> HttpResponse:
    organization = find_customer(request, pk, Permission.EXPORT_RECORDS)
    ask_customer_export(organization, actor=reader_of(request))
    messages.success(request, "The pack is being made. It stands here when it is ready.")
    return redirect("records:customer", pk)


@require_POST
@login_required
def take(request: HttpRequest, pk: int, number: int) -> HttpResponse | StreamingHttpResponse:
    organization = find_customer(request, pk, Permission.EXPORT_RECORDS)
    mine = DataExport.objects.visible_to(reader_of(request))
    found = get_object_or_404(mine, organization=organization, pk=number)
    return export_download(found, request)


@require_POST
@login_required
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    organization = find_customer(request, pk, Permission.ERASE_RECORDS)
    form = HoldForm(request.POST, organization=organization)
    if form.is_valid():
        with refusals_into(form):
            kept = set_hold(organization, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"Nothing of {kept.scope} is erased while the hold stands.")
            return redirect("records:customer", pk)
    return _show(request, organization, form)


@require_http_methods(_PAGE)
@login_required
def lift(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    organization = find_customer(request, pk, Permission.ERASE_RECORDS)
    found = find_hold(request, organization, number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            lift_hold(found, reason=form.cleaned_data["reason"], actor=reader_of(request))
            messages.success(request, f"The hold on {found.scope} is lifted.")
            return redirect("records:customer", pk)
    context = {"organization": organization, "hold": found, "form": form}
    return render(request, "records/lift.html", context, status=status_of(form))


@require_http_methods(_PAGE)
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """What is kept about oneself, and the pack of it."""
    reader = reader_of(request)
    if request.method == "POST":
        ask_own_export(reader)
        messages.success(request, "The pack is being made. It stands here when it is ready.")
        return redirect("records:own")
    exports = DataExport.objects.visible_to(reader).filter(person=reader).select_related("asked_by", "job")
    return render(request, "records/own.html", {"exports": exports[:SHOWN_EXPORTS]})


@require_POST
@login_required
def own_take(request: HttpRequest, number: int) -> HttpResponse | StreamingHttpResponse:
    reader = reader_of(request)
    return export_download(get_object_or_404(DataExport.objects.visible_to(reader), person=reader, pk=number), request)


@require_GET
@login_required
def retention(request: HttpRequest) -> HttpResponse:
    """What the next round erases and when, before it does; what the last ones did."""
    require(reader_of(request), Permission.ERASE_RECORDS, Organization.objects.consultancy())
    told = RetentionRound.objects.filter(done_at=None).first()
    context = {
        "told": told,
        "rows": round_rows(told) if told else [],
        "done": RetentionRound.objects.filter(done_at__isnull=False)[:SHOWN_EXPORTS],
    }
    return render(request, "records/retention.html", context)
