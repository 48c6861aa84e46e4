"""What pricing asks of the spine's moves. Loaded by PricingConfig.ready()."""

from collections.abc import Iterator

from engagements.gates import check, requires_for_step
from engagements.models import Engagement
from pricing.models import Quote
from pricing.scope import exceeded_in


@requires_for_step("start_discovery")
def quote_is_accepted(engagement: Engagement) -> Iterator[str]:
    if not Quote.objects.filter(engagement=engagement, state=Quote.State.ACCEPTED).exists():
        yield "The quote has not been accepted."


@check(1, key="scope_holds", title="The estate is inside what the accepted fee covers")
def the_scope_holds(engagement: Engagement) -> Iterator[str]:
    """A lead who lets it pass decides in writing to keep the fee; otherwise the customer accepts a new quote."""
    for exceeded in exceeded_in(engagement):
        yield exceeded.sentence
