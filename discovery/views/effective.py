"""What an upload says its Postfix runs with: every parameter, its value, and the line or default it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from discovery.effective_values import (
    DOUBTS,
    FATES,
    SHOWN,
    EffectiveFilter,
    findings_beside,
)
from discovery.found import find_effective_view, find_estate, find_instances, find_upload, instance_named, stored_upload
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from discovery.models import Finding, Instance, Upload
    from discovery.postfix.in_force import InForce

PER_PAGE = 100
LEVEL = "compatibility_level"


@require_safe
@login_required
def effective(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    upload = find_upload(request, engagement, number)
    asked = EffectiveFilter.read(request.GET)
    instances = find_instances(request, upload)
    context = evidence_context(
        request, engagement, upload=upload, stored_in=stored_upload(upload), instances=instances, asked=asked
    )
    if instances:
        shown = instance_named(instances, asked.instance)
        context |= _shown(request, context["stored_in"], shown, asked)
    return render(request, "discovery/effective.html", context)


def _shown(request: HttpRequest, upload: Upload, shown: Instance, asked: EffectiveFilter) -> dict[str, Any]:
    view = find_effective_view(shown, asked)
    rows = asked.narrow(view.rows)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    found = findings_beside(upload, page.object_list)
    labels = [each.label for each in view.services]
    return {
        "shown": shown,
        "view": view,
        "release": view.told.release,
        "level": view.row(LEVEL),
        "total": len(view.rows),
        "counts": [(show, SHOWN[show], count) for show, count in view.counts.items()],
        "choices": SHOWN.items(),
        "seen_by": [(label, label) for label in labels],
        "page": page,
        "rows": [_row(row, asked.service, found.get(row.name, [])) for row in page.object_list],
    }


def _row(row: InForce, service: str, findings: list[Finding]) -> dict[str, Any]:
    return {
        "facts": row,
        "doubt": DOUBTS.get(row.doubt, ""),
        "options": [(option, FATES[option.fate]) for option in row.options if service in {option.service, ""}],
        "findings": findings,
    }
