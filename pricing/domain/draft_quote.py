from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.domain.take_number import take_number
from core.errors import Conflict, DomainError
from core.wording import amount_text, told
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement
from pricing.calculation.books import Book
from pricing.calculation.facts import DataPoints
from pricing.calculation.proposal import Proposal, work_out
from pricing.calculation.terms import Terms
from pricing.content import missing_text, offer_content
from pricing.domain.ask_approval import ask_approval, asked_in
from pricing.given_terms import terms_of
from pricing.in_force import book_now
from pricing.models import Quote, QuoteLine, Request
from pricing.models.quote import revision_letter
from pricing.moves import LIVE


@transaction.atomic
def draft_quote(request: Request, *, actor: User) -> Quote:
    """Work out the quote from the data points as they are now. A draft that exists is brought up to date.

    Raises DomainError while a data point is missing, Conflict when a quote is out or answered.
    """
    engagement = lock_engagement(request.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    request = Request.objects.select_related("engagement").get(pk=request.pk)
    live = Quote.objects.filter(engagement=engagement, state__in=LIVE).first()
    if live and live.state != Quote.State.DRAFT:
        raise Conflict(_what_stands(live))
    quote = live or Quote(engagement=engagement, created_by=actor)
    asked = asked_in(quote)
    quote = write_draft(quote, request.points, actor=actor)
    ask_approval(quote, asked=asked)
    return quote


def write_draft(quote: Quote, points: DataPoints, *, actor: User, terms: Terms | None = None) -> Quote:
    """Fill a draft from data points and terms, else from those it carries. The caller holds the engagement's lock."""
    refuse_phase(quote)
    if missing := missing_text(points):
        raise DomainError(f"A fixed fee needs all four data points. {missing}")
    book = book_now()
    proposal = _work_out(points, book, terms or terms_of(quote))
    if not quote.number:
        year = timezone.now().year
        quote.number = f"Q-{year}-{take_number(f'quote-{year}'):04d}"
    quote.reference = f"{quote.number}-{revision_letter(quote.revision)}"
    _fill(quote, proposal, book)
    quote.save()
    _write_lines(quote, proposal)
    facts = {"reference": quote.reference, "tier": quote.tier_label, "calculation": quote.calculation}
    record("quote.drafted", subject=quote, actor=actor, total=amount_text(quote.total), **facts)
    return quote


def refuse_phase(quote: Quote) -> None:
    """A first quote is written at intake; one that amends an accepted quote until the plan is signed."""
    engagement = quote.engagement
    if engagement.phase != (Engagement.Phase.DISCOVERY if quote.amends_id else Engagement.Phase.INTAKE):
        raise Conflict(f"{engagement.code} is at “{engagement.get_phase_display()}”: nothing is quoted any more.")


def _work_out(points: DataPoints, book: Book, terms: Terms) -> Proposal:
    try:
        return work_out(points, book, terms)
    except ValueError as too_much:
        raise DomainError(
            "The discount is more than the fee of the tier. Change the discount first; nothing was saved."
        ) from too_much


def _fill(quote: Quote, proposal: Proposal, book: Book) -> None:
    tier = proposal.choice.tier
    quote.tier_key, quote.tier_label = tier.key, tier.label
    quote.fee = Money(tier.fee, tier.currency)
    quote.total = Money(proposal.totals.total, tier.currency)
    quote.calculation = proposal.calculation
    quote.snapshot = offer_content(proposal, book)


def _write_lines(quote: Quote, proposal: Proposal) -> None:
    currency = proposal.choice.tier.currency
    quote.lines.all().delete()
    QuoteLine.objects.bulk_create(
        QuoteLine(  # type: ignore[misc]  # the stubs take djmoney's field for a plain decimal
            quote=quote,
            position=position,
            description=line.description,
            quantity=line.quantity,
            unit_price=Money(line.unit_price, currency),
            amount=Money(amount, currency),
        )
        for position, (line, amount) in enumerate(zip(proposal.lines, proposal.totals.amounts, strict=True), start=1)
    )


def _what_stands(quote: Quote) -> str:
    if quote.state == Quote.State.ACCEPTED and quote.accepted_at:
        return f"{quote.accepted_by} accepted {quote.reference} on {told(quote.accepted_at)}."
    return f"{quote.reference} is with the customer. Revise it instead: the old text stays readable."
