"""What gate 5 asks of the runbooks and the training. Loaded by ReportsConfig.ready()."""

from collections.abc import Iterator

from accounts.permissions import Permission
from engagements.gates import Page, check
from engagements.models import Engagement
from engagements.schedule import MONITORING
from reports.runbook_state import NOTHING_TO_FILL, states_of
from reports.training_state import reasons_against


@check(
    MONITORING,
    key="runbooks_in_force",
    title="Every runbook is approved by both sides and read",
    page=Page("runbooks:list", Permission.VIEW_EVIDENCE),
)
def the_runbooks_are_in_force(engagement: Engagement) -> Iterator[str]:
    states = states_of(engagement)
    if not states:
        yield NOTHING_TO_FILL
    for state in states:
        yield from state.reasons


@check(
    MONITORING,
    key="training_held",
    title="Everybody with a duty for this phase was trained and passed an exercise",
    page=Page("training:list", Permission.VIEW_EVIDENCE),
)
def the_training_was_held(engagement: Engagement) -> Iterator[str]:
    yield from reasons_against(engagement)
