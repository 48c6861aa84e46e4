"""What gate 5 asks of the watch. Loaded by DeliveryConfig.ready()."""

from collections.abc import Iterator
from datetime import timedelta

from accounts.permissions import Permission
from core.counting import counted
from core.wording import day_text
from delivery.models import InsightCard
from delivery.watch_days import held_words
from delivery.watch_figures import material_of
from delivery.watch_state import current_watch
from engagements.gates import Page, check
from engagements.models import Engagement
from engagements.schedule import MONITORING
from engagements.today import today_of


@check(
    MONITORING,
    key="watch_run",
    title="The watch has run its agreed days, and no escalated card is open",
    page=Page("watch:home", Permission.VIEW_EVIDENCE),
)
def the_watch_has_run(engagement: Engagement) -> Iterator[str]:
    yield from _days_left(engagement)
    for card in InsightCard.objects.escalated().filter(engagement=engagement).select_related("escalated_to"):
        yield f"{card} was escalated to {card.escalated_to} and is open: {card.title}, {card.about}."


def _days_left(engagement: Engagement) -> Iterator[str]:
    watch = current_watch(engagement)
    if watch is None:
        yield "No watch over the new route is agreed."
        return
    material = material_of(watch)
    end = material.frozen.local(watch.begins_at).date() + timedelta(days=watch.days)
    if today_of(engagement) <= end:
        yield f"{watch} runs {counted(watch.days, 'day')}: until {day_text(end)}."
    elif len(material.days) + len(material.quiet) < watch.days:
        held = held_words(material, watch.days)
        yield f"{watch} is over by the calendar, but the logs of the new route hold {held}."
