"""Kills the worker at random moments of building a plan and counts documents: `python -m benchmarks.plan_kill [KILLS]`.

A real worker, a real broker, the plan of a customer whose quote was accepted. One build goes undisturbed first: the
kills are spread over as long as that took. Leases are shortened to fifteen seconds so that it ends soon, and no more:
a layout keeps its process busy, so on a crowded machine a shorter lease runs out under a worker that lives. The last
line is JSON.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.job_kill import swept_until_it_ended
from benchmarks.stage import Worker, stage, until

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Job
    from engagements.models import Gate

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
SHORTER = {"JOB_LEASE_SECONDS": "15", "JOB_HEARTBEAT_SECONDS": "2", "JOB_MESSAGE_PATIENCE_SECONDS": "5"}
MOST_SECONDS = 400
TARGETS = ("kumomta", "powermta")


def accepted_engagement() -> tuple[Gate, User]:
    """A gate 1 in discovery, and the consultant who builds its plan."""
    from portal.demo import acts
    from portal.demo.cast import cast, hire

    staff, customer = hire(), cast()["customers"]["northlake"]
    request, people = acts.ask(customer, staff=staff)
    sent = acts.quote(request, staff=staff)
    engagement = acts.accept(sent, signatory=people["signatory"], staff=staff, target=customer["target"])
    gate: Gate = engagement.gates.get(number=1)
    return gate, staff["consultant"]


def ask_for_a_build(gate: Gate, consultant: User, turn: int) -> Job:
    """The target moves at each turn, so that there is a new version to freeze."""
    from engagements.domain.choose_target import choose_target
    from engagements.models import Engagement
    from reports.domain.request_freeze import request_freeze

    engagement = Engagement.objects.get(pk=gate.engagement_id)
    choose_target(engagement, target=TARGETS[turn % 2], reason=f"Turn {turn}.", actor=consultant)
    return request_freeze(gate, actor=consultant)


def is_begun(job: Job) -> bool:
    job.refresh_from_db()
    return job.attempts > 0


def build_undisturbed(gate: Gate, consultant: User) -> float:
    """Seconds from the moment a worker takes it."""
    job = ask_for_a_build(gate, consultant, 0)
    assert until(partial(is_begun, job), MOST_SECONDS)
    began = time.monotonic()
    assert until(partial(swept_until_it_ended, job.pk), MOST_SECONDS, pause=0.2), "the first build was never ended"
    return time.monotonic() - began


def run() -> dict[str, object]:
    from core.models import Job
    from engagements.models import FrozenDocument

    gate, consultant = accepted_engagement()
    log = Path(tempfile.gettempdir()) / "gatepost-bench-plan-kill.log"
    chance, documents, moments = random.Random(5), [], []
    worker = Worker(log)
    longest = build_undisturbed(gate, consultant)
    builds = []
    for turn in range(1, KILLS + 1):
        before = FrozenDocument.objects.filter(gate=gate).count()
        job = ask_for_a_build(gate, consultant, turn)
        assert until(partial(is_begun, job), MOST_SECONDS), f"nobody took build {turn}"
        moments.append(chance.uniform(0, longest))
        time.sleep(moments[-1])
        worker.kill()
        worker = Worker(log)
        assert until(partial(swept_until_it_ended, job.pk), MOST_SECONDS, pause=0.2), f"build {turn} was never ended"
        documents.append(FrozenDocument.objects.filter(gate=gate).count() - before)
        builds.append(job.pk)
    worker.stop()
    gate.refresh_from_db()
    return {
        "kills": KILLS,
        "undisturbed_s": round(longest, 1),
        "moments_s": [round(moment, 1) for moment in moments],
        "documents_a_build": documents,
        "lost": documents.count(0),
        "doubled": sum(count > 1 for count in documents),
        "not_done": Job.objects.exclude(state="done").count(),
        "begun_again": Job.objects.filter(pk__in=builds, attempts__gt=1).count(),
        "current_is_the_last": gate.current_document == gate.documents.order_by("-version").first(),
    }


if __name__ == "__main__":
    with stage(**SHORTER):
        print(json.dumps(run()))
