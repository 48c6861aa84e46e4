"""What an upload says its Postfix runs with: every parameter, its value, and the line or default it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.reader import reader_of
from discovery.effective_values import (
    DOUBTS,
    FATES,
    SHOWN,
    EffectiveFilter,
    effective_view,
    findings_beside,
)
from discovery.models import Instance
from discovery.views.found import evidence_context, find_estate, find_upload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from accounts.reader import AnyRequest
    from discovery.effective_values import EffectiveView
    from discovery.models import Finding, Upload
    from discovery.postfix.in_force import InForce

PER_PAGE = 100
LEVEL = "compatibility_level"


@require_safe
@login_required
def effective(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    upload = find_upload(request, engagement, number)
    asked = EffectiveFilter.read(request.GET)
    instances = instances_of(request, upload)
    context = evidence_context(
        request, engagement, upload=upload, stored_in=stored_upload(upload), instances=instances, asked=asked
    )
    if instances:
        shown = chosen_instance(instances, asked.instance)
        context |= _shown(request, context["stored_in"], shown, asked)
    return render(request, "discovery/effective.html", context)


def stored_upload(upload: Upload) -> Upload:
    """The upload that holds the facts: a repeat has none of its own."""
    return upload.same_as or upload


def instances_of(request: AnyRequest, upload: Upload) -> list[Instance]:
    visible = Instance.objects.visible_to(reader_of(request)).filter(upload=stored_upload(upload))
    return list(visible.in_order())


def chosen_instance(instances: Sequence[Instance], name: str) -> Instance:
    """The one of that name, without a name the first; raises Http404."""
    chosen = next((each for each in instances if name in {each.name, ""}), None)
    if chosen is None:
        raise Http404
    return chosen


def view_of(shown: Instance, asked: EffectiveFilter) -> EffectiveView:
    try:
        return effective_view(shown, asked.service)
    except KeyError:
        raise Http404 from None


def _shown(request: HttpRequest, upload: Upload, shown: Instance, asked: EffectiveFilter) -> dict[str, Any]:
    view = view_of(shown, asked)
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
