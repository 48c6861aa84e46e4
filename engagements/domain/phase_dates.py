from django.db.models import DateField, F, Value
from django.db.models.functions import Greatest

from engagements.models import Engagement
from engagements.steps import phase_number
from engagements.today import today_of


def note_phase_change(engagement: Engagement, *, before: str, after: str) -> None:
    """Write the actual dates of a phase beside the planned ones. Part of perform(), inside its transaction."""
    if after == "on_hold" or before == "on_hold":
        return
    if number := phase_number(before):
        _end(engagement, number)
    if number := phase_number(after):
        engagement.schedule.filter(number=number, actual_start=None).update(actual_start=today_of(engagement))


def note_gate_change(engagement: Engagement, *, number: int, step: str) -> None:
    """A phase that is open again has not ended; it ends once more when it is signed again."""
    if step in {"revoke_gate", "reopen_gate"}:
        engagement.schedule.filter(number=number).update(actual_end=None)
    if step == "sign_gate":
        _end(engagement, number)


def _end(engagement: Engagement, number: int) -> None:
    today = Value(today_of(engagement), output_field=DateField())
    begun = engagement.schedule.filter(number=number, actual_start__isnull=False)
    begun.update(actual_end=Greatest(F("actual_start"), today))
