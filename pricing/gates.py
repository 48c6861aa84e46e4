"""What pricing asks of the spine's moves. Loaded by PricingConfig.ready()."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission, allowed
from core.components import ClockReading
from core.wording import span_text, told
from discovery.untold import NOTHING_READ, is_anything_read
from engagements.beside import Beside, beside
from engagements.gates import Page, check, requires_for_step
from engagements.models import Engagement
from pricing.clocks import clock_of
from pricing.models import Nda, Quote, Request
from pricing.nda_standing import standing_of
from pricing.scope import exceeded_in

QUOTE = Page("pricing:engagement_quote", Permission.VIEW_QUOTE)


@requires_for_step("start_discovery")
def quote_is_accepted(engagement: Engagement) -> Iterator[str]:
    if not Quote.objects.filter(engagement=engagement, state=Quote.State.ACCEPTED).exists():
        yield "The quote has not been accepted."


@check(1, key="scope_holds", title="The estate is inside what the accepted fee covers", page=QUOTE)
def the_scope_holds(engagement: Engagement) -> Iterator[str]:
    """A lead who lets it pass decides in writing to keep the fee; otherwise the customer accepts a new quote."""
    exceeded = exceeded_in(engagement)
    if not exceeded and not is_anything_read(engagement):
        yield NOTHING_READ
    yield from (one.sentence for one in exceeded)


@beside(1)
def clock_beside_the_gate(engagement: Engagement, reader: User) -> Iterator[Beside]:
    """Until there is a quote, both sides read when it is due, or for what its clock waits."""
    waiting = Request.objects.open().with_clock().filter(engagement=engagement, answered_at=None).first()
    if waiting is not None and allowed(reader, Permission.VIEW, engagement.organization):
        reading = clock_of(waiting)
        missing = ", ".join(waiting.points.missing)
        text = _clock_text(reading) if reading else f"Its clock has not started. Still missing: {missing}."
        url = reverse("pricing:clock", args=[engagement.code])
        yield Beside("quote-clock", "The quote", text, "Clock and pauses", url)


def _clock_text(reading: ClockReading) -> str:
    if reading.pause and not reading.is_late:
        return f"The clock is paused with {span_text(reading.left)} left: {reading.pause}"
    due = told(reading.due_at) if reading.due_at else ""
    if reading.is_late:
        return f"It was due {due} and has not been sent yet."
    return f"It is due {due}: {span_text(reading.left)} left."


@requires_for_step("receive_upload")
def nda_is_signed(engagement: Engagement) -> Iterator[str]:
    if not Nda.objects.filter(engagement=engagement, state=Nda.State.SIGNED).exists():
        yield f"Configurations open for upload after the NDA. {standing_of(engagement).whose_turn}"
