"""What gates 2 to 5 ask for so far: evidence that can be read, and time that cannot be shortened.

Loaded by DeliveryConfig.ready().
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from core.wording import day_text
from engagements.gates import check
from engagements.models import Engagement, GateTask
from engagements.schedule import MONITORING, PARALLEL
from engagements.today import today_of


def _evidence(number: int) -> Callable[[Engagement], Iterator[str]]:
    def reasons(engagement: Engagement) -> Iterator[str]:
        done = GateTask.objects.filter(gate__engagement=engagement, gate__number=number, done_at__isnull=False)
        for task in done.filter(evidence=""):
            yield f"“{task.title}” is completed, but nothing was noted that shows it."

    return reasons


for _number in (2, 3, 4, 5):
    check(_number, key="evidence_noted", title="Every completed task notes what shows it")(_evidence(_number))


@check(PARALLEL, key="parallel_minimum", title="Parallel delivery has run its minimum time", can_override=False)
def parallel_has_run_its_minimum(engagement: Engagement) -> Iterator[str]:
    phase = engagement.schedule.filter(number=PARALLEL).first()
    if phase is None or phase.actual_start is None:
        yield "Parallel delivery has not begun."
        return
    earliest = phase.actual_start + timedelta(weeks=phase.minimum_weeks)
    if today_of(engagement) < earliest:
        yield (
            f"Parallel delivery began on {day_text(phase.actual_start)} and runs at least {phase.minimum_weeks} weeks: "
            f"until {day_text(earliest)}."
        )


@check(MONITORING, key="monitoring_lasted", title="Monitoring has lasted as long as planned")
def monitoring_has_lasted(engagement: Engagement) -> Iterator[str]:
    phase = engagement.schedule.filter(number=MONITORING).first()
    if phase is None or phase.actual_start is None:
        yield "Monitoring has not begun."
        return
    earliest = phase.actual_start + timedelta(days=phase.planned_days)
    if today_of(engagement) < earliest:
        yield f"Monitoring lasts {phase.planned_days} days: until {day_text(earliest)}."
