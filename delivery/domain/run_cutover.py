"""Plans a cutover, walks its run-sheet, and ends it in a window in which one can go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from core.audit import digest_of, record
from core.errors import Conflict, DomainError, GateClosed
from core.numbering import next_number
from delivery.cutover_state import (
    NOTHING_READ,
    finish_reasons,
    hosts_now,
    order_reasons,
    seen_by_the_portal,
    window_days_of,
)
from delivery.domain.announce import announce_go
from delivery.domain.person_words import words_of
from delivery.models import Cutover, CutoverStep, FrozenConfiguration, QueueCount, Ramp
from delivery.ramp.sheet import sheet_steps
from engagements.domain.lock_engagement import lock_living
from engagements.models import Engagement, GateTask
from engagements.parties import PARTY_PERMISSIONS
from engagements.schedule import CUTOVER

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


@transaction.atomic
def plan_cutover(ramp: Ramp, *, planned_for: datetime, on_call: str, actor: User) -> Cutover:
    """Raises Conflict while an earlier one of the same ramp has not fallen back."""
    engagement = lock_living(ramp.engagement_id)
    require(actor, Permission.WORK_TASK, engagement.organization)
    if there := Cutover.objects.filter(ramp=ramp, fallen_back_at=None).first():
        raise Conflict(f"{there} moves {ramp.title} already. Another is planned after a fall-back.")
    people = words_of(on_call, "Name the people on call on both sides, with their telephone numbers.")
    earlier = Cutover.objects.filter(engagement=engagement)
    cutover = Cutover.objects.create(
        engagement=engagement,
        number=next_number(earlier),
        ramp=ramp,
        window_days=window_days_of(engagement),
        planned_for=planned_for,
        planned_by=actor,
        on_call=people,
    )
    CutoverStep.objects.bulk_create(
        CutoverStep(cutover=cutover, position=position, key=row.key, title=row.title, kind=row.kind, party=row.party)
        for position, row in enumerate(sheet_steps(), start=1)
    )
    record("cutover.planned", subject=cutover, actor=actor, title=ramp.title, days=cutover.window_days)
    return cutover


@transaction.atomic
def complete_step(step: CutoverStep, *, evidence: str, actor: User) -> CutoverStep:
    """In the order of the sheet where an approval stands before it. What the portal sees, it has to see."""
    cutover = lock_cutover(step.cutover)
    step = CutoverStep.objects.select_for_update().get(pk=step.pk)
    _require_party(step, cutover, actor)
    if step.done_at:
        raise Conflict("This step is done already.")
    if reasons := order_reasons(step, cutover.steps.all()):
        raise GateClosed(*reasons)
    if step.kind == CutoverStep.Kind.AUTOMATIC:
        answer = seen_by_the_portal(step.key, cutover)
        if not answer.holds:
            raise DomainError(answer.said)
        evidence = answer.said
    step.evidence = words_of(evidence, "Say what shows it: an answer, a line, a time, a name.")
    step.done_at, step.done_by = timezone.now(), actor
    step.save(update_fields=["evidence", "done_at", "done_by"])
    record("cutover.step", subject=cutover, actor=actor, title=step.title, evidence=step.evidence)
    _ask_for_go(cutover, step)
    return step


def _ask_for_go(cutover: Cutover, done: CutoverStep) -> None:
    """When the last step before an approval is done, which is once."""
    undone = cutover.steps.filter(done_at=None).first()
    if undone and undone.kind == CutoverStep.Kind.APPROVAL and done.position < undone.position:
        undone.cutover = cutover
        announce_go(undone)


def _require_party(step: CutoverStep, cutover: Cutover, actor: User) -> None:
    organization = cutover.engagement.organization
    if step.kind == CutoverStep.Kind.APPROVAL:
        require(actor, Permission.SIGN, organization, phase=CUTOVER)
    else:
        require_any(actor, PARTY_PERMISSIONS[GateTask.Party(step.party)], organization)


@transaction.atomic
def freeze_configuration(cutover: Cutover, *, actor: User) -> FrozenConfiguration:
    """What the newest upload of every host says is what later uploads are compared with."""
    cutover = lock_cutover(cutover)
    require(actor, Permission.WORK_TASK, cutover.engagement.organization)
    if FrozenConfiguration.objects.filter(cutover=cutover).exists():
        raise Conflict("The configuration is frozen already. It stays what it was compared with.")
    hosts = hosts_now(cutover)
    if not hosts:
        raise DomainError(NOTHING_READ)
    frozen = FrozenConfiguration.objects.create(
        cutover=cutover, digest=digest_of(hosts), hosts=hosts, frozen_at=timezone.now(), frozen_by=actor
    )
    record("cutover.frozen", subject=cutover, actor=actor, digest=frozen.digest, hosts=sorted(hosts))
    return frozen


@transaction.atomic
def note_queue(cutover: Cutover, *, side: str, count: int, actor: User) -> QueueCount:
    cutover = lock_cutover(cutover)
    require_any(actor, EITHER_SIDE, cutover.engagement.organization)
    if side not in QueueCount.Side.values or count < 0:
        raise DomainError("Choose whose queue was counted, and enter how many messages stood in it.")
    noted = QueueCount.objects.create(
        cutover=cutover, side=side, messages=count, counted_at=timezone.now(), counted_by=actor
    )
    record("cutover.counted", subject=cutover, actor=actor, side=noted.get_side_display(), count=count)
    return noted


@transaction.atomic
def finish_cutover(cutover: Cutover, *, actor: User) -> Cutover:
    """All steps done: the window begins. Raises GateClosed with those that are not."""
    cutover = lock_cutover(cutover)
    require(actor, Permission.WORK_TASK, cutover.engagement.organization)
    if cutover.done_at:
        raise Conflict(f"{cutover} is done already.")
    if reasons := finish_reasons(cutover):
        raise GateClosed(*reasons)
    cutover.done_at, cutover.done_by = timezone.now(), actor
    cutover.save(update_fields=["done_at", "done_by"])
    record("cutover.done", subject=cutover, actor=actor, days=cutover.window_days, ends=_day(cutover.window_ends))
    return cutover


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def fall_back(engagement: Engagement, *, why: str, actor: User) -> None:
    """Whatever is cut over or on its way is not any more. Inside the transaction of the rollback that ended."""
    now = timezone.now()
    for cutover in Cutover.objects.filter(engagement=engagement, fallen_back_at=None, decommission=None):
        cutover.fallen_back_at, cutover.fallen_back_by = now, actor
        cutover.save(update_fields=["fallen_back_at", "fallen_back_by"])
        record("cutover.fallen_back", subject=cutover, actor=actor, why=why)


def lock_cutover(cutover: Cutover) -> Cutover:
    """Under the lock of its engagement; raises Conflict for one that has fallen back."""
    lock_living(cutover.engagement_id)
    found = Cutover.objects.select_for_update(of=("self",)).select_related("engagement__organization", "ramp")
    cutover = found.get(pk=cutover.pk)
    if cutover.fallen_back_at:
        raise Conflict(f"{cutover} has fallen back to Postfix. Plan another one.")
    return cutover
