"""Whether another MTA is needed at all, and for which streams: the numbers, what they say, and what people marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission, allowed, require_any
from accounts.reader import reader_of
from core.errors import Conflict
from core.forms import move_to_version, refusals_into, status_of
from engagements.found import find_engagement
from engagements.models import Engagement
from engagements.views.page_context import page_context
from pricing.domain.assume_cost import ESTIMATORS, may_estimate
from pricing.domain.size_stream import FACTS, size_stream
from pricing.found import find_weighed, find_weighed_stream
from pricing.stream_forms import StreamSizeForm

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from pricing.streams import WeighedStream


@require_safe
@login_required
def diagnosis(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_engagement(request, code)
    reader = reader_of(request)
    context = page_context(
        engagement,
        weighed=find_weighed(request, engagement),
        may_size=may_estimate(reader, engagement),
        may_advise=engagement.phase == Engagement.Phase.DISCOVERY
        and bool(allowed(reader, Permission.ADVISE_STAY, engagement.organization)),
        may_read_evidence=bool(allowed(reader, Permission.VIEW_EVIDENCE, engagement.organization)),
    )
    return render(request, "pricing/diagnosis.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def stream_size(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The numbers of one stream, with where they come from."""
    engagement = find_engagement(request, code)
    require_any(reader_of(request), ESTIMATORS, engagement.organization)
    row = find_weighed_stream(request, engagement, number)
    form = StreamSizeForm(request.POST if request.method == "POST" else None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            size_stream(row.stream, sized=form.sized(), actor=reader_of(request))
            messages.success(request, f"The numbers of {row.stream} are saved.")
            return redirect("pricing:diagnosis", code)
    status = status_of(form)
    if status == Conflict.status_code:
        row = find_weighed_stream(request, engagement, number)
        move_to_version(form, request.POST, row.version)
    context = page_context(engagement, row=row, form=form)
    return render(request, "pricing/stream_size.html", context, status=status)


def _initial(row: WeighedStream) -> dict[str, Any]:
    if row.size is None:
        return {"version": 0}
    return {name: getattr(row.size, name) for name in ("version", "origin", *FACTS)}
