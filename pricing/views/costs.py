"""Five years of staying and of each target: the table, its formulas, and the assumptions one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import require_any
from accounts.reader import reader_of
from core.downloads import spreadsheet
from core.errors import Conflict
from core.forms import move_to_version, refusals_into, status_of
from engagements.views.page_context import page_context
from pricing.costs import costs_csv, costs_for
from pricing.domain.assume_cost import ESTIMATORS, assume_cost, may_estimate
from pricing.forms import AssumptionForm
from pricing.found import find_priced

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.reader import AnyRequest
    from engagements.models import Engagement
    from pricing.costs import AssumptionRow


@require_safe
@login_required
def costs(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_priced(request, code)
    found = costs_for(engagement, reader_of(request))
    may = may_estimate(reader_of(request), engagement)
    return render(request, "pricing/costs.html", page_context(engagement, found=found, may_estimate=may))


@require_safe
@login_required
def costs_sheet(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_priced(request, code)
    sheet = costs_csv(costs_for(engagement, reader_of(request)).costs)
    return spreadsheet(sheet, f"costs-{engagement.code}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assumption(request: HttpRequest, code: str, assumption: str) -> HttpResponse:
    """Replace one number for this engagement, with where it comes from."""
    engagement = find_priced(request, code)
    require_any(reader_of(request), ESTIMATORS, engagement.organization)
    row = find_assumption(request, engagement, assumption)
    initial = {"version": row.version, "value": row.value, "reason": row.replaced.reason if row.replaced else ""}
    form = AssumptionForm(request.POST if request.method == "POST" else None, known=row.known, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            assume_cost(engagement, key=assumption, assumed=form.assumed(), actor=reader_of(request))
            messages.success(request, f"“{row.known.label}” is replaced for this engagement.")
            return redirect("pricing:costs", code)
    status = status_of(form)
    if status == Conflict.status_code:
        row = find_assumption(request, engagement, assumption)
        move_to_version(form, request.POST, row.version)
    context = page_context(engagement, row=row, form=form)
    return render(request, "pricing/assumption.html", context, status=status)


def find_assumption(request: AnyRequest, engagement: Engagement, key: str) -> AssumptionRow:
    row = costs_for(engagement, reader_of(request)).assumption(key)
    if row is None:
        raise Http404
    return row
