"""The collector, for download: the same file for everybody, to be read before it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from core.downloads import attachment
from discovery import collector
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
def collector_script(request: HttpRequest, code: str) -> HttpResponse:
    find_estate(request, code)
    response = attachment(collector.SCRIPT, "text/plain; charset=utf-8", collector.NAME)
    response["ETag"] = f'"{collector.SHA256}"'
    return response
