from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from engagements.domain.keep_evidence import keep_origin
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.perform import perform
from pricing.domain.accept_quote import refuse_closed, refuse_unless_open
from pricing.domain.announce import announce_decline
from pricing.domain.locks import lock_quote
from pricing.in_force import book_now
from pricing.models import Quote

OTHER = "other"


def decline_reasons() -> list[tuple[str, str]]:
    """The short list, as (key, label)."""
    return [(key, label) for key, label in book_now().texts["decline_reasons"]["choices"]]


@transaction.atomic
def decline_quote(quote: Quote, *, actor: User, reason: str, text: str = "") -> Quote:
    """Say no, with a reason of the short list. `text` is asked for with "other". Ends the engagement at intake.

    A declined amendment leaves what was agreed before in force.
    """
    engagement = lock_engagement(quote.engagement_id)
    quote = lock_quote(quote, engagement)
    require(actor, Permission.ACCEPT_QUOTE, engagement.organization)
    if quote.state == Quote.State.DECLINED and quote.declined_by_id == actor.pk:
        return quote
    refuse_unless_open(quote)
    refuse_closed(quote)
    sentence = _sentence(reason, text.strip())
    quote.declined_by, quote.declined_at = actor, timezone.now()
    quote.decline_reason, quote.decline_text = reason, text.strip()
    keep_origin(quote)
    quote.decline()
    quote.save()
    record("quote.declined", subject=quote, actor=actor, reference=quote.reference, reason=sentence, key=reason)
    if not quote.amends_id:
        perform("decline", engagement=engagement, actor=actor, note=sentence)
    announce_decline(quote, sentence)
    return quote


def _sentence(reason: str, text: str) -> str:
    label = dict(decline_reasons()).get(reason)
    if label is None:
        raise DomainError("Choose a reason from the list.")
    if reason == OTHER and not text:
        raise DomainError("Say in your own words why.")
    return f"{label}: {text}" if text else label
