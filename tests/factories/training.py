"""A session that began an hour ago, and short ways through it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from reports.domain.note_attendance import note_attendance, note_exercise
from reports.domain.plan_training import TrainingPlan, note_training_held, plan_training


def plan_for(engagement, *, trainer, hours=-1, **changes):
    """The plan of a session that begins so many hours from now."""
    starts = timezone.now() + timedelta(hours=hours)
    local = starts.astimezone(ZoneInfo(engagement.organization.time_zone)).replace(second=0, microsecond=0)
    facts = {"day": local.date(), "at": local.time(), "minutes": 90, "trainer": trainer, "subject": "incidents"}
    return TrainingPlan(**(facts | changes))


def plan_session(engagement, *, actor, **changes):
    return plan_training(engagement, plan=plan_for(engagement, trainer=actor, **changes), actor=actor)


def train(engagement, person, *, trainer, result="passed"):
    """A session that was held, to which the person came, with one exercise."""
    session = plan_session(engagement, actor=trainer)
    note_training_held(session, minutes=80, actor=trainer)
    note_attendance(session, person=person, actor=person)
    note_exercise(session, person=person, task="Find the runbook.", result=result, actor=trainer)
    return session
