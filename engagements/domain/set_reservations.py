from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from core.audit import record
from core.errors import Conflict, DomainError
from engagements.conditions import conditions_before, conditions_up_to, held_before, no_longer_held
from engagements.domain.complete_task import CONDITION
from engagements.domain.let_conditions_fall import let_conditions_fall
from engagements.models import Condition, GateTask, HeldPart, SignOff
from engagements.parts import parts_of
from engagements.statements import Reserved
from engagements.today import today_of

MOST_CONDITIONS = 20
_TITLE = 90
_POSITION = 90


@dataclass(frozen=True, slots=True)
class ConditionText:
    """What has to be done, by when, and by which side (GateTask.Party)."""

    text: str
    due_on: date
    party: str = GateTask.Party.CONSULTANCY


@dataclass(frozen=True, slots=True)
class Reservations:
    """What is signed only with conditions, and which parts, by key with the reason, are not approved yet.

    `dropped` are the keys of earlier conditions that end with this signature; the other open ones stand.
    """

    conditions: tuple[ConditionText, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)
    dropped: Collection[int] = ()


def reserved_by(signoff: SignOff, reservations: Reservations) -> Reserved:
    """What a signature that is about to be written reserves, word for word, as the ledger enters it with the signature.

    Whatever `set_reservations` refuses takes the entry back.
    """
    labels = {part.key: part.label for part in parts_of(signoff.gate)}
    earlier = conditions_up_to(signoff.replaces, gate_id=signoff.gate_id, signer_id=signoff.signed_by_id).open()
    dropped = set(reservations.dropped)
    return {
        "conditions": [
            {"text": each.text.strip(), "due_on": each.due_on.isoformat(), "party": each.party}
            for each in reservations.conditions
        ],
        "kept": [_earlier(condition) for condition in earlier if condition.pk not in dropped],
        "let_fall": [_earlier(condition) for condition in earlier if condition.pk in dropped],
        "approved": [
            {"part": part.label, "key": part.key, "signature": part.signoff.reference}
            for part in held_before(signoff)
            if part.key in labels and part.key not in reservations.held
        ],
        "held": [
            {"part": labels.get(key, key), "key": key, "reason": reason.strip()}
            for key, reason in reservations.held.items()
        ],
    }


def _earlier(condition: Condition) -> dict[str, str]:
    return {
        "text": condition.text,
        "due_on": condition.due_on.isoformat(),
        "party": condition.task.party,
        "signature": condition.signoff.reference,
    }


def set_reservations(signoff: SignOff, reservations: Reservations) -> None:
    """Write them beside their signature, in the caller's transaction. Raises DomainError for what cannot be."""
    _refuse_conditions(signoff, reservations.conditions)
    for number, condition in enumerate(reservations.conditions, start=1):
        _set(signoff, number, condition)
    dropped = conditions_before(signoff).open().filter(pk__in=reservations.dropped)
    let_conditions_fall(dropped, actor=signoff.signed_by, at=signoff.signed_at, by=signoff.reference)
    if reservations.held:
        _hold(signoff, reservations.held)
    for part in no_longer_held(signoff):
        record(
            "gate.hold_ended",
            subject=signoff.gate,
            actor=signoff.signed_by,
            gate=signoff.gate.number,
            part=part["part"],
            key=part["key"],
            held_with=part["signature"],
            signature=signoff.reference,
        )


def _refuse_conditions(signoff: SignOff, conditions: tuple[ConditionText, ...]) -> None:
    if conditions and signoff.gate.number == signoff.gate.engagement.last_phase:
        raise DomainError("No gate comes after this one that a condition could hold shut. Request changes instead.")
    if len(conditions) > MOST_CONDITIONS:
        raise DomainError(f"A signature takes at most {MOST_CONDITIONS} conditions. Request changes instead.")
    for condition in conditions:
        if not condition.text.strip():
            raise DomainError("Say what has to be done: a condition is a task for somebody.")
        if condition.due_on < today_of(signoff.gate.engagement):
            raise DomainError("A condition is due today or later: nobody can keep a date that has passed.")
        if condition.party not in GateTask.Party.values:
            raise DomainError("Say whose condition it is: the consultancy's, yours, or both.")


def _set(signoff: SignOff, number: int, condition: ConditionText) -> None:
    text = condition.text.strip()
    later = signoff.gate.engagement.gates.get(number=signoff.gate.number + 1)
    task = GateTask.objects.create(
        gate=later,
        key=f"{CONDITION}{signoff.reference}-{number}",
        title=f"Condition of {signoff.signed_by}: {text[:_TITLE]}"[:160],
        explanation=f"{text}\n\nSet with signature {signoff.reference} on phase {signoff.gate.number}.",
        party=condition.party,
        position=_POSITION,
        due_on=condition.due_on,
    )
    Condition.objects.create(signoff=signoff, task=task, text=text, due_on=condition.due_on)
    record(
        "gate.condition_set",
        subject=later,
        actor=signoff.signed_by,
        gate=later.number,
        text=text,
        due_on=condition.due_on.isoformat(),
        party=condition.party,
        signature=signoff.reference,
    )


def _hold(signoff: SignOff, held: Mapping[str, str]) -> None:
    labels = {part.key: part.label for part in parts_of(signoff.gate)}
    if unknown := sorted(set(held) - set(labels)):
        raise Conflict(
            f"What can be held has changed meanwhile: {', '.join(unknown)} is no part of this phase any more."
        )
    if set(held) == set(labels):
        raise DomainError("Every part would be held, so nothing would be approved. Request changes instead.")
    for key, reason in held.items():
        if not reason.strip():
            raise DomainError(f"Say why {labels[key]} is held: the reason is shown wherever it is missed.")
        HeldPart.objects.create(signoff=signoff, key=key, label=labels[key][:160], reason=reason.strip())
        record(
            "gate.part_held",
            subject=signoff.gate,
            actor=signoff.signed_by,
            gate=signoff.gate.number,
            part=labels[key],
            key=key,
            reason=reason.strip(),
            signature=signoff.reference,
        )
