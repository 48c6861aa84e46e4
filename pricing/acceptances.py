"""When a quote was accepted, and what became of it since, for whoever verifies its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.models import AuditEvent
from engagements.verification import KnownEnd, register_ends, register_signatures
from pricing.models import Quote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engagements.models import FrozenDocument

_STAYS = "When it was accepted stays recorded."


@register_signatures
def acceptances(document: FrozenDocument) -> Iterable[datetime]:
    accepted = Quote.objects.filter(document=document, accepted_at__isnull=False)
    moments: Iterable[datetime] = accepted.values_list("accepted_at", flat=True)
    return moments


@register_ends
def end_of_quote(document: FrozenDocument) -> KnownEnd | None:
    """None for what is no quote, and for one that is open or holds. Names nobody and no reason."""
    quote = Quote.objects.filter(document=document).first()
    if quote is None:
        return None
    if quote.state == Quote.State.ACCEPTED:
        return _amended(quote)
    if quote.has_run_out:
        return _ended("Expired", quote.valid_until, "It was not accepted by then, and can no longer be.")
    ends = {
        Quote.State.VOIDED: ("Declared void", quote.voided_at, f"It binds nobody since then. {_STAYS}"),
        Quote.State.DECLINED: ("Declined", quote.declined_at, "It can no longer be accepted."),
        Quote.State.SUPERSEDED: ("Replaced", _replaced_at(quote), "It can no longer be accepted."),
        Quote.State.WITHDRAWN: ("Withdrawn", _withdrawn_at(quote), "It can no longer be accepted."),
    }
    return _ended(*ends[quote.state]) if quote.state in ends else None


def _amended(quote: Quote) -> KnownEnd | None:
    by = Quote.objects.agreed().filter(amends=quote).first()
    return _ended("Amended", by.accepted_at, f"Another quote was accepted in its place. {_STAYS}") if by else None


def _ended(title: str, at: datetime | None, meaning: str) -> KnownEnd | None:
    return KnownEnd(title, at, meaning) if at else None


def _replaced_at(quote: Quote) -> datetime | None:
    later = Quote.objects.filter(number=quote.number, revision__gt=quote.revision)
    moment: datetime | None = later.order_by("revision").values_list("created_at", flat=True).first()
    return moment


def _withdrawn_at(quote: Quote) -> datetime | None:
    events = AuditEvent.objects.filter(subject_type=quote._meta.label, subject_id=f"{quote.pk}")
    moment: datetime | None = events.filter(action="quote.withdrawn").values_list("at", flat=True).first()
    return moment
