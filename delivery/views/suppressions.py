"""The addresses that are not written to: seen, added, taken off, imported and given to the servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import EITHER_SIDE, allowed_any
from accounts.reader import reader_of
from core.counting import counted
from core.forms import refusals_into, status_of
from delivery.domain.suppress_address import (
    import_suppressions,
    lift_suppression,
    require_keeper,
    suppress_address,
)
from delivery.feedback_forms import SuppressionForm, SuppressionImportForm
from delivery.feedback_queue import scope_in, standing_of
from delivery.models import Suppression
from delivery.suppression_list import list_form, written
from discovery.found import find_estate
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def suppressions(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    form = SuppressionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_keeper(engagement, reader_of(request))
        if form.is_valid():
            with refusals_into(form):
                suppress_address(engagement, actor=reader_of(request), **form.cleaned_data)
                messages.success(request, "The address is on the list.")
                return redirect("feedback:suppressions", code)
    return list_page(request, engagement, form=form)


def list_page(
    request: HttpRequest,
    engagement: Engagement,
    *,
    form: SuppressionForm | None = None,
    import_form: SuppressionImportForm | None = None,
    lift_form: SuppressionForm | None = None,
) -> HttpResponse:
    reader = reader_of(request)
    form, import_form = form or SuppressionForm(), import_form or SuppressionImportForm(prefix="list")
    lift_form = lift_form or SuppressionForm(prefix="lift", initial={"address": request.GET.get("address", "")[:320]})
    standing, text = standing_of(engagement, reader), request.GET.get("text", "").strip().lower()[:320]
    found = standing.filter(address__contains=text.replace("\x00", "")) if text else standing
    scope = scope_in(request.GET)
    found = found.filter(scope__in=["", scope]) if scope else found
    labels = dict(Suppression.Source.choices)
    by_source = standing.order_by().values_list("source").annotate(count=Count("pk")).order_by("-count")
    context = evidence_context(
        request,
        engagement,
        form=form,
        import_form=import_form,
        lift_form=lift_form,
        text=text,
        scope=scope,
        scopes=[(one, one) for one in standing.order_by("scope").values_list("scope", flat=True).distinct() if one],
        page=Paginator(found.select_related("made_by", "item"), PER_PAGE).get_page(request.GET.get("page")),
        counts=[(labels[source], count) for source, count in by_source],
        may_keep=allowed_any(reader, EITHER_SIDE, engagement.organization),
    )
    return render(request, "delivery/suppressions.html", context, status=status_of(form, import_form, lift_form))


@require_POST
@login_required
def lift(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    require_keeper(engagement, reader_of(request))
    form = SuppressionForm(request.POST, prefix="lift")
    if form.is_valid():
        with refusals_into(form):
            lift_suppression(engagement, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, "The address is off the list. The rows before stay in the record.")
            return redirect("feedback:suppressions", code)
    return list_page(request, engagement, lift_form=form)


@require_POST
@login_required
def import_list(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    require_keeper(engagement, reader_of(request))
    form = SuppressionImportForm(request.POST, request.FILES, prefix="list")
    if form.is_valid():
        with refusals_into(form):
            sent = form.cleaned_data
            counts = import_suppressions(
                engagement, content_file=sent["suppressions"].file, reason=sent["reason"], actor=reader_of(request)
            )
            messages.success(
                request,
                f"{counted(counts['new'], 'address is', 'addresses are')} new on the list, {counts['known']:,} stood "
                "there already, "
                f"{counted(counts['strange'], 'line holds', 'lines hold')} no address.",
            )
            return redirect("feedback:suppressions", code)
    return list_page(request, engagement, import_form=form)


@require_safe
@login_required
def export_list(request: HttpRequest, code: str, reader: str) -> HttpResponse:
    """Everything that stands on the list, for a server or a spreadsheet."""
    rows = standing_of(find_estate(request, code), reader_of(request))
    return written(rows, list_form(reader), scope_in(request.GET))
