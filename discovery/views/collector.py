"""The collector, for download: the same file for everybody, to be read before it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from discovery import collector
from discovery.views.found import find_estate

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
@login_required
def collector_script(request: HttpRequest, code: str) -> HttpResponse:
    find_estate(request, code)
    response = HttpResponse(collector.SCRIPT, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{collector.NAME}"'
    response["ETag"] = f'"{collector.SHA256}"'
    return response
