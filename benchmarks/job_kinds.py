"""Kinds of job that do nothing but be measured."""

import time
from typing import Any

from django.db.models import F

from core.jobs import Handle, JobKind, job
from core.models import Counter


@job("measure_start", label="Measuring")
class MeasureStart(JobKind[float]):
    def prepare(self, handle: Handle) -> float:  # noqa: ARG002 (the shape of a kind)
        return time.time()

    def apply(self, handle: Handle, result: float) -> dict[str, Any]:  # noqa: ARG002 (the shape of a kind)
        return {"started": result}


@job("count_once", label="Counting", max_attempts=10)
class CountOnce(JobKind[None]):
    """Slow enough to be killed in either half; its effect is one more on its subject."""

    def prepare(self, handle: Handle) -> None:
        for step in range(8):
            handle.progress(step, 8, f"Step {step}")
            time.sleep(0.05)

    def apply(self, handle: Handle, result: None) -> dict[str, Any]:  # noqa: ARG002 (the shape of a kind)
        Counter.objects.filter(pk=handle.job.subject_id).update(value=F("value") + 1)
        time.sleep(0.3)
        return {}
