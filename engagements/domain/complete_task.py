from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, allowed, allowed_any, is_staff, require_any
from core.audit import record
from core.errors import Conflict, DomainError, Refused
from core.masking import without_secrets
from core.wording import told
from engagements.conditions import is_revoked
from engagements.domain.announce import announce_condition_done
from engagements.domain.lock_engagement import lock_living
from engagements.domain.mark_stale import mark_stale
from engagements.models import Condition, Gate, GateTask
from engagements.parties import PARTY_PERMISSIONS

CHANGE_REQUEST = "change-request-"
CONDITION = "condition-"
FEWEST_LETTERS = 3  # of a proof: a dot shows nothing


def require_party(task: GateTask, actor: User) -> None:
    """Raise Refused unless the task is this person's side's to do."""
    organization = task.gate.engagement.organization
    permissions = PARTY_PERMISSIONS[GateTask.Party(task.party)]
    if is_staff(actor) and task.party == GateTask.Party.CUSTOMER and not allowed_any(actor, permissions, organization):
        raise Refused(f"This task is for {organization} to complete.")
    require_any(actor, permissions, organization)


def require_completer(task: GateTask, actor: User) -> None:
    """Raise Refused unless this person may say that the task is done."""
    require_party(task, actor)
    if task.key.startswith(CONDITION):
        _require_customer_of_both(task, actor)


@transaction.atomic
def complete_task(task: GateTask, *, actor: User, evidence: str = "") -> GateTask:
    """Tick a task, with what shows that it is done. Raises Conflict when somebody else has, saying who."""
    task = _lock(task)
    require_completer(task, actor)
    if task.done_at:
        raise Conflict(f"{task.done_by} completed this on {told(task.done_at)}.")
    if task.gate.state == Gate.State.LOCKED:
        raise DomainError(f"Phase {task.gate.number} has not begun yet.")
    _refuse_what_shows_nothing(task, evidence)
    task.done_by, task.done_at, task.evidence = actor, timezone.now(), without_secrets(evidence)
    task.save(update_fields=["done_by", "done_at", "evidence"])
    record("task.done", subject=task, actor=actor, title=task.title, key=task.key, evidence=task.evidence)
    if condition := Condition.objects.filter(task=task).first():
        announce_condition_done(condition)
    mark_stale(task.gate.engagement, actor=actor)
    return task


def needs_proof(task: GateTask) -> bool:
    return task.key.startswith((CHANGE_REQUEST, CONDITION))


def _refuse_what_shows_nothing(task: GateTask, evidence: str) -> None:
    if not needs_proof(task) or sum(letter.isalnum() for letter in evidence) >= FEWEST_LETTERS:
        return
    if task.key.startswith(CHANGE_REQUEST):
        raise DomainError("Say what was answered: whoever requested the changes reads it.")
    raise DomainError("Say what shows it, in words: whoever signed under this condition reads it.")


def _require_customer_of_both(task: GateTask, actor: User) -> None:
    """What both have a part in is not done before the side that set it says so. Raises Refused."""
    organization = task.gate.engagement.organization
    if task.party == GateTask.Party.JOINT and not allowed(actor, Permission.ANSWER_TASK, organization):
        raise Refused(
            f"Both sides have a part in this condition, so {organization} says when it is done. "
            "Tell them in a question what you did."
        )


@transaction.atomic
def reopen_task(task: GateTask, *, actor: User) -> GateTask:
    """Take the tick back; the evidence stays in the ledger."""
    task = _lock(task)
    require_party(task, actor)
    if not task.is_done:
        raise Conflict("This task is open already.")
    if task.key.startswith(CONDITION) and is_revoked(task.condition):
        raise Conflict("The signature under this condition was revoked: there is nothing to do for it any more.")
    task.done_by = task.done_at = None
    task.save(update_fields=["done_by", "done_at"])
    record("task.undone", subject=task, actor=actor, title=task.title, key=task.key)
    mark_stale(task.gate.engagement, actor=actor)
    return task


def _lock(task: GateTask) -> GateTask:
    lock_living(task.gate.engagement_id)
    locked: GateTask = (
        GateTask.objects.select_for_update(of=("self",))
        .select_related("gate__engagement__organization", "done_by")
        .get(pk=task.pk)
    )
    if locked.fell_at:
        raise Conflict(f"This condition fell away on {told(locked.fell_at)}. There is nothing to do for it any more.")
    return locked
