"""What the customer's people got: runbooks, training, and the hours and calls that the fee includes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pricing.balance import balances_of
from reports.models import RunbookDrill
from reports.runbook_state import rules, states_of
from reports.training_state import balance_of, sessions_of, trainees_of

if TYPE_CHECKING:
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Runbooks:
    """`in_force` say what they would say today, are approved by both sides and read by the customer."""

    needed: int
    drawn_up: int
    in_force: int
    drills: int


@dataclass(frozen=True, slots=True)
class Training:
    """Minutes. `included` is None where the quote names no hours; `bound` have the duty to sign phase 5."""

    included: int | None
    planned: int
    held: int
    sessions: int
    sessions_held: int
    bound: int
    came: int
    passed: int


@dataclass(frozen=True, slots=True)
class Granted:
    """Calls, or minutes of questions, that the fee includes."""

    kind: str
    granted: int
    used: int


def runbooks_of(engagement: Engagement) -> Runbooks:
    states = states_of(engagement)
    drawn_up = [state for state in states if state.revision]
    in_force = [
        state
        for state in drawn_up
        if state.is_current and not state.waits_for and state.readers >= rules()["fewest_readers"]
    ]
    drills = RunbookDrill.objects.filter(revision__engagement=engagement).count()
    return Runbooks(len(states), len(drawn_up), len(in_force), drills)


def training_of(engagement: Engagement) -> Training:
    sessions = list(sessions_of(engagement))
    balance, bound = (
        balance_of(engagement, sessions),
        [one for one in trainees_of(engagement, sessions) if one.has_duty],
    )
    return Training(
        included=balance.included,
        planned=balance.planned,
        held=balance.held,
        sessions=sum(not session.is_cancelled for session in sessions),
        sessions_held=sum(session.is_held for session in sessions),
        bound=len(bound),
        came=sum(bool(one.came_to) for one in bound),
        passed=sum(one.has_passed for one in bound),
    )


def granted_of(engagement: Engagement) -> list[Granted]:
    return [Granted(str(one.kind), one.granted, one.granted - one.left) for one in balances_of(engagement)]
