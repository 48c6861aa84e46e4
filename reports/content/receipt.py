"""The receipt of a signed document: who signed what, under which words, how proved, and where the ledger stood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from core.languages import FIRST
from core.models import ChainHead
from core.portal_key import portal_key
from engagements.conditions import conditions_let_fall, no_longer_held
from engagements.gates import Passed, passed_by_decision
from engagements.models import Condition as SetCondition
from engagements.models import Delegation, FrozenDocument, SignOff
from engagements.parties import party_names
from engagements.signing_order import SignerRow, signing_order
from reports.content import as_content


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A colleague's word that somebody signs in their place."""

    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be done by a day, by whom, for a signature to stand. `set_with` names the earlier one that set it."""

    text: str
    due_on: date
    whose: Sequence[str]
    set_with: str


@dataclass(frozen=True, slots=True)
class Held:
    """A part that a signature did not approve."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature as it was given, with what its signer reserved. `turn` is their place in the order of signers."""

    reference: str
    turn: int
    handed_over: HandedOver | None
    external_reference: str
    replaces: str
    replaces_revoked: bool
    conditions: Sequence[Condition]
    let_fall: Sequence[Condition]
    held: Sequence[Held]
    no_longer_held: Sequence[str]
    typed_name: str
    role_title: str
    label: str
    named_by: str
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
    """`events` is how many entries the ledger had when this was written, `head` the digest of the last of them.

    `language` is that of the document.
    """

    language: str
    reference: str
    code: str
    organization: str
    time_zone: str
    title: str
    document_reference: str
    version: int
    digest: str
    snapshot_digest: str
    pages: int
    size: int
    frozen_at: datetime
    signatures: Sequence[Signed]
    passed: Sequence[Passed]
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
            language=str(document.snapshot.get("language") or FIRST),
            reference=receipt_reference(document),
            code=document.engagement.code,
            organization=document.engagement.organization.name,
            time_zone=document.engagement.organization.time_zone,
            title=document.title,
            document_reference=document.reference,
            version=document.version,
            digest=document.digest,
            snapshot_digest=document.snapshot_digest,
            pages=document.page_count,
            size=document.byte_count,
            frozen_at=document.frozen_at,
            signatures=[_signed(row.signoff, row) for row in signing_order(document) if row.signoff],
            passed=_passed(document),
            events=head.sequence,
            head=head.digest,
            key=portal_key().fingerprint,
            authority=settings.TIME_STAMP_AUTHORITY,
            verify_url=verify_url(document.digest),
        )
    )


def _signed(one: SignOff, row: SignerRow) -> Signed:
    return Signed(
        reference=one.reference,
        turn=row.turn,
        handed_over=_handed_over(row.stands_in),
        external_reference=one.external_reference,
        replaces=one.replaces.reference if one.replaces else "",
        replaces_revoked=bool(one.replaces and hasattr(one.replaces, "revocation")),
        conditions=[_condition(each, one) for each in row.conditions],
        let_fall=[_condition(each, one) for each in conditions_let_fall(one)],
        held=[Held(each.label, each.reason) for each in one.held_parts.all()],
        no_longer_held=[each["part"] for each in no_longer_held(one)],
        typed_name=one.typed_name,
        role_title=one.role_title,
        label=one.signer_label,
        named_by=one.named_by,
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


def _condition(each: SetCondition, signoff: SignOff) -> Condition:
    organization = signoff.document.engagement.organization.name
    set_with = "" if each.signoff_id == signoff.pk else each.signoff.reference
    return Condition(each.text, each.due_on, party_names(each.task.party, organization), set_with)


def _handed_over(given: Delegation | None) -> HandedOver | None:
    if given is None:
        return None
    return HandedOver(by=given.given_by.full_label, reason=given.reason, at=given.given_at)


def _passed(document: FrozenDocument) -> list[Passed]:
    """The overrides of the gate at the moment of the last signature."""
    last = document.signoffs.order_by("-pk").first()
    if last is None or document.gate is None:
        return []
    return passed_by_decision(document.gate, until=last.signed_at)


def verify_url(digest: str) -> str:
    """Where anybody learns what the portal knows of a fingerprint; drawn as a QR code on the receipt."""
    return f"{settings.PORTAL_URL}{reverse('verify:fingerprint')}?{urlencode({'digest': digest})}"
