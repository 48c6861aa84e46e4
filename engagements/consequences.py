"""What follows from a step of a gate in the apps above: each registers the steps it has to act on."""

from collections.abc import Callable

from accounts.models import User
from engagements.models import Engagement, Gate

Consequence = Callable[[Engagement, Gate, User], None]

_of_steps: dict[str, list[Consequence]] = {}


def follows(step: str) -> Callable[[Consequence], Consequence]:
    """Register what happens in the same transaction, under the lock of the engagement, after a gate took the step."""

    def register(consequence: Consequence) -> Consequence:
        _of_steps.setdefault(step, []).append(consequence)
        return consequence

    return register


def follow(step: str, engagement: Engagement, gate: Gate, *, actor: User) -> None:
    for consequence in _of_steps.get(step, []):
        consequence(engagement, gate, actor)
