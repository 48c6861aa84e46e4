from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from pricing.domain.locks import lock_request
from pricing.in_force import book_now
from pricing.models import ClockNotice, LateReason, Request

OTHER = "other"
LONGEST_TEXT = 500


def late_reasons() -> list[tuple[str, str]]:
    """The short list, as (key, label)."""
    return [(key, label) for key, label in book_now().texts["late_reasons"]["choices"]]


@transaction.atomic
def explain_delay(request: Request, *, actor: User, reason: str, text: str = "") -> LateReason:
    """Say why an answer was late, with a reason of the short list; `text` is asked for with "other".

    Saying it again replaces what was said; the ledger keeps both.
    """
    request = lock_request(request.pk, request.engagement_id)
    require(actor, Permission.EDIT_REQUEST, request.engagement.organization)
    if not request.clock_notices.filter(kind=ClockNotice.Kind.BREACH).exists():
        raise DomainError("This quote was not late, so there is nothing to explain.")
    label, said = dict(late_reasons()).get(reason), text.strip()
    if label is None:
        raise DomainError("Choose a reason from the list.")
    if reason == OTHER and not said:
        raise DomainError("Say in your own words why.")
    if len(said) > LONGEST_TEXT:
        raise DomainError(f"Say it in {LONGEST_TEXT} characters; it has {len(said):,}.")
    facts = {"key": reason, "text": said, "said_by": actor, "said_at": timezone.now()}
    saved, _ = LateReason.objects.update_or_create(request=request, defaults=facts)
    sentence = f"{label}: {said}" if said else label
    record("request.late_explained", subject=request, actor=actor, reason=sentence, key=reason)
    return saved
