from datetime import datetime

from accounts.models import User
from core.audit import record
from core.wording import span_text
from pricing.clocks import clock_of, time_to_answer
from pricing.domain.locks import lock_request
from pricing.domain.warn_clocks import note_late
from pricing.models import Request


def stop_clock(request: Request, *, actor: User, at: datetime) -> None:
    """The answer is out: part of a larger act, in its transaction. Only the first answer stops the clock.

    An open pause ends with it. `at` may come before that pause began: a paper is drawn before it is sent.
    """
    request = lock_request(request.pk, request.engagement_id)
    if not request.is_clock_running:
        return
    for pause in request.pauses.open():
        pause.resumed_at, pause.resumed_by = max(at, pause.paused_at), actor
        pause.save(update_fields=["resumed_at", "resumed_by"])
    request.answered_at = at
    request.save(update_fields=["answered_at"])
    _tell_ledger(Request.objects.with_clock().select_related("owner").get(pk=request.pk), actor)


def _tell_ledger(request: Request, actor: User) -> None:
    reading, used = clock_of(request), time_to_answer(request)
    if reading is None or reading.allowed is None or used is None:
        return
    spans = {"used": span_text(used), "allowed": span_text(reading.allowed)}
    record("request.clock_stopped", subject=request, actor=actor, seconds=int(used.total_seconds()), **spans)
    note_late(request, reading)
