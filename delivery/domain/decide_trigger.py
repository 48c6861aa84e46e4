"""People about triggers: report one, decide on one that was crossed, add and remove their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from delivery.domain.person_words import words_of
from delivery.domain.watch_triggers import open_decision
from delivery.models import OwnTrigger, TriggerDecision
from delivery.ramp.book import load_plan
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from decimal import Decimal

    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def report_trigger(engagement: Engagement, *, key: str, seen: str, actor: User) -> TriggerDecision:
    """Somebody saw what the portal does not see by itself. Raises Conflict while the same waits for its decision."""
    engagement = lock_living(engagement.pk)
    require_any(actor, EITHER_SIDE, engagement.organization)
    try:
        trigger = load_plan().trigger(key)
    except KeyError:
        raise DomainError("Choose which trigger was crossed.") from None
    said = f"{actor} reports: {words_of(seen, 'Say what was seen.')}"
    decision = open_decision(engagement, (key, trigger.title, said), actor=actor)
    if decision is None:
        raise Conflict("This is known already: see the decision that was opened for it.")
    return decision


@transaction.atomic
def decide_trigger(decision: TriggerDecision, *, choice: str, reason: str, actor: User) -> TriggerDecision:
    """To go back is decided here and started on its own page."""
    engagement = lock_engagement(decision.engagement_id)
    require(actor, Permission.ORDER_ROLLBACK, engagement.organization)
    decision = TriggerDecision.objects.select_for_update(of=("self",)).select_related("decided_by").get(pk=decision.pk)
    if decision.decided_at:
        raise Conflict(f"{decision.decided_by} decided this on {told(decision.decided_at)}.")
    if choice not in TriggerDecision.Decision.values:
        raise DomainError("Choose whether to go back to Postfix or to stay.")
    decision.decision, decision.reason = choice, words_of(reason, "Say why: both sides read it.")
    decision.decided_at, decision.decided_by = timezone.now(), actor
    decision.save()
    facts = {"choice": decision.get_decision_display(), "reason": decision.reason}
    record("trigger.decided", subject=decision, actor=actor, title=decision.title, **facts)
    return decision


@transaction.atomic
def add_trigger(engagement: Engagement, *, title: str, figure: str, limit: Decimal, actor: User) -> OwnTrigger:
    engagement = lock_living(engagement.pk)
    require(actor, Permission.ORDER_ROLLBACK, engagement.organization)
    if figure not in OwnTrigger.Figure.values or not 0 < limit <= 100:  # noqa: PLR2004 (percent)
        raise DomainError("Choose a figure, and a limit above 0 and up to 100 percent.")
    name = words_of(title, "Give the trigger a name.")[:120]
    own = OwnTrigger.objects.create(
        engagement=engagement, title=name, figure=figure, limit=limit, added_at=timezone.now(), added_by=actor
    )
    record("trigger.added", subject=own, actor=actor, title=name, figure=figure, limit=f"{limit:f}")
    return own


@transaction.atomic
def remove_trigger(own: OwnTrigger, *, actor: User) -> OwnTrigger:
    engagement = lock_living(own.engagement_id)
    require(actor, Permission.ORDER_ROLLBACK, engagement.organization)
    own = OwnTrigger.objects.select_for_update().get(pk=own.pk)
    if own.removed_at:
        raise Conflict("This trigger was removed already.")
    own.removed_at, own.removed_by = timezone.now(), actor
    own.save(update_fields=["removed_at", "removed_by"])
    record("trigger.removed", subject=own, actor=actor, title=own.title)
    return own
