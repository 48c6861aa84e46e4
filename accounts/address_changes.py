"""A new address of a person stands in the ledger, although allauth's own pages change it."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from django.db import transaction

from accounts.models import User
from core.audit import record


def record_change(
    user: User, to_email_address: EmailAddress, from_email_address: EmailAddress | None = None, **more: Any
) -> None:
    """Receiver of allauth's signal, which has no other door. A person had no confirmed address before the first one."""
    before = from_email_address.email if from_email_address else ""
    with transaction.atomic():
        record(
            "person.email_changed",
            subject=user,
            actor=user,
            member=user.full_name,
            before=before or "none",
            after=to_email_address.email,
        )


def keep_in_ledger() -> None:
    email_changed.connect(record_change, dispatch_uid="accounts.address_changes")
