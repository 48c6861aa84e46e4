"""The line to a customer's proxy: set, removed, spoken over. Its token is sealed and never shown again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core import sealing
from core.audit import record
from core.errors import Conflict, DomainError
from delivery.models import ProxyLine
from delivery.ramp.line import LineSilent, ask_proxy, knows
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_PURPOSE = "tokens of proxies"


@transaction.atomic
def set_line(engagement: Engagement, *, url: str, token: str, actor: User) -> ProxyLine:
    engagement = lock_living(engagement.pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise DomainError("Write the address as http://host:port, without a name or password in it.")
    if not token.strip() or not token.isascii() or not token.strip().isprintable():
        raise DomainError("Paste the token of the control endpoint, as the proxy's file names it.")
    facts = {
        "url": url.strip().rstrip("/"),
        "sealed_token": sealing.seal(token.strip().encode(), purpose=_PURPOSE),
        "set_by": actor,
        "set_at": timezone.now(),
    }
    line, _ = ProxyLine.objects.update_or_create(engagement=engagement, defaults=facts)
    record("line.set", subject=line, actor=actor, url=line.url)
    return line


@transaction.atomic
def remove_line(engagement: Engagement, *, actor: User) -> None:
    engagement = lock_engagement(engagement.pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    line = line_of(engagement)
    if line is None:
        raise Conflict("There is no line to a proxy.")
    record("line.removed", subject=line, actor=actor, url=line.url)
    line.delete()


def line_of(engagement: Engagement) -> ProxyLine | None:
    return ProxyLine.objects.filter(engagement=engagement).first()


def required_line(engagement: Engagement) -> ProxyLine:
    """For a job that was asked while there was one. Raises DomainError where it was removed since."""
    line = line_of(engagement)
    if line is None:
        raise DomainError("The line to the proxy was removed. Nothing was told it.")
    return line


def known_shares(line: ProxyLine, shares: dict[str, int]) -> dict[str, int]:
    """Those of rules that the proxy knows: one that it does not know would have it refuse all. Raises DomainError."""
    status = tell_proxy(line, "status")
    return {rule: share for rule, share in shares.items() if knows(status, rule)}


def tell_proxy(
    line: ProxyLine, verb: str, words: dict[str, Any] | None = None, *, asked_at: datetime | None = None
) -> dict[str, Any]:
    """`asked_at` numbers commands, by the database's clock: what was asked first and arrives last is refused.

    Raises DomainError with what the proxy said, or that it did not answer.
    """
    try:
        return ask_proxy(line.url, token_of(line), verb, words, generation=_number(asked_at))
    except LineSilent as silent:
        raise DomainError(str(silent)) from silent


def token_of(line: ProxyLine) -> str:
    """Raises DomainError for one that was kept under another SECRET_KEY."""
    try:
        return sealing.unseal(bytes(line.sealed_token), purpose=_PURPOSE).decode()
    except InvalidToken as error:
        raise DomainError(
            "The token of the line to the proxy cannot be read any more: the portal's SECRET_KEY is another one now. "
            "Set the line once more. The proxy was told nothing."
        ) from error


def _number(asked_at: datetime | None) -> int:
    return (asked_at - _BEGAN) // timedelta(microseconds=1) if asked_at else 0
