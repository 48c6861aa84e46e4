"""What gate 1 asks of the vendor selection. Loaded by DiscoveryConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from discovery.selection.score import Outcome
from discovery.selection_page import selection_as_answered, selection_of
from engagements.beside import Beside, beside
from engagements.gates import Page, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from discovery.selection_page import Selection
    from engagements.models import Engagement


@check(
    1,
    key="selection_answered",
    title="The selection is answered whole, and the target is its result",
    page=Page("discovery:selection"),
)
def the_selection_is_answered(engagement: Engagement) -> Iterator[str]:
    """Whether to stay is asked first. A lead who goes on with something else lets this pass, with the reason."""
    found = selection_as_answered(engagement)
    if found.score.outcome is Outcome.STAY:
        said = found.advice.explanation if found.advice else ""
        yield f"The diagnosis says to stay on Postfix. {said} Advise to stay, or a lead records why this goes on."
        return
    yield from (f"The selection has no answer to “{variable.label}”." for variable in found.score.missing)
    for row in found.disputed:
        yield f"The answer to “{row.step.variable.label}” is disputed. It is settled by answering again."
    yield from _about_the_target(engagement, found)


def _about_the_target(engagement: Engagement, found: Selection) -> Iterator[str]:
    if not engagement.target:
        yield "No target is chosen."
    elif found.is_decided and engagement.target != found.score.outcome:
        yield (
            f"The answers speak for {found.outcome_label}, and the target is {engagement.get_target_display()}. "
            "Choose the other one, or a lead records why not."
        )


@beside(1)
def selection_beside_the_gate(engagement: Engagement, reader: User) -> Iterator[Beside]:
    """The result of the answers beside the plan that prints it."""
    found = selection_of(engagement, reader)
    if found.score.outcome is Outcome.INCOMPLETE:
        said = f"{found.score.answered} of {len(found.rows)} answers are in; there is no result before the last one."
    else:
        said = f"The answers lead to: {found.outcome_label}."
    target = engagement.get_target_display() or "not chosen yet"
    url = reverse("discovery:selection", args=[engagement.code])
    yield Beside("selection", "Vendor selection", f"{said} Target: {target}.", "Read why", url)
