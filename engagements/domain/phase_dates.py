from django.utils import timezone

from engagements.models import Engagement
from engagements.steps import phase_number


def note_phase_change(engagement: Engagement, *, before: str, after: str) -> None:
    """Write the actual dates of a phase beside the planned ones. Part of perform(), inside its transaction."""
    today = timezone.localdate()
    if after == "on_hold" or before == "on_hold":
        return
    if number := phase_number(before):
        engagement.schedule.filter(number=number, actual_start__isnull=False).update(actual_end=today)
    if number := phase_number(after):
        engagement.schedule.filter(number=number, actual_start=None).update(actual_start=today)
