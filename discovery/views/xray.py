"""The X-ray of an engagement: what does not fit together, what does, and what cannot be told yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from discovery.found import find_estate
from discovery.scene import scene_of
from discovery.views.page_context import evidence_context
from discovery.xray.registry import ORDER, PROBLEM, UNTOLD, thresholds
from discovery.xray.verdicts import verdicts
from discovery.xray_addresses import address_of, address_of_all

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from discovery.xray.registry import Verdict


@require_safe
@login_required
def xray(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    found = verdicts(scene_of(engagement))
    context = evidence_context(
        request,
        engagement,
        problems=[_shown(verdict, code) for verdict in found if verdict.state == PROBLEM],
        in_order=[verdict for verdict in found if verdict.state == ORDER],
        untold=[verdict for verdict in found if verdict.state == UNTOLD],
        check_count=len(found),
    )
    return render(request, "discovery/xray.html", context)


def _shown(verdict: Verdict, code: str) -> dict[str, object]:
    first = verdict.faults[: thresholds()["shown_of_a_check"]]
    whole = verdict.check.whole
    return {
        "title": verdict.check.title,
        "key": verdict.check.key,
        "count": len(verdict.faults),
        "faults": [(fault.sentence, address_of(fault, code)) for fault in first],
        "is_cut": len(first) < len(verdict.faults),
        "whole": (whole.label, address_of_all(whole, code)) if whole else None,
        "doubts": verdict.doubts,
    }
