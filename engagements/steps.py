"""Every legal move of an engagement and of a gate, once.

The FSM methods of the models, the triggers in the database, the permission of each move and the buttons on the
pages all come from these rows; a law test compares them.
"""

from dataclasses import dataclass
from enum import StrEnum

from accounts.permissions import Permission


class Subject(StrEnum):
    ENGAGEMENT = "engagement"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class Step:
    """A move by name.

    `gate` is the number of the gate that has to be signed for it; `follows` marks moves that happen only as the
    consequence of another one and are offered to nobody; `needs_note` asks for a reason.
    """

    name: str
    subject: Subject
    source: tuple[str, ...]
    target: str
    permission: Permission
    label: str
    gate: int | None = None
    follows: bool = False
    needs_note: bool = False


PHASES = ("discovery", "install", "parallel", "cutover", "monitoring")
PHASE_LABELS = {
    1: "Discovery + plan",
    2: "Install + config",
    3: "Parallel delivery",
    4: "Cutover",
    5: "Monitor + handoff",
}
ACTIVE = ("intake", *PHASES)
OVER = ("completed", "stayed", "declined", "cancelled")

_E, _G, _P = Subject.ENGAGEMENT, Subject.GATE, Permission

_FINISHING = tuple(
    Step(
        f"finish_{phase}",
        _E,
        (phase,),
        target,
        _P.SIGN,
        f"Finish phase {number}",
        gate=number,
        follows=True,
    )
    for number, (phase, target) in enumerate(zip(PHASES, (*PHASES[1:], "completed"), strict=True), start=1)
)

ENGAGEMENT_STEPS = (
    Step("start_discovery", _E, ("intake",), "discovery", _P.ACCEPT_QUOTE, "Start discovery", follows=True),
    *_FINISHING,
    Step("finish_plan", _E, ("discovery",), "completed", _P.SIGN, "Finish the plan", gate=1, follows=True),
    Step(
        "advise_to_stay",
        _E,
        ("intake", "discovery"),
        "stayed",
        _P.ADVISE_STAY,
        "Advise to stay on Postfix",
        follows=True,
        needs_note=True,
    ),
    Step("decline", _E, ("intake",), "declined", _P.ACCEPT_QUOTE, "Decline", follows=True, needs_note=True),
    Step("cancel", _E, (*ACTIVE, "on_hold"), "cancelled", _P.CLOSE, "Cancel the engagement", needs_note=True),
    Step("hold", _E, ACTIVE, "on_hold", _P.CLOSE, "Put on hold", needs_note=True),
    Step("resume", _E, ("on_hold",), "", _P.CLOSE, "Resume"),
)

GATE_STEPS = (
    Step("open_gate", _G, ("locked",), "open", _P.VIEW, "Open the gate", follows=True),
    Step("submit_gate", _G, ("open", "changes_requested"), "submitted", _P.FREEZE, "Ask for signatures"),
    Step(
        "request_changes",
        _G,
        ("submitted",),
        "changes_requested",
        _P.REQUEST_CHANGES,
        "Request changes",
        needs_note=True,
    ),
    Step("sign_gate", _G, ("submitted",), "signed", _P.SIGN, "Sign", follows=True),
    Step(
        "revoke_gate",
        _G,
        ("submitted", "signed"),
        "open",
        _P.SIGN,
        "Revoke a signature",
        follows=True,
        needs_note=True,
    ),
    Step(
        "reopen_gate",
        _G,
        ("submitted", "changes_requested", "signed"),
        "open",
        _P.VIEW,
        "Reopen after a change",
        follows=True,
        needs_note=True,
    ),
)

STEPS = {step.name: step for step in (*ENGAGEMENT_STEPS, *GATE_STEPS)}


def legal_moves(subject: Subject) -> list[tuple[str, str]]:
    """Each (from, to) pair the database lets pass. `resume` fans out to every active phase."""
    moves: set[tuple[str, str]] = set()
    for step in STEPS.values():
        if step.subject is subject:
            targets = (step.target,) if step.target else ACTIVE
            moves |= {(source, target) for source in step.source for target in targets}
    return sorted(moves)


def phase_number(phase: str) -> int | None:
    """1 to 5 for a phase that has a gate, None before, beside and after them."""
    return PHASES.index(phase) + 1 if phase in PHASES else None


def finishing_step(number: int, *, is_plan_only: bool) -> Step:
    return STEPS["finish_plan" if is_plan_only else f"finish_{PHASES[number - 1]}"]
