"""What pricing asks of the spine's moves. Loaded by PricingConfig.ready()."""

from collections.abc import Iterator

from engagements.gates import requires_for_step
from engagements.models import Engagement
from pricing.models import Quote


@requires_for_step("start_discovery")
def quote_is_accepted(engagement: Engagement) -> Iterator[str]:
    if not Quote.objects.filter(engagement=engagement, state=Quote.State.ACCEPTED).exists():
        yield "The quote has not been accepted."
