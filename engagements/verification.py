"""What this portal knows of a fingerprint: told to anybody who holds it, without a name of a customer or a person."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet

from core.models import AuditEvent, ChainHead
from engagements.models import Engagement, FrozenDocument, SignOff, StaleMark

# When documents were signed that are signed elsewhere than at a gate: apps above register it.
Signatures = Callable[[FrozenDocument], Iterable[datetime]]
_elsewhere: list[Signatures] = []
# What became of documents that hold no longer: apps above register it.
Ends = Callable[[FrozenDocument], "KnownEnd | None"]
_ends: list[Ends] = []

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KnownSignature:
    """When a document was signed, and when that signature was taken back, or None."""

    at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownEnd:
    """That a document holds no longer: in one word, since when, and what that means for what was agreed by it."""

    title: str
    at: datetime
    meaning: str


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A frozen document with this fingerprint.

    `signed` is what signatures stand on: of a receipt the document that it proves, else itself. `newer` is the version
    that replaced that, or None. `missing` is how many signatures were asked for and not given, `sent_back_at` when
    somebody who should have signed requested changes instead.
    """

    document: FrozenDocument
    signed: FrozenDocument
    signatures: list[KnownSignature]
    stale_since: datetime | None
    newer: FrozenDocument | None
    missing: int
    sent_back_at: datetime | None
    end: KnownEnd | None = None

    @property
    def asked(self) -> int:
        return len(self.signatures) + self.missing

    @property
    def is_receipt(self) -> bool:
        return self.document.kind == FrozenDocument.Kind.RECEIPT

    @property
    def is_quote(self) -> bool:
        """A quote is accepted, not signed: what stands among its signatures is its acceptance."""
        return self.document.kind == FrozenDocument.Kind.QUOTE

    @property
    def zone(self) -> ZoneInfo:
        """Where its own times are, as they stand on the paper."""
        return ZoneInfo(self.document.engagement.organization.time_zone)


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event of a ledger with this digest, and how long that ledger is now."""

    sequence: int
    at: datetime
    length: int
    zone: tzinfo


def fingerprint_in(text: str) -> str:
    """The digest in what somebody pasted, blanks and capitals aside; empty when it is none."""
    digest = "".join(text.split()).lower()
    return digest if _FINGERPRINT.fullmatch(digest) else ""


def register_signatures(source: Signatures) -> Signatures:
    _elsewhere.append(source)
    return source


def register_ends(source: Ends) -> Ends:
    _ends.append(source)
    return source


def known_document(digest: str) -> KnownDocument | None:
    documents = FrozenDocument.objects.select_related("engagement__organization").defer("pdf", "snapshot")
    document = documents.filter(digest=digest).first()
    if document is None:
        return None
    signed = _signed_by(document, documents)
    signatures = _signatures(signed)
    is_revoked = any(signature.revoked_at for signature in signatures)
    stale = None if is_revoked else StaleMark.objects.filter(signoff__document=signed).order_by("pk").first()
    same = documents.filter(engagement=signed.engagement_id, reference=signed.reference)
    return KnownDocument(
        document=document,
        signed=signed,
        signatures=signatures,
        stale_since=stale.marked_at if stale else None,
        newer=same.filter(version__gt=signed.version).order_by("-version").first(),
        missing=signed.required_signers.unsigned().count(),
        sent_back_at=signed.change_requests.aggregate(last=Max("requested_at"))["last"],
        end=next((end for end in (end_of(signed) for end_of in _ends) if end), None),
    )


def _signed_by(document: FrozenDocument, documents: QuerySet[FrozenDocument]) -> FrozenDocument:
    """What the signatures stand on that this document tells of."""
    if document.kind != FrozenDocument.Kind.RECEIPT:
        return document
    return documents.filter(engagement=document.engagement_id, digest=document.snapshot["digest"]).first() or document


def _signatures(document: FrozenDocument) -> list[KnownSignature]:
    at_gates = SignOff.objects.filter(document=document).values_list("signed_at", "revocation__signed_at")
    elsewhere = [KnownSignature(at) for source in _elsewhere for at in source(document)]
    found = [*(KnownSignature(at, revoked_at) for at, revoked_at in at_gates), *elsewhere]
    return sorted(found, key=lambda signature: signature.at)


def known_event(digest: str) -> KnownEvent | None:
    event = AuditEvent.objects.filter(digest=digest).first()
    if event is None:
        return None
    head = ChainHead.objects.get(chain=event.chain)
    return KnownEvent(sequence=event.sequence, at=event.at, length=head.sequence, zone=_zone_of_chain(event.chain))


def _zone_of_chain(chain: str) -> tzinfo:
    """The customer's, of the ledger of an engagement; UTC for the others, which belong to no customer."""
    name, _, key = chain.partition(":")
    if name != "engagement" or not key.isdigit():
        return UTC
    return ZoneInfo(Engagement.objects.select_related("organization").get(pk=key).organization.time_zone)
