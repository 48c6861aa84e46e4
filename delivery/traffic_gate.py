"""What gate 3 asks of the reconciliation. Loaded by DeliveryConfig.ready()."""

from collections.abc import Iterator

from delivery.traffic_state import account_reasons, freshness_of, open_case_reasons
from engagements.gates import check
from engagements.models import Engagement
from engagements.schedule import PARALLEL


@check(PARALLEL, key="cases_closed", title="Every message is accounted for", can_override=False)
def every_case_is_closed(engagement: Engagement) -> Iterator[str]:
    yield from account_reasons(freshness_of(engagement))
    yield from open_case_reasons(engagement)
