"""The figures of the practice, and the list behind each, for its owner and its leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.reader import reader_of
from core.downloads import spreadsheet
from engagements.models import Engagement
from reports.models import PortfolioSubscription
from reports.portfolio.book import definitions
from reports.portfolio.constructs import with_construct
from reports.portfolio.counted import custom_band, items_of
from reports.portfolio.items import narrowed
from reports.portfolio.kept import kept_overview
from reports.portfolio.overview import all_figures
from reports.portfolio.public import published_keys
from reports.portfolio.readers import has_begun, reader_of_portfolio, scope_of
from reports.portfolio.records import facts_of, schedules_of
from reports.portfolio.sheets import construct_sheet, figures_sheet, items_sheet, projects_sheet
from reports.portfolio.tables import marks_text, projects_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models.engagement import EngagementQuerySet
    from reports.portfolio.readers import Scope

PER_PAGE = 25
MARKS = ("tier", "number", "month")


def _scope(request: HttpRequest) -> Scope:
    return scope_of(reader_of_portfolio(request), request.GET.get("period"), timezone.now())


def _context(scope: Scope, **more: Any) -> dict[str, Any]:
    choices = [(one.key, one.label) for one in scope.known]
    return {"period": scope.period, "choices": choices, "is_part": scope.is_part, **more}


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    scope, reader = _scope(request), reader_of(request)
    kept = kept_overview(scope, reader)
    low, high = custom_band()
    context = _context(
        scope,
        overview=kept.overview,
        low=low,
        high=high,
        total=kept.total,
        kept_at=kept.at if kept.is_kept else None,
        has_begun=has_begun(scope.portfolio),
        is_subscribed=PortfolioSubscription.objects.filter(reader=reader).exists(),
        is_public=bool(published_keys()),
    )
    return render(request, "portfolio/overview.html", context)


@require_safe
@login_required
def overview_csv(request: HttpRequest) -> HttpResponse:
    scope = _scope(request)
    return spreadsheet(figures_sheet(all_figures(facts_of(scope.engagements)), scope.period.label), "figures.csv")


def _marks(request: HttpRequest) -> dict[str, str]:
    """What the list is narrowed to; a tier without a name is one of them."""
    return {name: request.GET[name] for name in MARKS if name in request.GET}


@require_safe
@login_required
def figure(request: HttpRequest, figure: str) -> HttpResponse:
    """The cases that a figure counts; a cell of its table narrows them further."""
    scope, marks = _scope(request), _marks(request)
    if figure not in definitions():
        raise Http404
    items = narrowed(items_of(figure, facts_of(scope.engagements)), marks)
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    shown = {"row": definitions()[figure], "page": page, "narrowed": marks_text(marks)}
    return render(request, "portfolio/figure.html", _context(scope, **shown))


@require_safe
@login_required
def figure_csv(request: HttpRequest, figure: str) -> HttpResponse:
    scope = _scope(request)
    if figure not in definitions():
        raise Http404
    items = narrowed(items_of(figure, facts_of(scope.engagements)), _marks(request))
    return spreadsheet(items_sheet(items), f"{figure.replace('_', '-')}.csv")


def _listed(scope: Scope, phase: str) -> EngagementQuerySet:
    """The newest first."""
    rows = scope.engagements.order_by("-pk")
    if not phase:
        return rows
    return rows.filter(phase=phase) if phase in Engagement.Phase.values else rows.none()


@require_safe
@login_required
def projects(request: HttpRequest) -> HttpResponse:
    """Every engagement with the dates of its gates; of one phase, if asked for. Only those shown are read."""
    scope, phase = _scope(request), request.GET.get("phase", "")
    page = Paginator(_listed(scope, phase).values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    shown = scope.engagements.filter(pk__in=list(page))
    return render(
        request,
        "portfolio/projects.html",
        _context(
            scope,
            page=page,
            projects=projects_of(schedules_of(shown)),
            phase=phase,
            phases_asked=Engagement.Phase.choices,
        ),
    )


@require_safe
@login_required
def projects_csv(request: HttpRequest) -> HttpResponse:
    scope, phase = _scope(request), request.GET.get("phase", "")
    return spreadsheet(projects_sheet(projects_of(schedules_of(_listed(scope, phase)))), "projects.csv")


@require_safe
@login_required
def construct(request: HttpRequest) -> HttpResponse:
    """The engagements that have one construct which no rule translates by itself."""
    scope = _scope(request)
    kind, name = request.GET.get("kind", ""), request.GET.get("name", "")
    rows = with_construct(facts_of(scope.engagements), kind, name)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "portfolio/construct.html", _context(scope, page=page, kind=kind, name=name))


@require_safe
@login_required
def construct_csv(request: HttpRequest) -> HttpResponse:
    scope = _scope(request)
    kind, name = request.GET.get("kind", ""), request.GET.get("name", "")
    return spreadsheet(construct_sheet(with_construct(facts_of(scope.engagements), kind, name)), "construct.csv")
