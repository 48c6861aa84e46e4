from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from engagements.domain.lock_engagement import lock_engagement
from pricing.domain.accept_quote import refuse_unless_open
from pricing.domain.announce import announce_withdrawal
from pricing.domain.ask_approval import ask_approval
from pricing.domain.draft_quote import write_draft
from pricing.domain.locks import lock_quote
from pricing.domain.next_revision import carry_terms, next_revision
from pricing.given_terms import points_in, terms_of
from pricing.models import Quote


@transaction.atomic
def revise_quote(quote: Quote, *, actor: User) -> Quote:
    """Retire an open or expired quote and draft the next revision from the data points as they are now.

    The old text can no longer be accepted from this moment on; its page leads to the new revision once that is sent.
    """
    engagement = lock_engagement(quote.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    if quote.state != Quote.State.EXPIRED and not quote.is_expired:
        refuse_unless_open(quote)
    elif quote.state not in {Quote.State.EXPIRED, Quote.State.SENT}:
        raise Conflict(f"{quote.reference} is at “{quote.get_state_display()}” and cannot be revised.")
    quote.supersede()
    quote.save(update_fields=["state"])
    revision = next_revision(quote, actor=actor)
    points = points_in(quote) if quote.amends_id else engagement.request.points
    revision = write_draft(revision, points, actor=actor, terms=terms_of(quote))
    carry_terms(quote, revision)
    ask_approval(revision)
    record(
        "quote.superseded",
        subject=quote,
        actor=actor,
        reference=quote.reference,
        successor=revision.reference,
    )
    return revision


@transaction.atomic
def withdraw_quote(quote: Quote, *, actor: User, reason: str) -> Quote:
    """Take back a draft or an open quote, with a reason; the customer is told when it was sent."""
    engagement = lock_engagement(quote.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    if quote.state != Quote.State.DRAFT:
        refuse_unless_open(quote)
    if not reason.strip():
        raise DomainError("Say why: the reason is kept and told to the customer.")
    return take_back(quote, actor=actor, reason=reason.strip())


def take_back(quote: Quote, *, actor: User | None, reason: str) -> Quote:
    """Withdraw as part of a larger act, which holds the engagement's lock and has asked for the permission.

    Without an actor it is Gatepost itself that takes the quote back.
    """
    was_sent = quote.state == Quote.State.SENT
    quote.end_reason = reason
    quote.withdraw()
    quote.save(update_fields=["state", "end_reason"])
    record("quote.withdrawn", subject=quote, actor=actor, reference=quote.reference, reason=reason)
    if was_sent:
        announce_withdrawal(quote, reason)
    return quote
