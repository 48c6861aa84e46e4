"""Runs with figures of one's own, without logs."""

from datetime import timedelta

from delivery.models import ReconciliationRun, TrafficHour
from delivery.traffic_state import SIDES


def run_until(engagement, actor, until, *, number=1, since=None, done_at=None, sides=SIDES, **counts):
    """A clean run with so much traffic of each side in one hour."""
    report = {"states": {"missing": 0, "duplicate": 0, "ambiguous": 0}, "balance": {}, "recipients": 0, "causes": {}}
    run = ReconciliationRun.objects.create(
        engagement=engagement,
        number=number,
        report=report,
        lines=[],
        covered={side: [0.0, until.timestamp()] for side in sides},
        covered_from=since or until - timedelta(days=10),
        covered_to=until,
        asked_at=until,
        asked_by=actor,
        done_at=done_at or until,
    )
    good = {"delivered": 9_900, "failed": 100, "deferred": 100, "timed": 9_000, "slow": 10}
    hour = (until - timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    for side in ("old", "new"):
        changed = counts if side == "new" else {}
        TrafficHour.objects.create(run=run, hour=hour, side=side, provider="Gmail", **(good | changed))
    return run
