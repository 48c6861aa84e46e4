"""What the clock has done again and again: by its name in the database the task, and after how many seconds."""

from __future__ import annotations

from typing import Any

from core.queues import URGENT

TASKS = {
    "deliver outbox": ("core.deliver_outbox", 30),
    "clear answers": ("core.clear_answers", 3600),
    "warn clocks": ("pricing.warn_clocks", 60),
    "remind signers": ("engagements.remind_signers", 3600),
    "end records": ("engagements.end_records", 3600),
    "remind contacts": ("pricing.remind_contacts", 3600),
    "expire quotes": ("pricing.expire_quotes", 3600),
    "clear previews": ("reports.clear_previews", 3600),
    "keep portfolio": ("reports.keep_portfolio", 300),
    "tell portfolio": ("reports.tell_portfolio", 3600),
    "tell reviews": ("reports.tell_reviews", 3600),
    "check armed": ("delivery.check_armed", 3600),
    "watch triggers": ("delivery.watch_triggers", 300),
    "judge watch": ("delivery.judge_watch", 900),
    "tell endpoints": ("engagements.tell_endpoints", 15),
    "tell webhooks": ("delivery.tell_webhooks", 60),
    "read mailboxes": ("delivery.read_mailboxes", 60),
    "erase intakes": ("pricing.erase_intakes", 3600),
}
RUNS_OUT_SECONDS = 3600
SWEEP, SWEEP_FOR_URGENT = "core.sweep_jobs", "core.sweep_for_urgent"


def beat_schedule(sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """For CELERY_BEAT_SCHEDULE. What waited for an hour has run out: what came after it does the same.

    No less, so that a queue that lags behind a short round does not pass over each of them.
    """
    sweeps = {"sweep jobs": (SWEEP, sweep_seconds), "sweep for urgent jobs": (SWEEP_FOR_URGENT, sweep_seconds)}
    return {
        name: {"task": task, "schedule": seconds, "options": _options(task, seconds)}
        for name, (task, seconds) in {**sweeps, **TASKS}.items()
    }


def _options(task: str, seconds: int) -> dict[str, Any]:
    return {"expire_seconds": max(seconds, RUNS_OUT_SECONDS)} | ({"queue": URGENT} if task == SWEEP_FOR_URGENT else {})
