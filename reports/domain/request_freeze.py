from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from core.errors import Conflict
from core.jobs import enqueue
from core.models import Job
from engagements.content import is_current
from engagements.models import FrozenDocument, Gate
from reports.domain.choose_language import choose_language


def is_outdated(document: FrozenDocument, *, has_changed: bool) -> bool:
    """True when a new version has something to answer: changed records, requested changes, or a revoked signature.

    `has_changed` says whether the records say something else now.
    """
    is_revoked = document.signoffs.filter(revocation__isnull=False)
    return has_changed or document.change_requests.exists() or is_revoked.exists()


@transaction.atomic
def request_freeze(gate: Gate, *, actor: User, language: str = "") -> Job:
    """Have the gate's document built and frozen by a worker. Asking again while it is built returns the same job.

    Without a `language` it is written in the one of before. Raises Conflict when there is nothing to freeze: the phase
    has not begun, or the last version says it all.
    """
    gate = Gate.objects.select_related("engagement__organization", "current_document").get(pk=gate.pk)
    require(actor, Permission.FREEZE, gate.engagement.organization)
    if language:
        gate.language = choose_language(gate, actor=actor, language=language).language
    refuse_nothing_new(gate)
    return enqueue("freeze_document", subject=gate, actor=actor, key=f"gate-{gate.pk}")


def refuse_nothing_new(gate: Gate) -> None:
    """Raise Conflict when the gate has no document to prepare: it has not begun, or its last version says it all."""
    if gate.state == Gate.State.LOCKED:
        raise Conflict(f"Phase {gate.number} has not begun: its document cannot be frozen yet.")
    current = gate.current_document
    if current is not None and not is_outdated(current, has_changed=not is_current(current, gate)):
        raise Conflict(f"Version {current.version} says what the records say. There is nothing to freeze.")
