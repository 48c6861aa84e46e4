"""Reads the facts of many engagements, in the same number of queries whatever their number.

Messages are taken from the totals of reconciliations, and constructs from the counts of translations: never by line.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Count, F, Max, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Extract
from django.utils import timezone
from djmoney.money import Money

from delivery.models import ReconciliationRun, Rollback, ShareChange
from discovery.models import Stream, TranslationSet
from engagements.models import Engagement, Gate, SchedulePhase, Transition
from engagements.steps import OVER
from pricing.calculation.clock import Interval
from pricing.cases import counted_cases_of
from pricing.domain.advise_stay import refund_on
from pricing.in_force import day_of
from pricing.models import Quote, Request
from reports.models import DaysSpent
from reports.portfolio.facts import (
    Agreement,
    EngagementFacts,
    Facts,
    GateFacts,
    Move,
    PhaseFacts,
    Traffic,
    Translated,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from engagements.models.engagement import EngagementQuerySet
    from pricing.cases import Case

EPOCH, MICROSECONDS = datetime(1970, 1, 1, tzinfo=UTC), 1_000_000
Moves = dict[tuple[int, int | None], list[Move]]


def facts_of(engagements: EngagementQuerySet) -> Facts:
    """The newest engagement first."""
    return _joined(engagements, *_parts(engagements.order_by().values("pk")))


def schedules_of(engagements: EngagementQuerySet) -> Facts:
    """Only what the list of engagements tells: the dates of their gates."""
    within = engagements.order_by().values("pk")
    return _joined(engagements, {"gates": _gates(within, _moves(within)), "phases": _phases(within)}, {})


def _joined(
    engagements: EngagementQuerySet, parts: dict[str, dict[int, Any]], streams: dict[int, dict[str, Any]]
) -> Facts:
    told = engagements.order_by("-pk").values(
        *("pk", "code", "phase", "phase_before_hold", "created_at", "target"),
        customer=F("organization__name"),
        tier=F("tier_label"),
    )
    return Facts(
        EngagementFacts(
            begun=day_of(row.pop("created_at")),
            **{name: found[row["pk"]] for name, found in parts.items() if row["pk"] in found},
            **streams.get(row["pk"], {}),
            **row,
        )
        for row in told
    )


def _parts(within: Any) -> tuple[dict[str, dict[int, Any]], dict[int, dict[str, Any]]]:
    """What of each engagement is kept elsewhere, by the name of the fact; and how its streams are marked."""
    moves = _moves(within)
    parts: dict[str, dict[int, Any]] = {
        "moves": {engagement: own for (engagement, gate), own in moves.items() if gate is None},
        "gates": _gates(within, moves),
        "phases": _phases(within),
        "case": _cases(within),
        "agreement": _agreements(within),
        "traffic": _traffic(within),
        "translated": _translations(within),
        "spent": _spent(within),
    }
    return parts, _streams(within)


def _moves(within: Any) -> Moves:
    """Of each engagement, and of each of its gates, in their order.

    Moments come as whole microseconds: the driver takes longer to read thousands of dates than for all the rest.
    """
    found: Moves = defaultdict(list)
    since = Cast(Extract("at", "epoch", tzinfo=UTC) * MICROSECONDS, BigIntegerField())
    rows = Transition.objects.filter(engagement__in=within).order_by("pk")
    columns = ("engagement", "gate", "step", "before", "after")
    for engagement, gate, step, before, after, microseconds in rows.values_list(*columns, since):
        move = Move(step, before, after, EPOCH + timedelta(microseconds=microseconds))
        found[engagement, gate].append(move)
    return found


def _gates(within: Any, moves: Moves) -> dict[int, list[GateFacts]]:
    """The last gates of an engagement that is over are waited for by nobody since it ended."""
    found: dict[int, list[GateFacts]] = defaultdict(list)
    now = timezone.now()
    rows = Gate.objects.filter(engagement__in=within).order_by("engagement", "number")
    for pk, engagement, number, state in rows.values_list("pk", "engagement", "number", "state"):
        own = moves.get((engagement, None), [])
        facts = GateFacts(number, state, tuple(moves.get((engagement, pk), ())), _holds(own), _last(own, now))
        found[engagement].append(facts)
    return found


def _last(moves: list[Move], now: datetime) -> datetime:
    return moves[-1].at if moves and moves[-1].after in OVER else now


def _holds(moves: Iterable[Move]) -> tuple[Interval, ...]:
    """When an engagement was on hold; what it was held for ends with whatever move comes next."""
    held: list[Interval] = []
    for move in moves:
        if move.before == Engagement.Phase.ON_HOLD:
            held[-1:] = [Interval(held[-1].start, move.at)] if held else []
        if move.after == Engagement.Phase.ON_HOLD:
            held.append(Interval(move.at))
    return tuple(held)


def _phases(within: Any) -> dict[int, list[PhaseFacts]]:
    found: dict[int, list[PhaseFacts]] = defaultdict(list)
    columns = ("engagement", "number", "planned_start", "planned_end", "actual_start", "actual_end")
    rows = SchedulePhase.objects.filter(engagement__in=within).order_by("engagement", "number")
    for engagement, number, start, end, began, ended in rows.values_list(*columns):
        actual = (ended - began).days + 1 if ended and began else None
        found[engagement].append(PhaseFacts(number, end, (end - start).days + 1, actual))
    return found


def _cases(within: Any) -> dict[int, Case]:
    cases = counted_cases_of(Request.objects.filter(engagement__in=within))
    return {case.request.engagement_id: case for case in cases}


def _agreements(within: Any) -> dict[int, Agreement]:
    """The agreement in force of each: what an amendment replaced is not counted beside it."""
    rows = Quote.objects.filter(engagement__in=within, state=Quote.State.ACCEPTED)
    in_force = rows.order_by("engagement_id", "-accepted_at", "-pk").distinct("engagement_id")
    columns = ("engagement_id", "engagement__phase", "total", "total_currency")
    found = {}
    for engagement, phase, total, currency, day in in_force.values_list(*columns, KT("snapshot__book_day")):
        refund = refund_on(total, day) if phase == Engagement.Phase.STAYED else 0
        found[engagement] = Agreement(Money(total, currency), Money(refund, currency))
    return found


def _streams(within: Any) -> dict[int, dict[str, Any]]:
    rows = (
        Stream.objects.filter(engagement__in=within)
        .order_by()
        .values("engagement")
        .annotate(
            streams=Count("pk"),
            migrating=Count("pk", filter=Q(route=Stream.Route.MIGRATE)),
            staying=Count("pk", filter=Q(route=Stream.Route.STAY)),
        )
    )
    return {row.pop("engagement"): row for row in rows}


def _traffic(within: Any) -> dict[int, Traffic]:
    changes = ShareChange.objects.filter(ramp__engagement__in=within, state=ShareChange.State.DONE)
    shares = (
        changes.order_by()
        .values("ramp__engagement")
        .annotate(most=Max("share"), falls=Count("pk", filter=Q(share__lt=F("previous"))))
    )
    real = Rollback.objects.filter(engagement__in=within, is_drill=False).order_by()
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in shares:
        found[row["ramp__engagement"]] = {"has_split": row["most"] > 0, "falls": row["falls"]}
    for row in real.values("engagement").annotate(rollbacks=Count("pk")):
        found[row["engagement"]]["rollbacks"] = row["rollbacks"]
    for engagement, recipients, missing in _newest_runs(within):
        found[engagement] |= {"recipients": recipients, "missing": missing}
    return {engagement: Traffic(**row) for engagement, row in found.items()}


def _newest_runs(within: Any) -> Iterable[tuple[int, int, int]]:
    """Each run reads all kept logs anew, so the newest one has the totals of all of them."""
    newest = ReconciliationRun.objects.filter(engagement__in=within).order_by("engagement_id", "-number")
    totals = (Cast(KT(path), BigIntegerField()) for path in ("report__recipients", "report__states__missing"))
    return newest.distinct("engagement_id").values_list("engagement_id", *totals)


def _translations(within: Any) -> dict[int, Translated]:
    """The newest set to the target that was chosen; one that counts nothing says nothing."""
    to_target = TranslationSet.objects.filter(engagement__in=within, target=F("engagement__target"))
    newest = to_target.order_by("engagement_id", "-number").distinct("engagement_id")
    columns = ("engagement_id", "pk", "counted_count", "covered_count", "person_days")
    return {
        engagement: Translated(pk, counted, covered, days)
        for engagement, pk, counted, covered, days in newest.values_list(*columns)
        if counted
    }


def _spent(within: Any) -> dict[int, dict[int, Decimal]]:
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = DaysSpent.objects.filter(engagement__in=within).order_by().values("engagement", "phase")
    for row in rows.annotate(total=Sum("days")):
        found[row["engagement"]][row["phase"]] = row["total"]
    return found
