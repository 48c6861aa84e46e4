"""The runs of an engagement: what each upload changed, and any two of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.reader import reader_of
from core.forms import number_in
from discovery.found import find_estate
from discovery.run_queries import compare_runs, runs_by_host, runs_to_compare
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.reader import AnyRequest
    from discovery.models import Upload

Hosts = dict[str, list["Upload"]]


@require_safe
@login_required
def run_list(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    context = evidence_context(request, engagement, hosts=runs_by_host(engagement, reader_of(request)))
    return render(request, "discovery/runs.html", context)


@require_safe
@login_required
def run_comparison(request: HttpRequest, code: str) -> HttpResponse:
    """`?before=3&after=5` are the numbers of two uploads that were read."""
    engagement = find_estate(request, code)
    hosts = runs_by_host(engagement, reader_of(request))
    pair = find_pair(request, hosts)
    comparison = compare_runs(*pair) if pair else None
    context = evidence_context(request, engagement, hosts=hosts, pair=pair, comparison=comparison)
    return render(request, "discovery/compare.html", context)


def find_pair(request: AnyRequest, hosts: Hosts) -> tuple[Upload, Upload] | None:
    """The two runs that the address names, or the two latest; 404 for a number that is no run of the engagement."""
    before, after = (number_in(request.GET.get(name, "")) for name in ("before", "after"))
    try:
        return runs_to_compare(hosts, before, after)
    except KeyError:
        raise Http404 from None
