"""What proves that mail reaches somebody: each is a code or link that was mailed to the address, and came back used."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import (
    authentication_step_completed,
    email_changed,
    email_confirmed,
    password_reset,
)
from django.conf import settings
from django.utils import timezone

from accounts.domain.prove_address import prove_address, prove_by_mail
from accounts.models import User
from core.models import OutboxMessage

_NAME = "accounts.address_proofs"


def by_code(user: User | None = None, method: str = "", email: str = "", **more: Any) -> None:  # noqa: ARG001 (a receiver takes all)
    """Only a code of the mail: one of the second factor says nothing of an address."""
    if method == "code" and email:
        prove_address(email)


def by_link(email_address: EmailAddress, **more: Any) -> None:
    prove_address(email_address.email)


def by_reset(user: User, **more: Any) -> None:
    """The link went to the address that was typed, which may be a second one. allauth does not say which was used."""
    since = timezone.now() - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    mails = OutboxMessage.objects.about(user).filter(kind="account_password_reset_key", sent_at__gte=since)
    asked = {mail.address.lower(): mail for mail in mails.order_by("pk")}
    if len(asked) == 1:
        prove_by_mail(*asked.values())


def by_another(
    to_email_address: EmailAddress,
    from_email_address: EmailAddress | None = None,
    **more: Any,
) -> None:
    """A new address was confirmed: what was kept back for the old one goes there."""
    if from_email_address:
        prove_address(from_email_address.email, moved_to=to_email_address.email)


def take_proofs() -> None:
    """Receivers of allauth's signals, which has no other door."""
    authentication_step_completed.connect(by_code, dispatch_uid=f"{_NAME}.code")
    email_confirmed.connect(by_link, dispatch_uid=f"{_NAME}.link")
    password_reset.connect(by_reset, dispatch_uid=f"{_NAME}.reset")
    email_changed.connect(by_another, dispatch_uid=f"{_NAME}.another")
