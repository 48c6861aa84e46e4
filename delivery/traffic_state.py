"""How the reconciliation of an engagement stands: the newest run, how old it is, since when it is clean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.counting import counted
from core.wording import span_text
from delivery.models import CaseItem, DiscrepancyCase, JournalKey, ReconciliationRun, TrafficLog
from delivery.ramp.book import load_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from engagements.models import Engagement

MOST_SENTENCES = 10
SIDES = {"journal": "the proxy's journal", "old": "Postfix", "new": "the new route"}  # by ReconciliationRun.covered


def newest_run(engagement: Engagement) -> ReconciliationRun | None:
    return ReconciliationRun.objects.filter(engagement=engagement).first()


def open_case_reasons(engagement: Engagement) -> Iterator[str]:
    """A sentence for each open case."""
    yield from words_of_cases(open_cases(engagement))


def open_cases(engagement: Engagement) -> QuerySet[DiscrepancyCase]:
    """There are as many as kinds of discrepancy at the most, each with all that are alike."""
    return DiscrepancyCase.objects.open().filter(engagement=engagement).select_related("owner").order_by("number")


def words_of_cases(cases: Iterable[DiscrepancyCase]) -> Iterator[str]:
    every = list(cases)
    for case in every[:MOST_SENTENCES]:
        yield f"{case} is open: {case.title}, {counted(case.count, 'message')}, {_whose(case)}."
    if (more := len(every) - MOST_SENTENCES) > 0:
        yield f"And {counted(more, 'more case is', 'more cases are')} open."


def _whose(case: DiscrepancyCase) -> str:
    return f"with {case.owner}" if case.owner else "nobody has taken it"


def account_reasons(freshness: Freshness) -> Iterator[str]:
    """Why the newest run does not account for all mail, in sentences: a side without logs has no cases either."""
    run = freshness.run
    if run is None:
        yield "The logs of both sides have not been held against each other yet."
        return
    if missing := [name for side, name in SIDES.items() if side not in run.covered]:
        yield f"{run} read nothing of {' and of '.join(missing)}. Upload those logs and reconcile them."
    if freshness.is_too_old:
        yield f"{freshness.words}. Upload newer logs of all sides and reconcile them."


@dataclass(frozen=True, slots=True)
class Loss:
    """What falls away with a log: `runs` read it, and without the last of its kind, later ones say less."""

    runs: tuple[ReconciliationRun, ...]
    is_last: bool


def loss_of(log: TrafficLog) -> Loss:
    runs = ReconciliationRun.objects.filter(engagement=log.engagement_id, lines__contains=[{"log": log.number}])
    others = TrafficLog.objects.kept().filter(engagement=log.engagement_id, kind=log.kind).exclude(pk=log.pk)
    return Loss(tuple(runs.defer("report", "lines").order_by("number")), not others.exists())


def key_reasons(engagement: Engagement) -> Iterator[str]:
    """Why nothing can be held against each other in the portal, where the journal is hashed and its key is not here."""
    kept = JournalKey.objects.filter(engagement=engagement).first()
    if kept and kept.is_missing:
        yield (
            "The proxy's journal names its recipients only as hashes, and the portal has no key to them: the newest "
            "logs were not held against each other here. Set the key, or note here what ./gatepost reconcile said on "
            "the proxy."
        )


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the newest data are. Old data never look like good ones."""

    run: ReconciliationRun | None
    now: datetime

    @property
    def until(self) -> datetime | None:
        return self.run.covered_to if self.run else None

    @property
    def age(self) -> timedelta | None:
        return self.now - self.until if self.until else None

    @property
    def is_stale(self) -> bool:
        """Without data as well."""
        return self.age is None or self.age > timedelta(minutes=load_plan().stale_minutes)

    @property
    def is_gap(self) -> bool:
        return self.age is not None and self.age > timedelta(minutes=load_plan().gap_minutes)

    @property
    def is_too_old(self) -> bool:
        return self.age is None or self.age > timedelta(hours=load_plan().blocking_hours)

    @property
    def words(self) -> str:
        if self.run is None:
            return "Nothing has been reconciled yet"
        if "journal" not in self.run.covered:
            return "The newest run read nothing of the proxy's journal"
        if self.age is None:
            return "The logs of both sides have no hour in common"
        return f"Data until {span_text(self.age)} ago"


def freshness_of(engagement: Engagement) -> Freshness:
    return Freshness(newest_run(engagement), timezone.now())


def clean_since(
    engagement: Engagement, run: ReconciliationRun | None, *, has_open: bool | None = None
) -> datetime | None:
    """From when on everything is accounted for, up to the end of the run's data; None while a case is open.

    What was explained does not count against it; what was confirmed did happen, so it begins after it.
    """
    if run is None or run.covered_from is None:
        return None
    if DiscrepancyCase.objects.open().filter(engagement=engagement).exists() if has_open is None else has_open:
        return None
    happened = CaseItem.objects.filter(Q(case__verdict=DiscrepancyCase.Verdict.CONFIRMED), engagement=engagement)
    latest: datetime | None = happened.aggregate(at=Max(Coalesce("accepted_at", "ended_at")))["at"]
    return max(run.covered_from, latest) if latest else run.covered_from
