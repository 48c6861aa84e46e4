"""What a quote says, in words: strings ready for page and paper, JSON-ready, without a query of their own."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core.audit import digest_of
from core.wording import amount_text, day_text, moment_text
from engagements.languages import language_of_plan
from pricing.calculation.diagnosis import BAND_LABELS
from pricing.calculation.facts import TEAM_WORDS, UNKNOWN, capitalized, counted
from pricing.calculation.plan import PARALLEL

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from accounts.models import Organization
    from pricing.calculation.books import Book, LicenceRow, Tier
    from pricing.calculation.facts import DataPoints
    from pricing.calculation.licences import LicenceEstimate
    from pricing.calculation.proposal import Proposal
    from pricing.calculation.tiers import Rejected
    from pricing.models import Quote, Request

Content = dict[str, Any]


def offer_content(proposal: Proposal, book: Book) -> Content:
    """The part of a quote that follows from the data points. Equal data points on equal days give equal content."""
    tier = proposal.choice.tier
    return {
        "book_day": book.day.isoformat(),
        "points": asdict(proposal.points),
        "sized_on": sized_on(proposal.points),
        "doubts": list(proposal.doubts),
        "diagnosis": diagnosis_content(proposal),
        "tier": {"key": tier.key, "label": tier.label, "scope": tier.scope},
        "by_rule": {"key": proposal.by_rule.tier.key, "label": proposal.by_rule.tier.label},
        "because": list(proposal.choice.because),
        "rejected": [rejected_content(one) for one in proposal.choice.rejected],
        "promises": promises(tier),
        "included": list(tier.included),
        "exclusions": list(book.texts["exclusions"]["texts"]),
        "licence": licence_content(proposal.licence, tier.currency, book.thresholds["licence_years"]),
        "fixed_fee": book.texts["fixed_fee"]["text"],
        "refund": refund_text(proposal, book),
        "lines": lines_content(proposal),
        "total": amount_text(proposal.totals.total, tier.currency),
        "calculation": proposal.calculation,
    }


def rejected_content(rejected: Rejected) -> Content:
    tier = rejected.tier
    return {"tier": tier.label, "fee": amount_text(tier.fee, tier.currency), "reason": rejected.reason}


def lines_content(proposal: Proposal) -> list[Content]:
    currency = proposal.choice.tier.currency
    return [
        {
            "description": line.description,
            "quantity": f"{line.quantity:f}",
            "unit_price": amount_text(line.unit_price, currency),
            "amount": amount_text(amount, currency),
        }
        for line, amount in zip(proposal.lines, proposal.totals.amounts, strict=True)
    ]


def diagnosis_content(proposal: Proposal) -> Content:
    diagnosis = proposal.diagnosis
    return {
        "band": str(diagnosis.band),
        "label": BAND_LABELS[diagnosis.band] if proposal.says_something else "Too little is known",
        "explanation": diagnosis.explanation,
        "is_provisional": diagnosis.is_provisional,
        "lit": diagnosis.lit,
        "signals": [
            {"label": signal.label, "is_lit": signal.is_lit, "numbers": signal.numbers} for signal in diagnosis.signals
        ],
    }


def sized_on(points: DataPoints) -> list[dict[str, str]]:
    """The four data points in words, in the order in which they are asked for."""
    shape = ("ips", "pools", "streams", "tenants", "domains")
    parts = ("milters", "bounce", "fbl", "other")
    return [
        {"term": "Volume", "value": f"{_figure(points.month)} a month, {_figure(points.peak)} on the busiest day"},
        {"term": "IPs and streams", "value": ", ".join(_counted(fact, getattr(points, fact)) for fact in shape)},
        {
            "term": "Custom components",
            "value": ", ".join(_counted(fact, getattr(points.components, fact)) for fact in parts),
        },
        {"term": "Team", "value": TEAM_WORDS[points.team]},
    ]


def _figure(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"


def _counted(fact: str, value: int | None) -> str:
    return f"{fact} {UNKNOWN}" if value is None else counted(fact, value)


def promises(tier: Tier) -> list[str]:
    """What the tier's numbers promise, one line each."""
    fewest, most = tier.weeks
    weeks = f"{fewest} weeks" if fewest == most else f"{fewest} to {most} weeks"
    if not tier.is_execution:
        return [weeks]
    return [
        f"{weeks} of work",
        f"Parallel delivery (phase {PARALLEL}) of at least {tier.minimum_parallel_weeks} weeks; it is never shortened",
        f"Rollback to Postfix stays possible for {tier.rollback_days} days after cutover",
        f"Monitoring for {tier.monitoring_days} days, beyond the weeks of work where it takes longer",
    ]


def licence_content(estimate: LicenceEstimate | None, currency: str, years: int) -> Content | None:
    if estimate is None:
        return None
    low, high = estimate.over(years)
    return {
        "range": range_text(estimate.low, estimate.high, currency, and_more=estimate.and_more),
        "years": years,
        "over_years": range_text(low, high, currency, and_more=estimate.and_more),
        "source": estimate.source,
        "note": estimate.note,
        "others": [_other_source(row, currency) for row in estimate.others],
    }


def _other_source(row: LicenceRow, currency: str) -> Content:
    shown = range_text(row.low, row.high, currency, and_more=row.and_more)
    return {"range": shown, "source": row.source, "note": row.note}


def range_text(low: Decimal, high: Decimal, currency: str, *, and_more: bool = False) -> str:
    """USD 60,000 to 80,000; USD 30,000; USD 200,000 and more."""
    shown = amount_text(low, currency)
    if low != high:
        shown = f"{shown} to {amount_text(high, currency).removeprefix(currency).strip()}"
    return f"{shown} and more" if and_more else shown


def refund_text(proposal: Proposal, book: Book) -> str:
    clause = book.texts["refund"]
    if not proposal.refund:
        return str(clause["nothing_left" if proposal.choice.tier.is_execution else "plan_only"])
    currency = proposal.choice.tier.currency
    return str(clause["text"]).format(
        refund=amount_text(proposal.refund, currency), total=amount_text(proposal.totals.total, currency)
    )


def dated_content(quote: Quote) -> Content:
    """What a quote says that has its dates (sent, or about to be)."""
    organization = quote.engagement.organization
    if quote.sent_at is None or quote.valid_until is None:
        raise ValueError(f"{quote} has no dates yet")
    return {
        **quote.snapshot,
        "number": quote.number,
        "revision": quote.letter,
        "reference": quote.reference,
        "title": f"{quote.tier_label} quote",
        "organization": organization.name,
        "issued_on": day_text(quote.sent_at.astimezone(zone_of(organization)).date()),
        "valid_until": valid_until_text(quote.valid_until, organization),
    }


def stay_snapshot(request: Request, proposal: Proposal, book: Book, *, note: str, refund: str, at: datetime) -> Content:
    """Everything that stands on the paper that advises to stay."""
    organization = request.engagement.organization
    advice, thresholds = book.texts["stay_advice"], book.thresholds
    content = {
        "language": language_of_plan(request.engagement),
        "reference": f"{request.engagement.code}-STAY",
        "title": "Advice to stay on Postfix",
        "organization": organization.name,
        "issued_on": day_text(at.astimezone(zone_of(organization)).date()),
        "sized_on": sized_on(proposal.points),
        "diagnosis": diagnosis_content(proposal),
        "text": advice["text"],
        "note": note,
        "refund": refund,
        "again": advice["again"].format(
            month=f"{thresholds['signal_month']:,}", ips=thresholds["signal_ips"], streams=thresholds["signal_streams"]
        ),
    }
    return {**content, "content_digest": digest_of(content)}


def zone_of(organization: Organization) -> ZoneInfo:
    return ZoneInfo(organization.time_zone)


def valid_until_text(valid_until: datetime, organization: Organization) -> str:
    return moment_text(valid_until, zone_of(organization))


def missing_text(points: DataPoints) -> str:
    """Which data points are still asked for, as a sentence; empty when none is."""
    return f"Still missing: {capitalized(', '.join(points.missing))}." if points.missing else ""
