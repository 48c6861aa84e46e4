"""The conditions under which somebody's word stands at a gate: those of their signature, and of what it replaced."""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from core.models import AuditEvent
from core.wording import told
from engagements.models import Condition, HeldPart, SignOff
from engagements.models.reservation import ConditionQuerySet


def conditions_up_to(before: SignOff | None, *, gate_id: int, signer_id: int) -> ConditionQuerySet:
    """What this signer set at the gate, and whoever signed what `before` took the place of."""
    line = [one.pk for one in _line(before)]
    return Condition.objects.filter(
        Q(signoff__in=line) | Q(signoff__gate=gate_id, signoff__signed_by=signer_id)
    ).select_related("signoff", "task__gate", "task__done_by")


def conditions_before(signoff: SignOff) -> ConditionQuerySet:
    """What was set with earlier signatures at its gate."""
    found = conditions_up_to(signoff.replaces, gate_id=signoff.gate_id, signer_id=signoff.signed_by_id)
    return found.filter(signoff__lt=signoff.pk)


def conditions_under(signoff: SignOff) -> ConditionQuerySet:
    """Its own, and the earlier ones that were open and kept when it was given."""
    at = signoff.signed_at
    kept = conditions_before(signoff).filter(
        Q(task__done_at=None) | Q(task__done_at__gt=at), Q(task__fell_at=None) | Q(task__fell_at__gt=at)
    )
    own = Condition.objects.filter(signoff=signoff).select_related("signoff", "task__gate", "task__done_by")
    return own | kept


def conditions_let_fall(signoff: SignOff) -> ConditionQuerySet:
    """The earlier ones that ended with it."""
    return conditions_before(signoff).filter(task__fell_at=signoff.signed_at)


def closed_meanwhile(conditions: Iterable[Condition]) -> Iterator[str]:
    """What became of conditions that somebody chose to keep or to let fall on a page that has grown old."""
    for condition in conditions:
        task = condition.task
        became = f"{task.done_by} reported it done on {told(task.done_at)}" if task.done_at else "It fell away"
        yield (
            f"The condition “{condition.text}” is not open any more. {became}, while this page was open: signing now"
            " neither keeps it nor lets it fall. If it is not done, set it again below. Nothing was signed."
        )


def no_longer_held(signoff: SignOff) -> list[dict[str, str]]:
    """Parts that an earlier signature held back and that this one was asked about and does not: part, key, signature.

    As the ledger entered it with the signature: what can be held changes between versions.
    """
    event = AuditEvent.objects.filter(digest=signoff.chain_digest, action="document.signed").first()
    approved: list[dict[str, str]] = event.data.get("reserved", {}).get("approved", []) if event else []
    return approved


def held_before(signoff: SignOff) -> list[HeldPart]:
    """Parts that the signature it took the place of held back until then."""
    if signoff.replaces is None or hasattr(signoff.replaces, "revocation"):
        return []
    return list(signoff.replaces.held_parts.filter(release=None).select_related("signoff"))


def is_revoked(condition: Condition) -> bool:
    """Whether the word under which it stood was taken back, on its own version or on a later one."""
    signoff: SignOff | None = condition.signoff
    while signoff is not None:
        if hasattr(signoff, "revocation"):
            return True
        signoff = getattr(signoff, "replaced_by", None)
    return False


def _line(signoff: SignOff | None) -> Iterator[SignOff]:
    while signoff is not None:
        yield signoff
        signoff = signoff.replaces
