"""The evidence of an act, the same for signatures at gates, NDAs and the answers to quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from core.domain.take_number import take_number
from core.errors import DomainError
from core.origin import Origin, current_origin

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from engagements.models.evidence import SignatureEvidence

# What the ledger says of a signature beside what is signed.
_SAID = ("reference", "typed_name", "role_title", "statement", "statement_version", "authentication")


@dataclass(frozen=True, slots=True)
class Signature:
    """What the signer entered and saw.

    `shown_digest` is the SHA-256 of the PDF that was on screen, `authenticated_at` when they last proved who they are.
    """

    typed_name: str
    role_title: str
    statement: str
    statement_version: str
    shown_digest: str
    authenticated_at: datetime | None


class _FromWhere(Protocol):
    authentication: str
    ip_address: str | None
    user_agent: str
    time_zone: str


def _proved_at(signature: Signature) -> datetime:
    if not signature.typed_name.strip() or not signature.role_title.strip():
        raise DomainError("Type your full name and your role: both stand on the signed document.")
    return refuse_unproved(signature.authenticated_at, "a signature binds. Nothing was signed.")


def keep_origin(row: _FromWhere) -> None:
    """From where the act comes that is in progress."""
    origin = current_origin() or Origin()
    row.ip_address, row.user_agent = origin.ip_address, origin.user_agent
    row.authentication, row.time_zone = origin.authentication, origin.time_zone


def keep_evidence(row: SignatureEvidence, *, actor: User, signature: Signature, counter: str, letter: str) -> None:
    """Fill in everything but what is signed and the head of the ledger. The reference is `letter`-2026-0001.

    Raises DomainError when the last proof of who they are is too long ago, or a name is missing.
    """
    now = timezone.now()
    row.authenticated_at = _proved_at(signature)
    row.reference = f"{letter}-{now.year}-{take_number(f'{counter}-{now.year}'):04d}"
    row.signed_at, row.signer_label = now, actor.full_label
    row.typed_name, row.role_title = signature.typed_name.strip(), signature.role_title.strip()
    row.statement, row.statement_version = signature.statement, signature.statement_version
    row.document_digest = signature.shown_digest
    keep_origin(row)


def said_of(row: SignatureEvidence) -> dict[str, Any]:
    """A signature as the ledger keeps it."""
    return {name: getattr(row, name) for name in _SAID}
