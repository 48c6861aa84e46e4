"""Sales across customers: the pipeline and the list of quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Organization
from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.downloads import spreadsheet
from pricing.nda_decisions import pending_ndas
from pricing.pipeline import SHOWN, pipeline
from pricing.quote_list import STATES, Asked, listed_quotes, quotes_csv, state_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

LABELS = {"all": "All", "running": "Clock running", "mine": "Mine"}
QUOTES_PER_PAGE = 50
LONGEST_SEARCH = 100


@require_safe
@login_required
def pipeline_page(request: HttpRequest) -> HttpResponse:
    """Every open request, what breaks its promise first on top."""
    reader, practice = reader_of(request), Organization.objects.consultancy()
    require(reader, Permission.EDIT_REQUEST, practice)
    shown = request.GET.get("show", SHOWN[0])
    shown = shown if shown in SHOWN else SHOWN[0]
    found = pipeline(reader, shown=shown, page=request.GET.get("page"))
    context = {
        "pipeline": found,
        "tabs": [(name, LABELS[name], found.counts[name]) for name in SHOWN],
        "shown": shown,
        "ndas": pending_ndas(reader),
        "may_reassign": bool(allowed(reader, Permission.REASSIGN_REQUEST, practice)),
    }
    return render(request, "pricing/pipeline.html", context)


@require_safe
@login_required
def quote_list(request: HttpRequest) -> HttpResponse:
    reader, asked = _reader_of_quotes(request), _asked(request)
    page = Paginator(listed_quotes(reader, asked), QUOTES_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(quote, state_text(quote)) for quote in page]
    context = {"page": page, "rows": rows, "asked": asked, "states": STATES}
    return render(request, "pricing/quotes.html", context)


@require_safe
@login_required
def quotes_sheet(request: HttpRequest) -> HttpResponse:
    reader, asked = _reader_of_quotes(request), _asked(request)
    return spreadsheet(quotes_csv(listed_quotes(reader, asked)), "quotes.csv")


def _reader_of_quotes(request: HttpRequest) -> User:
    """Somebody of the practice who may read quotes; a consultant finds those of their own engagements."""
    reader = reader_of(request)
    require(reader, Permission.VIEW_QUOTE, Organization.objects.consultancy())
    return reader


def _asked(request: HttpRequest) -> Asked:
    """The database takes no NUL."""
    text = request.GET.get("text", "").replace("\0", "")[:LONGEST_SEARCH]
    return Asked(state=request.GET.get("state", ""), text=text)
