from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from engagements.models import Engagement
from pricing.clocks import clock_of
from pricing.domain.locks import lock_request
from pricing.models import Pause, Request

LONGEST_REASON = 500


@transaction.atomic
def pause_clock(request: Request, *, actor: User, reason: str) -> Pause:
    """Let the promise to answer stand still, with a reason that the customer reads.

    Raises Conflict when it does not run, saying why, and DomainError when it is late: what was not kept cannot be
    paused away.
    """
    request = lock_request(request.pk, request.engagement_id)
    require(actor, Permission.PAUSE_CLOCK, request.engagement.organization)
    said = reason.strip()
    if not said:
        raise DomainError("Say what you are waiting for: the customer reads it.")
    if len(said) > LONGEST_REASON:
        raise DomainError(f"Say it in {LONGEST_REASON} characters; it has {len(said):,}.")
    _refuse_unless_running(request)
    pause = Pause.objects.create(request=request, reason=said, paused_by=actor, paused_at=timezone.now())
    record("request.clock_paused", subject=request, actor=actor, reason=said)
    return pause


@transaction.atomic
def resume_clock(request: Request, *, actor: User) -> Pause:
    """Let it run on from where it stood. Raises Conflict when it is not paused."""
    request = lock_request(request.pk, request.engagement_id)
    require(actor, Permission.PAUSE_CLOCK, request.engagement.organization)
    pause = request.pauses.open().first()
    if pause is None:
        raise Conflict("The clock is not paused. Nothing was changed.")
    pause.resumed_at, pause.resumed_by = timezone.now(), actor
    pause.save(update_fields=["resumed_at", "resumed_by"])
    reading = clock_of(Request.objects.with_clock().get(pk=request.pk))
    record("request.clock_resumed", subject=request, actor=actor, due=reading and reading.due_at)
    return pause


def _refuse_unless_running(request: Request) -> None:
    engagement, reading = request.engagement, clock_of(request)
    if reading is None:
        raise Conflict("The clock has not started: it starts with the fourth data point.")
    if reading.is_stopped and request.answered_at:
        raise Conflict(f"The clock stopped with the answer on {told(request.answered_at)}.")
    if engagement.phase != Engagement.Phase.INTAKE:
        raise Conflict(f"{engagement.code} is at “{engagement.get_phase_display()}”: its clock does not run.")
    if open_pause := next((pause for pause in request.pauses.all() if pause.resumed_at is None), None):
        raise Conflict(f"{open_pause.paused_by} paused the clock on {told(open_pause.paused_at)}: {open_pause.reason}")
    if reading.is_late and reading.due_at:
        raise DomainError(f"The quote was due on {told(reading.due_at)}. A late clock cannot be paused.")
