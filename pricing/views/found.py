"""How a view finds what a URL names: always through what this reader may see, else 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from pricing.models import Quote, Request

if TYPE_CHECKING:
    from accounts.reader import AnyRequest


def find_request(request: AnyRequest, code: str) -> Request:
    visible = Request.objects.visible_to(reader_of(request)).with_clock()
    related = visible.select_related("engagement__organization", "owner", "changed_by", "late_reason")
    found: Request = get_object_or_404(related, engagement__code=code)
    return found


def find_quote(request: AnyRequest, reference: str) -> Quote:
    """The quote for whoever may read it. Members who may not read quotes are told so."""
    visible = Quote.objects.visible_to(reader_of(request)).select_related(
        "engagement__organization",
        "engagement__request__owner",
        "document",
        "accepted_by",
        "declined_by",
        "sent_by",
    )
    quote: Quote = get_object_or_404(visible, reference=reference)
    require(reader_of(request), Permission.VIEW_QUOTE, quote.engagement.organization)
    return quote


def find_quote_for(request: AnyRequest, reference: str, permission: Permission) -> Quote:
    """The quote, for whoever may do this with it."""
    quote = find_quote(request, reference)
    require(reader_of(request), permission, quote.engagement.organization)
    return quote
