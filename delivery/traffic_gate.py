"""What gate 3 asks of the reconciliation. Loaded by DeliveryConfig.ready()."""

from collections.abc import Iterator

from accounts.permissions import Permission
from delivery.traffic_state import account_reasons, freshness_of, key_reasons, open_case_reasons
from engagements.gates import Page, check
from engagements.models import Engagement
from engagements.schedule import PARALLEL


@check(
    PARALLEL,
    key="journal_readable",
    title="The journal of the proxy can be held against the logs",
    page=Page("parallel:journal_key", Permission.ANSWER_TASK),
)
def the_journal_can_be_read(engagement: Engagement) -> Iterator[str]:
    yield from key_reasons(engagement)


@check(
    PARALLEL,
    key="cases_closed",
    title="Every message is accounted for",
    can_override=False,
    page=Page("parallel:traffic", Permission.VIEW_EVIDENCE),
)
def every_case_is_closed(engagement: Engagement) -> Iterator[str]:
    freshness = freshness_of(engagement)
    if freshness.run or not list(key_reasons(engagement)):  # otherwise no run could be, and the check above says so
        yield from account_reasons(freshness)
    yield from open_case_reasons(engagement)
