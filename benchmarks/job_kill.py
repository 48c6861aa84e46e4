"""Kills the worker in the middle of jobs and counts what is lost or doubled: `python -m benchmarks.job_kill [KILLS]`.

The last line is JSON. Leases are shortened to two seconds so that it ends soon; what is counted does not depend on it.
"""

import json
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.stage import Worker, stage, until

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
SHORT = {"JOB_LEASE_SECONDS": "2", "JOB_HEARTBEAT_SECONDS": "1", "JOB_MESSAGE_PATIENCE_SECONDS": "5"}
LONGEST = 0.9  # seconds a job takes: kills are spread over both halves of it


def swept_until_it_ended(job_id: int) -> bool:
    from core.jobs import sweep
    from core.models import Job

    sweep()
    return Job.objects.filter(pk=job_id, state__in=("done", "failed")).exists()


def run() -> dict[str, object]:
    from django.db import transaction
    from django.db.models import Q

    from core.jobs import enqueue
    from core.models import Counter, Job

    log = Path(tempfile.gettempdir()) / "gatepost-bench-kill.log"
    chance, delays = random.Random(5), []
    worker = Worker(log)
    for turn in range(KILLS):
        with transaction.atomic():
            subject = Counter.objects.create(name=f"kill-{turn}")
            row = enqueue("count_once", subject=subject, actor=None)
        assert until(Job.objects.filter(pk=row.pk, attempts__gte=1).exists, 60)
        time.sleep(chance.uniform(0, LONGEST))
        worker.kill()
        killed = time.monotonic()
        worker = Worker(log)
        assert until(partial(swept_until_it_ended, row.pk), 90, pause=0.05), f"job {turn} was never ended"
        delays.append(time.monotonic() - killed)
    worker.stop()
    return {
        "kills": KILLS,
        "lost": Counter.objects.filter(name__startswith="kill-", value=0).count(),
        "doubled": Counter.objects.filter(name__startswith="kill-", value__gt=1).count(),
        "not_done": Job.objects.filter(~Q(state="done")).count(),
        "begun_again": Job.objects.filter(attempts__gt=1).count(),
        "longest_recovery_s": round(max(delays), 1),
    }


if __name__ == "__main__":
    with stage(**SHORT):
        print(json.dumps(run()))
