"""The figures of sales, and the list behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pricing.figures import CHOSEN, Period, cases_in, chosen, definition_of, figures_of, periods
from pricing.found import reader_of_figures

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from pricing.cases import Case

PER_PAGE = 50


def _asked(request: HttpRequest, reader: User) -> tuple[Period, list[Period]]:
    """The period that is asked for; one that does not exist is everything."""
    known = periods(reader, timezone.now())
    return next((one for one in known if one.key == request.GET.get("period")), known[0]), known


@require_safe
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    reader = reader_of_figures(request)
    period, known = _asked(request, reader)
    context = {
        "figures": figures_of(cases_in(reader, period)),
        "period": period,
        "choices": [(one.key, one.label) for one in known],
    }
    return render(request, "pricing/figures.html", context)


@require_safe
@login_required
def figure(request: HttpRequest, figure: str) -> HttpResponse:
    """The requests that a figure counts, the latest first; a row of its table narrows them further."""
    reader = reader_of_figures(request)
    if figure not in CHOSEN:
        raise Http404
    period, _ = _asked(request, reader)
    narrowed = {name: request.GET[name] for name in ("owner", "reason") if request.GET.get(name)}
    rows = [case for case in chosen(cases_in(reader, period), figure) if _is_of(case, figure, narrowed)]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"row": definition_of(figure), "page": page, "period": period, "narrowed": narrowed}
    return render(request, "pricing/figure.html", context)


def _is_of(case: Case, figure: str, narrowed: dict[str, str]) -> bool:
    reason = case.late_reason if figure == "late" else case.lost_reason
    is_of_owner = narrowed.get("owner", case.late_owner) == case.late_owner
    return is_of_owner and narrowed.get("reason", reason) == reason
