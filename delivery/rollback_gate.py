"""What gate 3 asks of the way back. Loaded by DeliveryConfig.ready()."""

from collections.abc import Iterator

from delivery.rollback_state import decision_reasons, drill_reasons
from engagements.gates import check
from engagements.models import Engagement
from engagements.schedule import PARALLEL


@check(PARALLEL, key="rollback_drilled", title="The way back was drilled inside five minutes", can_override=False)
def the_way_back_was_drilled(engagement: Engagement) -> Iterator[str]:
    yield from drill_reasons(engagement)


@check(PARALLEL, key="triggers_decided", title="Every crossed trigger is decided")
def every_trigger_is_decided(engagement: Engagement) -> Iterator[str]:
    yield from decision_reasons(engagement)
