"""Turns what a run does not account for into cases: one for all that are alike, each message once for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db.models import F, Sum

from core.audit import record
from core.numbering import next_number
from delivery.models import CaseItem, DiscrepancyCase
from discovery.storable import storable

if TYPE_CHECKING:
    from accounts.models import User
    from delivery.models import ReconciliationRun
    from delivery.ramp.discrepancies import Alike, Discrepancy, Group

BATCH = 1000


def merge_cases(run: ReconciliationRun, groups: dict[Alike, Group], *, actor: User) -> int:
    """How many messages were not known before. What was closed stays closed; what is new opens a case."""
    return sum(_merge(run, alike, group, actor) for alike, group in groups.items())


def _merge(run: ReconciliationRun, alike: Alike, group: Group, actor: User) -> int:
    known = CaseItem.objects.filter(engagement=run.engagement, key__in=[one.key for one in group.listed])
    new = {one.key: one for one in group.listed}
    for key in known.values_list("key", flat=True):
        del new[key]
    known.update(seen_in=run)
    unlisted = _unlisted(run, alike, group)
    if new or unlisted:
        _grow(run, alike, list(new.values()), unlisted, actor)
    return len(new) + unlisted


def _cases(run: ReconciliationRun, alike: Alike) -> dict[str, object]:
    state, cause, path = alike
    return {"engagement": run.engagement, "state": state, "cause": cause, "path": path}


def _unlisted(run: ReconciliationRun, alike: Alike, group: Group) -> int:
    """Beyond those that are listed, and beyond what cases of before count already."""
    counted = DiscrepancyCase.objects.filter(**_cases(run, alike)).aggregate(all=Sum("unlisted_count"))["all"] or 0
    return max(group.count - len(group.listed) - counted, 0)


def _grow(run: ReconciliationRun, alike: Alike, new: list[Discrepancy], unlisted: int, actor: User) -> None:
    case = DiscrepancyCase.objects.open().filter(**_cases(run, alike)).first()
    action = "case.grown" if case else "case.opened"
    case = case or _open(run, alike)
    CaseItem.objects.bulk_create([_item(case, run, one) for one in new], batch_size=BATCH)
    DiscrepancyCase.objects.filter(pk=case.pk).update(
        item_count=F("item_count") + len(new),
        unlisted_count=F("unlisted_count") + unlisted,
        version=F("version") + 1,
    )
    record(action, subject=case, actor=actor, title=case.title, count=len(new) + unlisted, run=str(run))


def _open(run: ReconciliationRun, alike: Alike) -> DiscrepancyCase:
    earlier = DiscrepancyCase.objects.filter(engagement=run.engagement)
    return DiscrepancyCase.objects.create(
        **_cases(run, alike),
        number=next_number(earlier),
        opened_at=run.done_at,
    )


def _item(case: DiscrepancyCase, run: ReconciliationRun, one: Discrepancy) -> CaseItem:
    return CaseItem(
        case=case,
        engagement=run.engagement,
        key=one.key,
        message_id=storable(one.message_id),
        recipient=storable(one.recipient),
        trace=storable(one.trace),
        accepted_at=_at(one.accepted),
        ended_at=_at(one.ended),
        became=one.became,
        file=storable(one.file),
        found_in=run,
        seen_in=run,
    )


def _at(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
