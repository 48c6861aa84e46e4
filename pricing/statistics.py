"""Neutrality in numbers: what was advised and chosen over all engagements. Loaded by PricingConfig.ready()."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone

from accounts.guard.door import without_guard
from core.models import AuditEvent
from discovery.models import SelectionAnswer, Stream
from discovery.selection.method import method_on
from discovery.selection.score import Outcome, score
from discovery.statistics import Statistic, counts_portfolio
from engagements.models import Engagement
from pricing.domain.advise_stay import refund_of
from pricing.figures import share_text
from pricing.in_force import book_now, day_of
from pricing.models import Quote, Request

if TYPE_CHECKING:
    from collections.abc import Iterator


@counts_portfolio
def neutrality() -> list[Statistic]:
    """Of every engagement, whoever asks: sums only, no names."""
    texts = book_now().texts["statistics"]["rows"]
    with without_guard():
        counted = dict(_counted())
    return [_statistic(key, said, *counted[key]) for key, said in texts.items()]


def _statistic(key: str, said: dict[str, str], count: int, of: int) -> Statistic:
    return Statistic(key, said["label"], count, of, said["definition"], share_text(count, of))


def _counted() -> Iterator[tuple[str, tuple[int, int]]]:
    outcomes = _outcomes()
    for outcome in (Outcome.POWERMTA, Outcome.KUMOMTA, Outcome.CLOSE):
        yield f"recommended_{outcome}", (outcomes.count(outcome), len(outcomes))
    targets = list(Engagement.objects.exclude(target="").values_list("target", flat=True))
    for target in Engagement.Target.values:
        yield f"chosen_{target}", (targets.count(target), len(targets))
    yield "stay", _stays()
    yield "refund", _refunds()
    yield "hybrid", _hybrids()
    yield "disputed", _disputes()


def _outcomes() -> list[Outcome]:
    """Of every selection that is answered whole, by the method in force."""
    method = method_on(day_of(timezone.now()))
    offered = {(variable.key, choice.key) for variable in method.variables for choice in variable.answers}
    given: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for engagement, variable, choice in SelectionAnswer.objects.values_list("engagement", "variable", "choice"):
        if (variable, choice) in offered:
            given[engagement][variable] = choice
    scores = [score(method, answers) for answers in given.values()]
    return [found.outcome for found in scores if found.is_complete]


def _stays() -> tuple[int, int]:
    answered = Request.objects.filter(answered_at__isnull=False)
    return answered.filter(engagement__phase=Engagement.Phase.STAYED).count(), answered.count()


def _refunds() -> tuple[int, int]:
    """Of the agreements in force, one an engagement: what an amendment replaced is not counted beside it."""
    in_force = Quote.objects.agreed().order_by("engagement_id", "-accepted_at", "-pk").distinct("engagement_id")
    ended = in_force.filter(engagement__phase=Engagement.Phase.STAYED)
    return sum(refund_of(quote) > 0 for quote in ended), in_force.count()


def _hybrids() -> tuple[int, int]:
    marked = Stream.objects.exclude(route=Stream.Route.UNDECIDED).values("engagement").order_by()
    mixed = marked.annotate(
        go=Count("pk", filter=Q(route=Stream.Route.MIGRATE)), stay=Count("pk", filter=Q(route=Stream.Route.STAY))
    )
    return mixed.filter(go__gt=0, stay__gt=0).count(), marked.distinct().count()


def _disputes() -> tuple[int, int]:
    disputed = AuditEvent.objects.filter(action="selection.disputed").order_by().values("chain").distinct().count()
    return disputed, SelectionAnswer.objects.order_by().values("engagement").distinct().count()
