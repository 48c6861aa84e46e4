"""Rounds that erase what has had its time: told first, run some days later, and never what is under a hold."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import Membership
from core.audit import record
from core.disposal import in_order, references, remove
from core.models import AuditOrigin, Job
from core.record_classes import ENGAGEMENT_OVER, OWNER, RecordClass, class_of, models_of, record_classes
from core.rounds import each
from engagements.domain.set_hold import lock_ends
from engagements.models import Engagement, LegalHold, RetentionRound
from engagements.records_end import days_of
from engagements.steps import OVER

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model


@transaction.atomic
def tell_round() -> RetentionRound | None:
    """Say what the next round erases, and when. None when one is told already or nothing has had its time."""
    lock_ends()
    if RetentionRound.objects.filter(done_at=None).exists():
        return None
    now = timezone.now()
    planned = planned_at(now)
    if not planned:
        return None
    due_at = now + timedelta(days=days_of("notice_days"))
    told = RetentionRound.objects.create(told_at=now, due_at=due_at, planned=planned)
    record("retention.told", subject=told, actor=None, rows=sum(planned.values()), due=f"{due_at:%Y-%m-%d %H:%M} UTC")
    return told


def planned_at(moment: datetime) -> dict[str, int]:
    """How many rows of each class have had their time, those under a hold aside."""
    counts: Counter[str] = Counter()
    for model, wanted in due_at(moment).items():
        counts[class_of(model).key] += model._base_manager.filter(wanted).distinct().count()
    return {key: count for key, count in counts.items() if count}


def due_at(moment: datetime) -> dict[type[Model], Q]:
    found = {}
    for one in (known for known in record_classes() if known.retention.days):
        for model in models_of(one):
            if one.models[model._meta.label] != OWNER:
                found[model] = _had_its_time(one, model, moment) & ~_is_held(one, model)
    return found


def _had_its_time(one: RecordClass, model: type[Model], moment: datetime) -> Q:
    until = moment - timedelta(days=one.retention.days or 0)
    if one.retention.since == ENGAGEMENT_OVER:
        lookup = one.models[model._meta.label].removesuffix("__organization")
        return Q(**{f"{lookup}__in": _over_until(until)})
    finished = Q(finished_at__isnull=False) if model is Job else Q()
    return finished & Q(**{f"{_clock_of(one, model)}__lte": until})


def _over_until(until: datetime) -> list[int]:
    """Engagements that have been over since then."""
    ended = Engagement.objects.filter(phase__in=OVER).annotate(over_at=Max("transitions__at"))
    return list(ended.filter(over_at__lte=until).values_list("pk", flat=True))


def _clock_of(one: RecordClass, model: type[Model]) -> str:
    """The field itself, or that of the row of the same class that this one belongs to."""
    since = one.retention.since
    try:
        model._meta.get_field(since.partition("__")[0])
    except FieldDoesNotExist:
        owner = next(one_of for one_of in references(model) if one_of.related_model in list(models_of(one)))
        return f"{owner.name}__{since}"
    return since


def _is_held(one: RecordClass, model: type[Model]) -> Q:
    """Of a customer under a hold, of an engagement under one, or of somebody who belongs to such a customer."""
    holds = LegalHold.objects.standing()
    organizations = list(holds.values_list("organization", flat=True))
    engagements = list(Engagement.objects.filter(_touched_by(list(holds))).values_list("pk", flat=True))
    held, lookup = Q(pk__in=[]), one.models[model._meta.label]
    if one.retention.since == ENGAGEMENT_OVER:
        held |= Q(**{f"{lookup.removesuffix('__organization')}__in": engagements})
    elif lookup:
        held |= Q(**{f"{lookup}__in": organizations})
    if model._meta.label in one.people:
        members = Membership.objects.filter(organization__in=organizations).values_list("user", flat=True)
        held |= Q(**{f"{one.people[model._meta.label]}__in": list(members)})
    if model is AuditOrigin:
        held |= Q(event__chain__in=[f"engagement:{pk}" for pk in engagements])
    return held


def _touched_by(holds: list[LegalHold]) -> Q:
    touched = Q(pk__in=[])
    for hold in holds:
        touched |= Q(pk=hold.engagement_id) if hold.engagement_id else Q(organization=hold.organization_id)
    return touched


def run_round() -> int:
    """Erase what the round that is due has told, as far as no hold stands on it now. How many rows went.

    Begun again after a crash it goes on with what is left.
    """
    told = RetentionRound.objects.filter(done_at=None, due_at__lte=timezone.now()).first()
    if told is None:
        return 0
    models = in_order(due_at(told.told_at))
    removed = each(partial(_remove_all, told), models)
    _end(told)
    return removed


def _remove_all(told: RetentionRound, model: type[Model]) -> int:
    removed = 0
    while count := _remove_some(told, model):
        removed += count
    return removed


@transaction.atomic
def _remove_some(told: RetentionRound, model: type[Model]) -> int:
    lock_ends()
    one = class_of(model)
    count = remove(model, _had_its_time(one, model, told.told_at) & ~_is_held(one, model))
    row = RetentionRound.objects.select_for_update().get(pk=told.pk)
    if count:
        row.erased[one.key] = row.erased.get(one.key, 0) + count
        row.save(update_fields=["erased"])
    return count


@transaction.atomic
def _end(told: RetentionRound) -> None:
    row = RetentionRound.objects.select_for_update().get(pk=told.pk)
    row.done_at = timezone.now()
    row.save(update_fields=["done_at"])
    record("retention.ended", subject=row, actor=None, rows=sum(row.erased.values()))
