"""Mail, told in the transaction of the fact and sent after it: nothing leaves that was rolled back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string, select_template
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core import sealing
from core.counting import counted
from core.domain.note_failure import note_failure, note_reached
from core.mail_failures import refusal_of
from core.mail_footers import how_to_change, joined, unsubscribe_headers
from core.mail_kinds import batched, has_reader, kind_of, mail_kinds, proving
from core.models import FailingAddress, MailMute, OutboxAttachment, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import Model

    from core.mail_failures import Refusal
    from core.mail_kinds import MailKind

MAX_ATTEMPTS = 5
RETRY_SECONDS = (15, 60, 300, 900)
_PURPOSE = "mail that carries a link"
WHY = "Your address is named in a mail migration that is run through this portal."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send along: its bytes are kept until the mail is out."""

    filename: str
    content: bytes
    media_type: str = "application/octet-stream"


def render_mail(template: str, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a mail.

    `templates/emails/<template>.txt` has the subject on its first line; the footer of `base.txt` is added, with the
    reason of `context["why"]`. `<template>.html`, where there is one, extends `emails/base.html`. HTML is "" otherwise.
    """
    consultancy, url = settings.CONSULTANCY, settings.PORTAL_URL
    full = {"why": WHY, **context, "how": how_to_change(template), "consultancy": consultancy, "portal_url": url}
    subject, _, body = render_to_string(f"emails/{template}.txt", full).strip().partition("\n")
    text = render_to_string("emails/base.txt", {**full, "body": body.strip()}).strip() + "\n"
    html = select_template([f"emails/{template}.html", "emails/none.html"]).render({**full, "subject": subject.strip()})
    return subject.strip(), text, html.strip()


def post(
    kind: str,
    *,
    to: AbstractBaseUser | str,
    subject: str,
    text: str,
    html: str = "",
    reference: Model,
    is_secret: bool = False,
    attachments: Iterable[Attachment] = (),
) -> OutboxMessage | None:
    """Put a mail into the outbox of the caller's transaction; it is sent once that is committed.

    `kind` is one of `core/mail_kinds.yaml`; None when the person switched that kind off, or is a program. `is_secret`
    marks words with a link that opens a door, which are stored sealed. Raises RuntimeError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("post() belongs inside the transaction of the fact it tells")
    listed = kind_of(kind)
    recipient, address = to if isinstance(to, AbstractBaseUser) else None, str(getattr(to, "email", to))
    if not has_reader(address) or (recipient and _is_off(listed, recipient.pk)):
        return None
    message = OutboxMessage.objects.create(
        kind=kind,
        available_at=Now() + timedelta(minutes=listed.batched_minutes if recipient else 0),
        recipient_id=recipient.pk if recipient else None,
        address=address,
        subject=" ".join(subject.split())[:250],
        text=_seal(text) if is_secret else text,
        html=_seal(html) if is_secret else html,
        is_sealed=is_secret,
        reference_type=reference._meta.label,
        reference_id=str(reference.pk),
        is_required=not listed.can_be_off,
    )
    _attach(message, attachments)
    transaction.on_commit(_announce)
    return message


def _is_off(listed: MailKind, person_id: int) -> bool:
    return listed.can_be_off and MailMute.objects.filter(person_id=person_id, kind=listed.key).exists()


def _is_dropped(message: OutboxMessage) -> bool:
    """Where its kind was switched off while it waited it is as if it had never been posted: the row goes."""
    listed = mail_kinds().get(message.kind)
    if listed is None or message.is_required or message.recipient_id is None:
        return False
    if not _is_off(listed, message.recipient_id):
        return False
    log.info("mail_switched_off", outbox=message.pk, kind=message.kind)
    message.delete()
    return True


def _attach(message: OutboxMessage, files: Iterable[Attachment]) -> None:
    for file in files:
        OutboxAttachment.objects.create(
            message=message, filename=file.filename, media_type=file.media_type, content=file.content
        )


def _seal(words: str) -> str:
    return sealing.seal(words.encode(), purpose=_PURPOSE).decode() if words else ""


def _unseal(words: str) -> str:
    try:
        return sealing.unseal(words.encode(), purpose=_PURPOSE).decode() if words else ""
    except InvalidToken as error:
        raise ValueError("it was sealed with another SECRET_KEY, so it can only be written anew") from error


def words_of(message: OutboxMessage) -> tuple[str, str]:
    """Text and HTML in clear. Raises ValueError when they were sealed with another SECRET_KEY."""
    if message.is_sealed:
        return _unseal(message.text), _unseal(message.html)
    return message.text, message.html


def _announce() -> None:
    from core.tasks import deliver_outbox

    try:
        deliver_outbox.delay()
    except Exception as error:  # noqa: BLE001 (whatever the broker's library raises, beat looks again)
        log.warning("outbox_announcement_failed", error=type(error).__name__)


def deliver_all() -> int:
    """Send what is due, oldest first. Returns how many rows were looked at, those that failed included."""
    count = 0
    while deliver_one():
        count += 1
    return count


@transaction.atomic
def deliver_one() -> bool:
    """Send the mail that is due longest, or note why it could not be sent. False when nothing is due.

    Safe to run twice at once: rows in hand are passed over. Delivery is at least once, because a worker can die
    between the server's answer and the commit; the Message-ID is the same both times.
    """
    message = OutboxMessage.objects.due().select_for_update(skip_locked=True).first()
    if message is None:
        return False
    if paused := _pause_of(message):
        _hold(message, paused)
    elif rows := _told_with(message):
        _send(rows)
    return True


def _pause_of(message: OutboxMessage) -> FailingAddress | None:
    """Locked, so that a proof of the address waits until the mail is held, and releases it."""
    if message.kind in proving():
        return None
    return FailingAddress.objects.of(message.address).paused().select_for_update().first()


def _send(rows: list[OutboxMessage]) -> None:
    for row in rows:
        row.attempts, row.message_id = row.attempts + 1, message_id_of(rows)
    try:
        as_email(*rows).send()
    except Exception as error:  # noqa: BLE001 (any backend, any failure: the row says it and the queue goes on)
        _note_refusal(rows, error)
    else:
        for row in rows:
            _note_sent(row)
        if FailingAddress.objects.of(rows[0].address).filter(came_back=False).exists():
            note_reached(rows[0].address)


def _hold(message: OutboxMessage, failing: FailingAddress) -> None:
    message.parked_at, message.parked_for = timezone.now(), OutboxMessage.ParkedFor.ADDRESS
    message.error_sentence = (
        f"Not sent: mail to this address comes back ({failing.said}). It goes out once the address is proved again, "
        "or its person has another one."
    )
    message.save(update_fields=["error_sentence", "parked_at", "parked_for"])
    log.info("mail_held", outbox=message.pk, kind=message.kind)


def _told_with(message: OutboxMessage) -> list[OutboxMessage]:
    """The rows that go out in one mail, always in the same order; none where all were switched off meanwhile."""
    found = [row for row in [message, *_beside(message)] if not _is_dropped(row)]
    return sorted(found, key=lambda row: row.pk)


def _beside(message: OutboxMessage) -> list[OutboxMessage]:
    """What else waits for the same person and goes out in the same mail: nothing, unless its kind is batched."""
    kinds = batched()
    if message.kind not in kinds or message.recipient_id is None:
        return []
    waiting = OutboxMessage.objects.waiting().filter(
        recipient=message.recipient_id, address=message.address, kind__in=kinds
    )
    return list(waiting.exclude(pk=message.pk).select_for_update(skip_locked=True).order_by("pk"))


def message_id_of(rows: Sequence[OutboxMessage]) -> str:
    """The same for the same rows at each attempt, and another one once a batch has grown.

    Not to be guessed: by it the portal knows its own mail when it comes back.
    """
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    told = ",".join(f"{row.pk}.{row.created_at.isoformat()}" for row in rows)
    mark = salted_hmac("core.outbox.message_id", told, algorithm="sha256").hexdigest()[:32]
    return f"<outbox-{rows[0].pk}.{mark}@{host}>"


def as_email(message: OutboxMessage, *beside: OutboxMessage) -> EmailMultiAlternatives:
    """The mail of a row, and of those that are told in it."""
    text, html = words_of(message)
    subject = message.subject
    if beside:
        subject = f"{subject}, and {counted(len(beside), 'more message')}"
        text, html = joined([text, *(words_of(row)[0] for row in beside)]), ""
    email = EmailMultiAlternatives(
        subject,
        text,
        from_email=settings.BOUNCE_ADDRESS or None,
        to=[message.address],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": message_id_of([message, *beside]),
            "X-Gatepost-Outbox": str(message.pk),
            "Auto-Submitted": "auto-generated",
            **unsubscribe_headers(message),
        },
    )
    if html:
        email.attach_alternative(html, "text/html")
    for file in message.attachments.all():
        email.attach(file.filename, bytes(file.content), file.media_type)
    return email


def _note_sent(message: OutboxMessage) -> None:
    message.sent_at, message.text, message.html, message.error_sentence = timezone.now(), "", "", ""
    message.save(update_fields=["sent_at", "text", "html", "error_sentence", "attempts", "message_id"])
    message.attachments.all().delete()
    log.info("mail_sent", outbox=message.pk, kind=message.kind, attempt=message.attempts)


def _note_refusal(rows: list[OutboxMessage], error: Exception) -> None:
    """Where the server says that the address is not there no further attempt is made."""
    refusal = refusal_of(error)
    for row in rows:
        _note_attempt(row, error, refusal)
    if refusal and rows[0].parked_at:
        note_failure(rows[0].address, said=refusal.said, is_dead=refusal.is_dead, came_back=False)


def _note_attempt(message: OutboxMessage, error: Exception, refusal: Refusal | None) -> None:
    words = " ".join(str(error).split())[:400] or "no reason given"
    message.error_sentence = f"The mail server refused at attempt {message.attempts}: {words}"
    if message.attempts >= MAX_ATTEMPTS or (refusal and refusal.is_dead):
        message.parked_at = timezone.now()
        message.parked_for = OutboxMessage.ParkedFor.ADDRESS if refusal else OutboxMessage.ParkedFor.SERVER
    else:
        message.available_at = Now() + timedelta(seconds=RETRY_SECONDS[message.attempts - 1])
    message.save(update_fields=["error_sentence", "parked_at", "parked_for", "available_at", "attempts", "message_id"])
    log.warning("mail_failed", outbox=message.pk, attempt=message.attempts, error=type(error).__name__)


def resend(message: OutboxMessage) -> None:
    """Give a parked mail another five attempts. Does nothing to one that is not parked."""
    parked = OutboxMessage.objects.parked().filter(pk=message.pk)
    parked.update(parked_at=None, parked_for="", attempts=0, available_at=Now())
