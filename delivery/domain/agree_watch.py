"""How long the new route is watched after the cutover, and against which baseline."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.numbering import next_number
from delivery.domain.person_words import words_of
from delivery.models import Baseline, Watch
from delivery.watch.book import load_watch
from delivery.watch_state import current_watch, cutover_done
from engagements.domain.lock_engagement import lock_living
from pricing.calculation.books import book_on
from pricing.models import Quote

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

NO_CUTOVER = "No cutover is done: the watch begins when everything goes the new way."
NO_BASELINE = "No baseline is frozen. Freeze one first: without it there is nothing to hold the new route against."


def days_promised(engagement: Engagement) -> int:
    """As the quote promised them; the shortest watch where no quote says."""
    quote, shortest = Quote.objects.filter(engagement=engagement).agreed().first(), load_watch().shortest
    if quote is None:
        return shortest
    return book_on(date.fromisoformat(quote.snapshot["book_day"])).tier(quote.tier_key).monitoring_days or shortest


@transaction.atomic
def agree_watch(
    engagement: Engagement, *, days: int, actor: User, baseline: int | None = None, why_short: str = ""
) -> Watch:
    """From the cutover on, against the newest baseline or the one of that number. Takes the place of the one before.

    Raises DomainError with what is missing, Conflict where the same is agreed already.
    """
    engagement = lock_living(engagement.pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    cutover, against = cutover_done(engagement), _baseline(engagement, baseline)
    if cutover is None or cutover.done_at is None:
        raise DomainError(NO_CUTOVER)
    _refuse_span(engagement, days)
    before = current_watch(engagement)
    if before and (before.cutover_id, before.baseline_id, before.days) == (cutover.pk, against.pk, days):
        raise Conflict(f"{before} says the same already. Nothing was changed.")
    watches = Watch.objects.filter(engagement=engagement)
    watch = Watch.objects.create(
        engagement=engagement,
        number=next_number(watches),
        cutover=cutover,
        baseline=against,
        begins_at=cutover.done_at,
        days=days,
        why_short=_why(against, why_short),
        agreed_at=timezone.now(),
        agreed_by=actor,
    )
    facts = {"days": days, "begins": str(cutover.done_at.date()), "baseline": str(against), "why": watch.why_short}
    record("watch.agreed", subject=watch, actor=actor, **facts)
    return watch


def _baseline(engagement: Engagement, number: int | None) -> Baseline:
    baselines = Baseline.objects.filter(engagement=engagement)
    found = (baselines if number is None else baselines.filter(number=number)).first()
    if found is None:
        raise DomainError(NO_BASELINE if number is None else f"There is no baseline {number}. Nothing was agreed.")
    return found


def _refuse_span(engagement: Engagement, days: int) -> None:
    book, promised = load_watch(), days_promised(engagement)
    least = max(book.shortest, min(promised, book.longest))
    if not least <= days <= book.longest:
        raise DomainError(
            f"A watch lasts {least} to {book.longest} days here: the quote promised {promised}. Nothing was agreed."
        )


def _why(baseline: Baseline, why_short: str) -> str:
    if not baseline.is_short:
        return ""
    days = f"{baseline.day_count} of {load_watch().baseline_days} days"
    return words_of(
        why_short, f"{baseline} is short, {days}. Say why it will do: every figure held against it shows it."
    )
