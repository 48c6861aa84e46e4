"""A draft's discount and tier. Each act names the draft that was on screen; another one is not touched."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError, Refused
from core.wording import amount_text
from engagements.domain.lock_engagement import lock_engagement
from pricing.calculation.terms import Reduction
from pricing.domain.ask_approval import ask_approval, asked_in
from pricing.domain.draft_quote import write_draft
from pricing.domain.locks import lock_quote
from pricing.domain.send_quote import draft_digest
from pricing.given_terms import Given, given_in, points_in, why_not
from pricing.in_force import book_now
from pricing.models import Approval, Discount, Quote, TierChoice


@dataclass(frozen=True, slots=True)
class Seen:
    """Why, and the `draft_digest` of what was on screen."""

    reason: str
    shown_digest: str


@transaction.atomic
def give_discount(quote: Quote, *, actor: User, reduction: Reduction | None, seen: Seen) -> Quote:
    """Put a discount on a draft in place of the one it has; None takes it off. Prices are read from the records."""
    quote = _locked_draft(quote, actor, seen)
    asked = asked_in(quote)
    if reduction is not None:
        _refuse_odd(reduction, quote)
        _refuse_silence(seen)
    Discount.objects.filter(quote=quote).delete()
    if reduction is not None:
        Discount.objects.create(
            quote=quote,
            percent=reduction.percent,
            amount=reduction.amount,
            reason=seen.reason.strip(),
            given_by=actor,
            given_at=timezone.now(),
        )
    quote = write_draft(quote, points_in(quote), actor=actor)
    facts = {"before": amount_text(quote.fee), "total": amount_text(quote.total), "reason": seen.reason.strip()}
    record("quote.discounted", subject=quote, actor=actor, reference=quote.reference, **facts)
    ask_approval(quote, asked=asked)
    return quote


@transaction.atomic
def choose_tier_instead(quote: Quote, *, actor: User, tier: str, seen: Seen) -> Quote:
    """Put a draft on a tier the rules do not lead to; their own tier takes the choice back."""
    quote = _locked_draft(quote, actor, seen)
    asked = asked_in(quote)
    if tier not in {one.key for one in book_now().tiers}:
        raise DomainError("Choose a tier that is on offer.")
    rule = quote.snapshot["by_rule"]["key"]
    if tier != rule:
        _refuse_silence(seen)
    TierChoice.objects.filter(quote=quote).delete()
    if tier != rule:
        TierChoice.objects.create(
            quote=quote, tier_key=tier, reason=seen.reason.strip(), chosen_by=actor, chosen_at=timezone.now()
        )
    quote = write_draft(quote, points_in(quote), actor=actor)
    facts = {"tier": quote.tier_label, "rule": quote.snapshot["by_rule"]["label"], "reason": seen.reason.strip()}
    record("quote.tier_chosen", subject=quote, actor=actor, reference=quote.reference, **facts)
    ask_approval(quote, asked=asked)
    return quote


@transaction.atomic
def approve_term(quote: Quote, *, actor: User, authenticated_at: datetime | None, covers: str) -> Approval:
    """A second person agrees to exactly what they read, which `covers` names.

    Raises Refused for the person who gave it or without the authority, Conflict when it changed meanwhile.
    """
    engagement = lock_engagement(quote.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    _refuse_frozen(quote)
    given = next((one for one in given_in(quote) if one.covers == covers), None)
    if given is None:
        raise Conflict("What you read has changed meanwhile. Nothing was approved; read it again.")
    _refuse_approver(given, quote, actor)
    refuse_unproved(authenticated_at, "an approval lets a quote go out beyond the rules. Nothing was approved.")
    approval = Approval.objects.create(
        quote=quote,
        subject=given.subject,
        covers=covers,
        words=given.words,
        asked_by=given.by,
        approved_by=actor,
        approved_at=timezone.now(),
    )
    facts = {"what": given.subject.label.lower(), "by": str(given.by), "words": given.words}
    record("quote.term_approved", subject=quote, actor=actor, reference=quote.reference, **facts)
    return approval


def _locked_draft(quote: Quote, actor: User, seen: Seen) -> Quote:
    engagement = lock_engagement(quote.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    _refuse_frozen(quote)
    if draft_digest(quote) != seen.shown_digest:
        raise Conflict(f"{quote.reference} changed after you opened it. Nothing was saved; read it again.")
    return quote


def _refuse_frozen(quote: Quote) -> None:
    if quote.state != Quote.State.DRAFT:
        state = quote.get_state_display()
        raise Conflict(f"{quote.reference} is at “{state}”: its terms stay as they are. Revise it to offer others.")


def _refuse_silence(seen: Seen) -> None:
    if not seen.reason.strip():
        raise DomainError("Say why: whoever approves it reads the reason.")


def _refuse_odd(reduction: Reduction, quote: Quote) -> None:
    fee = quote.fee.amount
    try:
        reduction.off(fee)
    except ValueError as odd:
        raise DomainError(
            "A discount is a percentage or an amount: more than nothing, and not more than the fee of "
            f"{amount_text(quote.fee)}."
        ) from odd


def _refuse_approver(given: Given, quote: Quote, actor: User) -> None:
    if not given.needs_approval:
        raise DomainError(f"{given.words} needs no approval: it is within what {given.by} may give.")
    if given.approval is not None:
        raise Conflict(f"{given.approval.approved_by} approved this already.")
    if refusal := why_not(given, quote, actor):
        raise Refused(refusal)
