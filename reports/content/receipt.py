"""The receipt of a signed document: who signed what, under which words, how proved, and where the ledger stood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from core.models import ChainHead
from core.portal_key import portal_key
from engagements.models import FrozenDocument
from reports.content import as_content


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature as it was given."""

    reference: str
    typed_name: str
    role_title: str
    label: str
    statement: str
    statement_version: str
    signed_at: datetime
    authentication: str
    authenticated_at: datetime
    ip_address: str | None
    user_agent: str
    time_zone: str
    chain_digest: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """`events` is how many entries the ledger had when this was written, `head` the digest of the last of them."""

    reference: str
    code: str
    organization: str
    title: str
    document_reference: str
    version: int
    digest: str
    snapshot_digest: str
    pages: int
    size: int
    frozen_at: datetime
    signatures: Sequence[Signed]
    events: int
    head: str
    key: str
    authority: str
    verify_url: str


def receipt_reference(document: FrozenDocument) -> str:
    return f"{document.reference}-R"


def receipt_content(document: FrozenDocument) -> dict[str, Any]:
    """What the receipt of a document says now: every signature over it so far."""
    head = ChainHead.objects.get(chain=document.audit_chain)
    return as_content(
        Receipt(
            reference=receipt_reference(document),
            code=document.engagement.code,
            organization=document.engagement.organization.name,
            title=document.title,
            document_reference=document.reference,
            version=document.version,
            digest=document.digest,
            snapshot_digest=document.snapshot_digest,
            pages=document.page_count,
            size=document.byte_count,
            frozen_at=document.frozen_at,
            signatures=_signatures(document),
            events=head.sequence,
            head=head.digest,
            key=portal_key().fingerprint,
            authority=settings.TIME_STAMP_AUTHORITY,
            verify_url=verify_url(document.digest),
        )
    )


def _signatures(document: FrozenDocument) -> list[Signed]:
    return [
        Signed(
            reference=one.reference,
            typed_name=one.typed_name,
            role_title=one.role_title,
            label=one.signer_label,
            statement=one.statement,
            statement_version=one.statement_version,
            signed_at=one.signed_at,
            authentication=one.authentication,
            authenticated_at=one.authenticated_at,
            ip_address=one.ip_address,
            user_agent=one.user_agent,
            time_zone=one.time_zone,
            chain_digest=one.chain_digest,
        )
        for one in document.signoffs.order_by("pk")
    ]


def verify_url(digest: str) -> str:
    """Where anybody learns what the portal knows of a fingerprint; drawn as a QR code on the receipt."""
    return f"{settings.PORTAL_URL}{reverse('verify:fingerprint')}?{urlencode({'digest': digest})}"
