from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.domain.invite_person import invite_person
from accounts.models import Duty, Invitation, Membership, Organization, User
from accounts.permissions import Permission, people_with_duty, require
from core.audit import digest_of, record
from core.documents import render_sealed
from core.errors import Conflict, DomainError
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import FrozenDocument
from pricing.calculation.clock import end_of_day
from pricing.content import zone_of
from pricing.domain.announce import announce_quote
from pricing.domain.file_paper import Paper, file_paper
from pricing.domain.locks import lock_quote
from pricing.domain.stop_clock import stop_clock
from pricing.given_terms import unsettled
from pricing.in_force import book_at
from pricing.models import Quote, Request
from pricing.revisions import quote_snapshot


def send_quote(quote: Quote, *, actor: User, shown_digest: str) -> Quote:
    """Freeze the draft as a PDF and put it before the customer; stops the clock.

    `shown_digest` is the `draft_digest()` of what was reviewed. The PDF is drawn before the transaction begins. Raises
    Conflict when the draft changed after it was reviewed.
    """
    organization = quote.engagement.organization
    require(actor, Permission.SEND_QUOTE, organization)
    if quote.state != Quote.State.DRAFT:
        raise Conflict(f"{quote.reference} is at “{quote.get_state_display()}”; only a draft can be sent.")
    refuse_unsettled(quote)
    recipients = recipients_of(quote.engagement.request, organization)
    quote.sent_at, quote.sent_by = timezone.now(), actor
    days = book_at(quote.sent_at).thresholds["valid_days"]
    last_day = quote.sent_at.astimezone(zone_of(organization)).date() + timedelta(days=days)
    quote.valid_until = end_of_day(last_day, zone_of(organization))
    quote.sent_to = ", ".join(recipients)[:400]
    content = quote_snapshot(quote)
    rendered = render_sealed("quote", content)
    title = f"Quote {quote.reference}"
    paper = Paper(FrozenDocument.Kind.QUOTE, quote.number, quote.revision, title, content, rendered)
    return _put_before_customer(quote, paper, actor=actor, shown_digest=shown_digest)


def refuse_unsettled(quote: Quote) -> None:
    """Raise with everything that still waits for a second person."""
    if waiting := unsettled(quote):
        raise DomainError(*waiting)


def draft_digest(quote: Quote) -> str:
    """Names the offer as it is drafted now."""
    return digest_of(quote.snapshot)


def recipients_of(request: Request, organization: Organization) -> list[str]:
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
def _put_before_customer(prepared: Quote, paper: Paper, *, actor: User, shown_digest: str) -> Quote:
    engagement = lock_engagement(prepared.engagement_id)
    quote = lock_quote(prepared, engagement)
    if quote.state != Quote.State.DRAFT or {draft_digest(quote), draft_digest(prepared)} != {shown_digest}:
        raise Conflict(f"{quote.reference} changed after you reviewed it. Nothing was sent; review it again.")
    refuse_unsettled(quote)
    for field in ("sent_at", "sent_by", "sent_to", "valid_until"):
        setattr(quote, field, getattr(prepared, field))
    quote.document = file_paper(engagement, paper, actor=actor, at=prepared.sent_at or timezone.now())
    quote.send()
    quote.save()
    stop_clock(engagement.request, actor=actor, at=prepared.sent_at or timezone.now())
    facts = {key: paper.content[key] for key in ("reference", "total", "valid_until")}
    record("quote.sent", subject=quote, actor=actor, to=quote.sent_to, digest=paper.rendered.digest, **facts)
    _invite_contact(quote, actor)
    announce_quote(quote)
    return quote


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
