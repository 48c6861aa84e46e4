"""Slow work: a Job row in the transaction of what asked for it, run by a worker, once.

    @job("parse_upload", label="Reading the upload")  # queue=URGENT: with a worker of its own
    class ParseUpload(JobKind[Report]):
        def prepare(self, handle: Handle) -> Report: ...   # slow, repeatable, writes nothing but progress
        def apply(self, handle: Handle, result: Report) -> dict[str, Any]: ...   # short, one transaction, once

Kinds stand in an app's `job_kinds.py`, loaded by `AppConfig.ready()`.
"""

from core.jobs.handle import Handle, LeaseLost, Tell
from core.jobs.kinds import JobKind, job, label_of
from core.jobs.queue import enqueue
from core.jobs.run import run_job
from core.jobs.sweep import sweep

__all__ = ["Handle", "JobKind", "LeaseLost", "Tell", "enqueue", "job", "label_of", "run_job", "sweep"]
