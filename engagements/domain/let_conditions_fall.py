from datetime import datetime

from accounts.models import User
from core.audit import record
from engagements.models import GateTask
from engagements.models.reservation import ConditionQuerySet


def let_conditions_fall(conditions: ConditionQuerySet, *, actor: User, at: datetime, by: str) -> None:
    """In the caller's transaction. `by` is the reference of the signed act that ends them.

    The ledger tells of those that were open; a done one only cannot be opened again.
    """
    for condition in conditions.in_force():
        GateTask.objects.filter(pk=condition.task_id).update(fell_at=at)
        if condition.task.is_done:
            continue
        record(
            "gate.condition_fell",
            subject=condition.task.gate,
            actor=actor,
            gate=condition.task.gate.number,
            text=condition.text,
            signature=condition.signoff.reference,
            by=by,
        )
