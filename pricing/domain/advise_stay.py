from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.documents import render_sealed
from core.errors import Conflict, DomainError
from core.models import Job
from core.wording import amount_text
from engagements.domain.file_paper import Paper, file_paper
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.perform import perform, refuse_step
from engagements.models import Engagement, FrozenDocument
from pricing.calculation.books import book_on
from pricing.calculation.proposal import PLAN_ONLY, Proposal, work_out
from pricing.calculation.totals import refund_if_stay
from pricing.content import missing_text, stay_snapshot
from pricing.domain.announce import announce_stay
from pricing.domain.request_paper import request_paper
from pricing.domain.revise_quote import take_back
from pricing.domain.stop_clock import stop_clock
from pricing.in_force import book_now
from pricing.models import Quote, Request
from pricing.papers import ADVISE_STAY


@dataclass(frozen=True, slots=True)
class StayAsked:
    """Why, as it is printed, and the version of the data points on which it was asked for."""

    note: str
    version: int


@dataclass(frozen=True, slots=True)
class PreparedAdvice:
    """What was drawn, and what it was drawn for: it says nothing true once any of it has moved."""

    paper: Paper
    at: datetime
    phase: str
    agreed: Quote | None
    version: int


@transaction.atomic
def request_advice(request: Request, *, actor: User, note: str) -> Job:
    """Have the advice to stay drawn by a worker, which then sends it and ends the engagement.

    At intake the diagnosis has to say stay; during discovery the consultant's `note` does. Asking again while it is
    drawn returns the same job. Raises DomainError with the numbers when they do not say stay.
    """
    engagement = lock_engagement(request.engagement_id)
    require(actor, Permission.ADVISE_STAY, engagement.organization)
    if not note.strip():
        raise DomainError("Say why: the reason is printed on the advice.")
    refuse_step("advise_to_stay", engagement=engagement, actor=actor, note=note)
    _proposal_for(request)
    name = engagement.organization.name
    return request_paper(
        ADVISE_STAY,
        subject=request,
        actor=actor,
        action="request.stay_asked",
        about=name,
        words={"note": note.strip(), "version": request.version},
    )


def prepare_advice(request: Request, *, note: str) -> PreparedAdvice:
    """Draw the advice. Slow, writes nothing."""
    proposal = _proposal_for(request)
    at, agreed = timezone.now(), _agreed(request.engagement)
    content = stay_snapshot(request, proposal, book_now(), note=note, refund=_refund_of(agreed), at=at)
    rendered = render_sealed("stay_advice", content)
    kind = FrozenDocument.Kind.STAY_ADVICE
    paper = Paper(kind, content["reference"], 1, content["title"], content, rendered)
    return PreparedAdvice(paper, at, request.engagement.phase, agreed, request.version)


def _proposal_for(request: Request) -> Proposal:
    proposal = work_out(request.points, book_now())
    if request.engagement.phase == Engagement.Phase.INTAKE:
        _refuse_unless_stay(request, proposal)
    return proposal


def _refuse_unless_stay(request: Request, proposal: Proposal) -> None:
    if missing := missing_text(request.points):
        raise DomainError(f"Too little is known to advise anything. {missing}")
    if not proposal.diagnosis.is_stay:
        raise DomainError(f"The diagnosis does not say stay: {proposal.diagnosis.explanation}")


def refund_due(engagement: Engagement) -> str:
    """The sentence about money: what goes back of the accepted fee, or that nothing was charged."""
    return _refund_of(_agreed(engagement))


def _agreed(engagement: Engagement) -> Quote | None:
    agreed: Quote | None = Quote.objects.filter(engagement=engagement).agreed().first()
    return agreed


def _refund_of(quote: Quote | None) -> str:
    texts = book_now().texts["stay_advice"]
    if quote is None:
        return str(texts["nothing_charged"])
    refund = refund_of(quote)
    if not refund:
        return str(book_now().texts["refund"]["plan_only"])
    currency = quote.total.currency.code
    return str(texts["refund"]).format(refund=amount_text(refund, currency), total=amount_text(quote.total))


def refund_of(quote: Quote) -> Decimal:
    return refund_on(quote.total.amount, quote.snapshot["book_day"])


def refund_on(total: Decimal, book_day: str) -> Decimal:
    """By the prices of the day on which it was offered: a later price list changes no agreement."""
    return refund_if_stay(total, book_on(date.fromisoformat(book_day)).tier(PLAN_ONLY).fee)


def _refuse_moved(engagement: Engagement, advice: PreparedAdvice) -> None:
    if (engagement.phase, _agreed(engagement)) != (advice.phase, advice.agreed):
        raise Conflict(f"{engagement.code} moved while the advice was being built. Nothing was sent; read it again.")


@transaction.atomic
def advise_stay(request: Request, advice: PreparedAdvice, *, actor: User, asked: StayAsked) -> FrozenDocument:
    """Keep the advice, send it, say what is refunded where a fee was paid, and end the engagement."""
    engagement = lock_engagement(request.engagement_id)
    require(actor, Permission.ADVISE_STAY, engagement.organization)
    current = Request.objects.select_for_update(of=("self",)).select_related("engagement").get(pk=request.pk)
    if {current.version, advice.version} != {asked.version}:
        raise Conflict("The data points changed while the advice was being built. Nothing was sent; read them again.")
    _refuse_moved(engagement, advice)
    for quote in Quote.objects.filter(engagement=engagement, state__in=[Quote.State.DRAFT, Quote.State.SENT]):
        take_back(quote, actor=actor, reason="The advice is to stay on Postfix.")
    perform("advise_to_stay", engagement=engagement, actor=actor, note=asked.note)
    document = file_paper(engagement, advice.paper, actor=actor, at=advice.at)
    stop_clock(current, actor=actor, at=advice.at)
    name = engagement.organization.name
    record("request.advised_to_stay", subject=request, actor=actor, organization=name, note=asked.note)
    announce_stay(request, document)
    return document
