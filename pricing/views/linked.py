"""A quote before somebody who has no account: read by its link, whatever became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Duty, User
from accounts.permissions import Permission, allowed, people_with_duty
from pricing.content import valid_until_text
from pricing.domain.accept_quote import why_closed
from pricing.domain.ask_renewal import ask_renewal_by_link
from pricing.domain.note_opening import note_opening
from pricing.domain.offer_seat import may_answer
from pricing.models import Quote, QuoteContact
from pricing.nda_standing import standing_of
from pricing.revisions import changes_in
from pricing.views.linked_access import counts_as_opened, for_contact, proved_person

if TYPE_CHECKING:
    from django.http import HttpRequest

    from engagements.models import Engagement


@require_safe
@for_contact
def quote(request: HttpRequest, contact: QuoteContact) -> HttpResponse:
    """Total, scope, what is not included, what it was sized on; and what became of it."""
    if counts_as_opened(request):
        note_opening(contact)
    answer = may_answer(contact.email, contact.quote.engagement.organization)
    context = {
        **facts_of(contact),
        "may_answer": bool(answer),
        "refusal": answer.reason,
        "acceptors": _acceptors(contact) if not answer else [],
        "proved": proved_person(request, contact),
        "portal_reader": _portal_reader(request, contact.quote),
        "successor_token": _successor_token(contact),
        "changes": changes_in(contact.quote),
    }
    return render(request, "pricing/linked/quote.html", context)


def facts_of(contact: QuoteContact) -> dict[str, Any]:
    shown = contact.quote
    organization = shown.engagement.organization
    return {
        "contact": contact,
        "quote": shown,
        "engagement": shown.engagement,
        "organization": organization,
        "offer": shown.snapshot,
        "owner": shown.engagement.request.owner,
        "valid_until": valid_until_text(shown.valid_until, organization) if shown.valid_until else "",
        "ended": why_closed(shown) if shown.is_open else "",
    }


def _acceptors(contact: QuoteContact) -> list[User]:
    return people_with_duty(contact.quote.engagement.organization, Duty.Kind.ACCEPT_QUOTES)


def _portal_reader(request: HttpRequest, shown: Quote) -> User | None:
    """Who is signed in and reads this quote in the portal anyway: there they need no code."""
    if not request.user.is_authenticated or not Quote.objects.visible_to(request.user).filter(pk=shown.pk).exists():
        return None
    return request.user if allowed(request.user, Permission.VIEW_QUOTE, shown.engagement.organization) else None


def _successor_token(contact: QuoteContact) -> str:
    """The contact's link to the newest revision that was sent; empty when they have none."""
    if contact.quote.state != Quote.State.SUPERSEDED:
        return ""
    later = contact.quote.engagement.quotes.filter(
        number=contact.quote.number, revision__gt=contact.quote.revision, sent_at__isnull=False
    )
    newest = later.order_by("-revision").first()
    own = newest.contacts.filter(email__iexact=contact.email).first() if newest else None
    return own.token if own else ""


@require_safe
@for_contact
def pdf(request: HttpRequest, contact: QuoteContact) -> HttpResponse:  # noqa: ARG001 (what every view of a link takes)
    """The stored bytes, exactly as they were sent."""
    document = contact.quote.document
    if document is None:
        raise Http404
    response = HttpResponse(bytes(document.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{contact.quote.reference}.pdf"'
    response["ETag"] = f'"{document.digest}"'
    return response


@require_safe
@for_contact
def receipt(request: HttpRequest, contact: QuoteContact) -> HttpResponse:
    """Proof of the acceptance at an address that stays, void or not. From where it came is for those who sign in."""
    if not contact.quote.receipt:
        return redirect("link:quote", contact.token)
    engagement: Engagement = contact.quote.engagement
    context = {**facts_of(contact), "schedule": engagement.schedule.all(), "nda": standing_of(engagement)}
    return render(request, "pricing/linked/receipt.html", context)


@require_POST
@for_contact
def renew(request: HttpRequest, contact: QuoteContact) -> HttpResponse:  # noqa: ARG001 (the same)
    """Ask for a new quote in place of an expired one: one button, the data points are kept."""
    ask_renewal_by_link(contact)
    return redirect("link:quote", contact.token)
