"""A mailbox that is read over IMAP: set, paused, resumed, removed. Its password lies sealed and is shown nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core import sealing
from core.audit import record
from core.errors import Conflict, DomainError
from core.numbering import next_number
from delivery.feedback.imap import Account
from delivery.feedback.limits import load_limits
from delivery.models import Mailbox
from discovery.domain.receive_upload import lock_for_upload
from engagements.domain.lock_engagement import lock_engagement

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_PURPOSE = "passwords of mailboxes"


@transaction.atomic
def set_mailbox(engagement: Engagement, *, account: Account, actor: User) -> Mailbox:
    """The same name and folder at the same host is the same mailbox: it goes on where it stood, with the new password.

    Raises DomainError for what cannot be one, before anything is kept.
    """
    engagement = lock_for_upload(engagement, actor=actor)
    host = _checked(account)
    mailboxes, now = Mailbox.objects.filter(engagement=engagement), timezone.now()
    sealed = sealing.seal(account.password.encode(), purpose=_PURPOSE)
    facts = {"port": account.port, "sealed_password": sealed, "set_by": actor, "set_at": now, "due_at": now}
    again = {"state": Mailbox.State.NEW, "said": "", "failures": 0, "is_paused": False}
    most, names = load_limits().mailboxes, {"host": host, "username": account.username, "folder": account.folder}
    if mailboxes.count() >= most and not mailboxes.filter(**names).exists():
        raise DomainError(f"{most} mailboxes are read already. Remove one first; nothing was changed.")
    mailbox, _ = Mailbox.objects.update_or_create(
        engagement=engagement,
        **names,
        defaults={**facts, **again},
        create_defaults={**facts, "number": next_number(mailboxes)},
    )
    record("mailbox.set", subject=mailbox, actor=actor, **names)
    return mailbox


def _checked(account: Account) -> str:
    """The host in small letters."""
    host, reasons = account.host.strip().lower().rstrip("."), list[str]()
    if not HOST.fullmatch(host):
        reasons.append("Write the host as its name in DNS, for example imap.example.com.")
    if account.port not in Mailbox.Port.values:
        reasons.append("Take port 993, or 143 with STARTTLS: a password is told over TLS only.")
    if not account.username or not account.password:
        reasons.append("Write the user name and the password.")
    if not (account.username + account.password).isprintable():
        reasons.append("There are signs in the user name or the password that cannot be typed: write them by hand.")
    if not account.folder.isascii() or not account.folder.isprintable() or not account.folder:
        reasons.append("Write the folder as its server names it, in ASCII, for example INBOX.")
    if reasons:
        raise DomainError(*reasons)
    return host


@transaction.atomic
def pause_mailbox(mailbox: Mailbox, *, is_paused: bool, actor: User) -> Mailbox:
    """Raises Conflict where it is so already."""
    mailbox = lock_mailbox(mailbox, actor=actor)
    if mailbox.is_paused == is_paused:
        raise Conflict(f"{mailbox} is {'paused' if is_paused else 'being read'} already.")
    mailbox.is_paused, mailbox.due_at = is_paused, timezone.now()
    mailbox.save(update_fields=["is_paused", "due_at"])
    record("mailbox.paused" if is_paused else "mailbox.resumed", subject=mailbox, actor=actor)
    return mailbox


@transaction.atomic
def remove_mailbox(mailbox: Mailbox, *, actor: User) -> None:
    """With its password; what was taken from it stays in the queue. Also after the end."""
    mailbox = lock_mailbox(mailbox, actor=actor)
    names = {"host": mailbox.host, "username": mailbox.username, "folder": mailbox.folder}
    record("mailbox.removed", subject=mailbox, actor=actor, **names)
    mailbox.delete()


def lock_mailbox(mailbox: Mailbox, *, actor: User) -> Mailbox:
    """Under the lock of its engagement. Raises Refused, and Conflict where it was removed meanwhile."""
    engagement = lock_engagement(mailbox.engagement_id)
    require(actor, Permission.UPLOAD, engagement.organization)
    found = Mailbox.objects.select_for_update().filter(pk=mailbox.pk).first()
    if found is None:
        raise Conflict(f"{mailbox} was removed meanwhile.")
    found.engagement = engagement
    return found


def account_of(mailbox: Mailbox) -> Account:
    """Raises DomainError for a password that was kept under another SECRET_KEY."""
    try:
        password = sealing.unseal(bytes(mailbox.sealed_password), purpose=_PURPOSE).decode()
    except InvalidToken as error:
        raise DomainError(
            "The password of the mailbox cannot be read any more: the portal's SECRET_KEY is another one now. Set the "
            "mailbox once more; it goes on where it stood."
        ) from error
    return Account(mailbox.host, mailbox.port, mailbox.username, password, mailbox.folder)
