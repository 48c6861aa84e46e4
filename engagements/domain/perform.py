"""The only door to a change of state."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import require
from core.audit import record
from core.errors import Conflict, DomainError, GateClosed
from core.masking import without_secrets
from core.wording import told
from engagements import gates
from engagements.consequences import follow
from engagements.domain.lock_engagement import lock_engagement, refuse_at_rest
from engagements.domain.phase_dates import note_gate_change, note_phase_change
from engagements.models import Engagement, Gate, Transition
from engagements.steps import STEPS, Step, Subject, finishing_step, phase_number

# A gate opens with its phase, and a changed record reopens it also while the engagement is held.
_ALSO_AT_REST = ("open_gate", "reopen_gate")


@dataclass(frozen=True, slots=True)
class _Move:
    step: Step
    engagement: Engagement
    gate: Gate | None
    actor: User
    note: str

    @property
    def subject(self) -> Engagement | Gate:
        return self.engagement if self.gate is None else self.gate

    @property
    def state(self) -> str:
        return str(self.engagement.phase if self.gate is None else self.gate.state)


@transaction.atomic
def perform(step: str, *, engagement: Engagement, actor: User, gate: Gate | None = None, note: str = "") -> Engagement:
    """Move an engagement, or one of its gates, one step, with everything that follows from it; or refuse.

    Raises Refused (this person may not), Conflict (it has moved meanwhile: says who and when), GateClosed
    (requirements are open) or DomainError (a reason is missing). In each case nothing was changed.
    """
    engagement = lock_engagement(engagement.pk)
    if gate is not None:
        gate = engagement.gates.select_for_update(of=("self",)).select_related("current_document").get(pk=gate.pk)
        gate.engagement = engagement
    move = _Move(STEPS[step], engagement, gate, actor, without_secrets(note))
    _refuse_what_may_not_be(move)
    before = move.state
    getattr(move.subject, step)()
    fields = ["state"] if gate is not None else ["phase", "phase_before_hold"]
    move.subject.save(update_fields=fields)
    _leave_trace(move, before)
    _follow(move, before)
    return engagement


def refuse_step(step: str, *, engagement: Engagement, actor: User, note: str = "") -> None:
    """Raise what `perform` would raise now for a move of the engagement, which the caller has locked."""
    _refuse_what_may_not_be(_Move(STEPS[step], engagement, None, actor, note.strip()))


def _refuse_what_may_not_be(move: _Move) -> None:
    step = move.step
    if (move.gate is None) == (step.subject is Subject.GATE):
        raise ValueError(f"{step.name} is a move of {step.subject}")
    number = step.gate or (move.gate.number if move.gate else None)
    phase = number if step.permission == "sign" else None
    require(move.actor, step.permission, move.engagement.organization, phase=phase)
    if move.gate is not None and step.name not in _ALSO_AT_REST:
        refuse_at_rest(move.engagement)
    if move.state not in step.source:
        raise Conflict(_who_was_first(move))
    if step.needs_note and not move.note:
        raise DomainError("Say why: the reason is kept with the decision.")
    if reasons := gates.unmet(step.name, move.engagement, move.gate):
        raise GateClosed(*reasons)


def _who_was_first(move: _Move) -> str:
    subject = "This engagement" if move.gate is None else f"Gate {move.gate.number}"
    wording = move.engagement.get_phase_display() if move.gate is None else move.gate.get_state_display()
    last = (
        Transition.objects.filter(engagement=move.engagement, gate=move.gate)
        .select_related("actor")
        .order_by("-pk")
        .first()
    )
    if last is None:
        return f"{subject} is at “{wording}”; this step does not start there."
    return f"{last.actor} moved this on {told(last.at)}: {subject.lower()} is now at “{wording}”."


def _wording(move: _Move, state: str) -> str:
    return str((Engagement.Phase if move.gate is None else Gate.State)(state).label)


def _leave_trace(move: _Move, before: str) -> None:
    Transition.objects.create(
        engagement=move.engagement,
        gate=move.gate,
        step=move.step.name,
        before=before,
        after=move.state,
        actor=move.actor,
        at=timezone.now(),
        note=move.note,
    )
    facts = {"step": move.step.name, "before": before, "after": move.state, "note": move.note}
    facts |= {"moved_from": _wording(move, before), "moved_to": _wording(move, move.state)}
    if move.gate is None:
        record("engagement.moved", subject=move.engagement, actor=move.actor, **facts)
    else:
        record("gate.moved", subject=move.gate, actor=move.actor, gate=move.gate.number, **facts)


def _follow(move: _Move, before: str) -> None:
    """What a move brings with it: a signed gate ends its phase, a new phase opens its gate."""
    engagement, actor = move.engagement, move.actor
    if move.gate is None:
        note_phase_change(engagement, before=before, after=engagement.phase)
        number = phase_number(engagement.phase)
        if number and (opening := engagement.gates.filter(number=number, state=Gate.State.LOCKED).first()):
            _take_language(opening)
            perform("open_gate", engagement=engagement, actor=actor, gate=opening)
        return
    note_gate_change(engagement, number=move.gate.number, step=move.step.name)
    follow(move.step.name, engagement, move.gate, actor=actor)
    if move.step.name == "sign_gate" and phase_number(engagement.phase) == move.gate.number:
        finishing = finishing_step(move.gate.number, is_plan_only=engagement.is_plan_only)
        perform(finishing.name, engagement=engagement, actor=actor)


def _take_language(opening: Gate) -> None:
    """Who signed a Spanish plan reads Spanish records, until somebody chooses otherwise."""
    before = Gate.objects.filter(engagement=opening.engagement_id, number=opening.number - 1).first()
    if before is not None:
        opening.language = before.language
        opening.save(update_fields=["language"])
