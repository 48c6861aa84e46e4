from datetime import datetime

from accounts.models import User
from core.audit import record
from engagements.models import GateTask
from engagements.models.reservation import ConditionQuerySet


def let_conditions_fall(conditions: ConditionQuerySet, *, actor: User, at: datetime, by: str) -> None:
    """In the caller's transaction. `by` is the reference of the signed act that ends them. What was done stays done."""
    for condition in conditions.open():
        GateTask.objects.filter(pk=condition.task_id).update(fell_at=at)
        record(
            "gate.condition_fell",
            subject=condition.task.gate,
            actor=actor,
            gate=condition.task.gate.number,
            text=condition.text,
            signature=condition.signoff.reference,
            by=by,
        )
