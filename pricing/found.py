"""How pages and the API find what a URL names: always through what this reader may see, else 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Organization
from accounts.permissions import Permission, require
from accounts.reader import reader_of
from engagements.elsewhere import found_or_elsewhere
from engagements.found import find_engagement
from pricing.clocks import request_behind
from pricing.models import Quote, QuoteContact, Request
from pricing.streams import weighed_for

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.reader import AnyRequest
    from engagements.models import Engagement
    from pricing.streams import Weighed, WeighedStream


def find_request(request: AnyRequest, code: str) -> Request:
    visible = Request.objects.visible_to(reader_of(request)).with_clock()
    related = visible.select_related("engagement__organization", "owner", "changed_by", "late_reason")
    return found_or_elsewhere(related, reader_of(request), code, engagement__code=code)


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


def find_contact(request: AnyRequest, quote: Quote, contact: int) -> QuoteContact:
    visible = QuoteContact.objects.visible_to(reader_of(request)).filter(quote=quote)
    found: QuoteContact = get_object_or_404(visible, pk=contact)
    found.quote = quote
    return found


def find_priced(request: AnyRequest, code: str) -> Engagement:
    """The engagement for whoever may read quotes: the fee is part of the costs."""
    engagement = find_engagement(request, code)
    require(reader_of(request), Permission.VIEW_QUOTE, engagement.organization)
    return engagement


def find_clock(request: AnyRequest, code: str) -> Request:
    """The request behind the clock of an engagement, for every member of it: the data points stay the practice's."""
    engagement = find_engagement(request, code)
    require(reader_of(request), Permission.VIEW, engagement.organization)
    found = request_behind(engagement)
    if found is None:
        raise Http404
    return found


def find_weighed(request: AnyRequest, engagement: Engagement) -> Weighed:
    found = weighed_for(engagement, reader_of(request))
    if found is None:
        raise Http404
    return found


def find_weighed_stream(request: AnyRequest, engagement: Engagement, number: int) -> WeighedStream:
    row = find_weighed(request, engagement).row(number)
    if row is None:
        raise Http404
    return row


def reader_of_figures(request: AnyRequest) -> User:
    reader = reader_of(request)
    require(reader, Permission.EDIT_REQUEST, Organization.objects.consultancy())
    return reader
