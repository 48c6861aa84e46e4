"""The inventory as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from discovery.exports import inventory_csv as csv_of
from discovery.queries import estate_of
from discovery.views.found import find_estate

if TYPE_CHECKING:
    from django.http import HttpRequest

BYTE_ORDER_MARK = "\ufeff"  # spreadsheets take a file without it for the encoding of their own system


@require_safe
@login_required
def inventory_csv(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    text = BYTE_ORDER_MARK + csv_of(estate_of(engagement))
    response = HttpResponse(text.encode("utf-8", "replace"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="inventory-{engagement.code}.csv"'
    return response
