"""What gate 3 asks of the way back. Loaded by DeliveryConfig.ready()."""

from collections.abc import Iterator

from accounts.permissions import Permission
from delivery.rollback_state import decision_reasons, drill_reasons
from engagements.gates import Page, check
from engagements.models import Engagement
from engagements.schedule import PARALLEL

DASHBOARD = Page("parallel:dashboard", Permission.VIEW_EVIDENCE)


@check(
    PARALLEL,
    key="rollback_drilled",
    title="The way back was drilled inside five minutes",
    can_override=False,
    page=DASHBOARD,
)
def the_way_back_was_drilled(engagement: Engagement) -> Iterator[str]:
    yield from drill_reasons(engagement)


@check(PARALLEL, key="triggers_decided", title="Every crossed trigger is decided", page=DASHBOARD)
def every_trigger_is_decided(engagement: Engagement) -> Iterator[str]:
    yield from decision_reasons(engagement)
