from django.db.models import DateField, F, Value
from django.db.models.functions import Greatest

from engagements.models import Engagement
from engagements.steps import phase_number
from engagements.today import today_of


def note_phase_change(engagement: Engagement, *, before: str, after: str) -> None:
    """Write the actual dates of a phase beside the planned ones. Part of perform(), inside its transaction."""
    today = today_of(engagement)
    if after == "on_hold" or before == "on_hold":
        return
    if number := phase_number(before):
        engagement.schedule.filter(number=number, actual_start__isnull=False).update(
            actual_end=Greatest(F("actual_start"), Value(today, output_field=DateField()))
        )
    if number := phase_number(after):
        engagement.schedule.filter(number=number, actual_start=None).update(actual_start=today)
