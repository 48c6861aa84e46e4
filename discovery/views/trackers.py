"""Findings and tasks for the tracker of whoever works on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.reader import reader_of
from discovery.found import find_estate
from discovery.tracker_export import exported
from discovery.tracker_items import Chosen
from discovery.trackers.book import trackers
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
def tracker_home(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    context = evidence_context(request, engagement, trackers=trackers().values(), choices=Chosen.choices)
    return render(request, "discovery/trackers.html", context)


@require_safe
@login_required
def tracker_csv(request: HttpRequest, code: str, system: str) -> HttpResponse:
    return exported(find_estate(request, code), reader_of(request), system, request.GET.dict())
