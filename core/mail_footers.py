"""How a mail says that its kind can be switched off: in words to people, in headers to their programs (RFC 8058)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse

from core.mail_kinds import mail_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import OutboxMessage

_PURPOSE = "switch a kind of mail off"
_FOOTER = "\n-- \n"


def how_to_change(kind: str) -> str:
    """The line beneath the reason; "" for words that are no mail of the portal."""
    listed = mail_kinds().get(kind)
    if listed is None:
        return ""
    if not listed.can_be_off:
        return "Mail of this kind cannot be switched off."
    return f"Switch it off or on: {settings.PORTAL_URL}{reverse('accounts:mail')}"


def joined(texts: Sequence[str]) -> str:
    """Several mails in one, with the footer of the last."""
    bodies = [text.rpartition(_FOOTER)[0] or text for text in texts]
    _, line, footer = texts[-1].rpartition(_FOOTER)
    return ("\n\n" + "* * *\n\n").join(body.strip() for body in bodies) + "\n" + line + footer


def switch_token(person_id: int, kind: str) -> str:
    return signing.dumps([person_id, kind], salt=_PURPOSE)


def read_switch_token(token: str) -> tuple[int, str] | None:
    """Whose mail of which kind; None for a link that this portal did not sign."""
    try:
        person_id, kind = signing.loads(token, salt=_PURPOSE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return person_id, kind


def unsubscribe_headers(message: OutboxMessage) -> dict[str, str]:
    """Only for what can be switched off, and only for people: an address alone has no settings."""
    listed = mail_kinds().get(message.kind)
    if listed is None or not listed.can_be_off or message.recipient_id is None:
        return {}
    token = switch_token(message.recipient_id, message.kind)
    url = f"{settings.PORTAL_URL}{reverse('mail:off', args=[token])}"
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
