"""The inventory as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from core.downloads import spreadsheet
from discovery.exports import inventory_csv as csv_of
from discovery.found import find_estate
from discovery.queries import estate_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
def inventory_csv(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    return spreadsheet(csv_of(estate_of(engagement)), f"inventory-{engagement.code}.csv")
