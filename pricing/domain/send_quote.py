from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.domain.invite_person import invite_person
from accounts.models import Duty, Invitation, Membership, Organization, User
from accounts.permissions import Permission, people_with_duty, require
from core.audit import digest_of, record
from core.documents import RenderedDocument, render_document
from core.errors import Conflict, DomainError
from core.wording import amount_text
from engagements.models import FrozenDocument
from pricing.calculation.clock import end_of_day
from pricing.content import Content, quote_snapshot, zone_of
from pricing.domain.announce import announce_quote
from pricing.domain.locks import lock_engagement, lock_quote
from pricing.in_force import book_at
from pricing.models import Quote, Request


def send_quote(quote: Quote, *, actor: User, shown_digest: str) -> Quote:
    """Freeze the draft as a PDF and put it before the customer; stops the clock.

    `shown_digest` is the `draft_digest()` of what was reviewed. The PDF is drawn before the transaction begins. Raises
    Conflict when the draft changed after it was reviewed.
    """
    organization = quote.engagement.organization
    require(actor, Permission.SEND_QUOTE, organization)
    if quote.state != Quote.State.DRAFT:
        raise Conflict(f"{quote.reference} is at “{quote.get_state_display()}”; only a draft can be sent.")
    recipients = _recipients(quote.engagement.request, organization)
    quote.sent_at, quote.sent_by = timezone.now(), actor
    days = book_at(quote.sent_at).thresholds["valid_days"]
    last_day = quote.sent_at.astimezone(zone_of(organization)).date() + timedelta(days=days)
    quote.valid_until = end_of_day(last_day, zone_of(organization))
    quote.sent_to = ", ".join(recipients)[:400]
    content = quote_snapshot(quote)
    rendered = render_document("quote", content)
    return _put_before_customer(quote, content, rendered, actor=actor, shown_digest=shown_digest)


def draft_digest(quote: Quote) -> str:
    """Names the offer as it is drafted now."""
    return digest_of(quote.snapshot)


def _recipients(request: Request, organization: Organization) -> list[str]:
    """Everybody who may accept; before anybody may, the contact, who is invited to."""
    people = people_with_duty(organization, Duty.Kind.ACCEPT_QUOTES)
    if people:
        return [person.email for person in people]
    if Membership.objects.filter(organization=organization, user__email__iexact=request.contact_email).exists():
        raise DomainError(
            f"Nobody at {organization} may accept quotes yet. "
            f"Give {request.contact_name}, or somebody else there, that duty first."
        )
    return [request.contact_email]


@transaction.atomic
def _put_before_customer(
    prepared: Quote, content: Content, rendered: RenderedDocument, *, actor: User, shown_digest: str
) -> Quote:
    engagement = lock_engagement(prepared.engagement_id)
    quote = lock_quote(prepared, engagement)
    if quote.state != Quote.State.DRAFT or {draft_digest(quote), draft_digest(prepared)} != {shown_digest}:
        raise Conflict(f"{quote.reference} changed after you reviewed it. Nothing was sent; review it again.")
    for field in ("sent_at", "sent_by", "sent_to", "valid_until"):
        setattr(quote, field, getattr(prepared, field))
    quote.document = _freeze(quote, content, rendered, actor)
    quote.send()
    quote.save()
    _stop_clock(quote)
    record(
        "quote.sent",
        subject=quote,
        actor=actor,
        reference=quote.reference,
        to=quote.sent_to,
        total=amount_text(quote.total),
        valid_until=content["valid_until"],
        digest=rendered.digest,
    )
    _invite_contact(quote, actor)
    announce_quote(quote)
    return quote


def _freeze(quote: Quote, content: Content, rendered: RenderedDocument, actor: User) -> FrozenDocument:
    return FrozenDocument.objects.create(
        engagement=quote.engagement,
        kind=FrozenDocument.Kind.QUOTE,
        reference=quote.number,
        version=quote.revision,
        title=f"Quote {quote.reference}",
        pdf=rendered.pdf,
        digest=rendered.digest,
        byte_count=len(rendered.pdf),
        page_count=rendered.page_count,
        snapshot=content,
        snapshot_digest=digest_of(content),
        frozen_at=quote.sent_at or timezone.now(),
        frozen_by=actor,
    )


def _stop_clock(quote: Quote) -> None:
    Request.objects.filter(engagement=quote.engagement_id, answered_at=None).update(answered_at=quote.sent_at)


def _invite_contact(quote: Quote, actor: User) -> None:
    """A seat with the duty for the contact, when nobody at the customer has it and no invitation is open."""
    organization, request = quote.engagement.organization, quote.engagement.request
    if people_with_duty(organization, Duty.Kind.ACCEPT_QUOTES):
        return
    open_seats = Invitation.objects.open().filter(organization=organization, email__iexact=request.contact_email)
    if open_seats.exists():
        return
    invite_person(
        request.contact_email,
        organization=organization,
        role=Membership.Role.SIGNATORY,
        duties=[(Duty.Kind.ACCEPT_QUOTES, None)],
        full_name=request.contact_name,
        actor=actor,
    )
