"""What this portal knows of a fingerprint: told to anybody who holds it, without a name of a customer or a person."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.models import AuditEvent, ChainHead
from engagements.models import FrozenDocument, SignOff, StaleMark

# When documents were signed that are signed elsewhere than at a gate: apps above register it.
Signatures = Callable[[FrozenDocument], Iterable[datetime]]
_elsewhere: list[Signatures] = []

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A frozen document with this fingerprint. `newer` is the version that replaced it, or None."""

    document: FrozenDocument
    signed_at: list[datetime]
    stale_since: datetime | None
    newer: FrozenDocument | None


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event of a ledger with this digest, and how long that ledger is now."""

    sequence: int
    at: datetime
    length: int


def fingerprint_in(text: str) -> str:
    """The digest in what somebody pasted, blanks and capitals aside; empty when it is none."""
    digest = "".join(text.split()).lower()
    return digest if _FINGERPRINT.fullmatch(digest) else ""


def register_signatures(source: Signatures) -> Signatures:
    _elsewhere.append(source)
    return source


def known_document(digest: str) -> KnownDocument | None:
    documents = FrozenDocument.objects.defer("pdf", "snapshot")
    document = documents.filter(digest=digest).first()
    if document is None:
        return None
    signed = SignOff.objects.filter(document=document).order_by("pk")
    stale = StaleMark.objects.filter(signoff__in=signed).order_by("pk").first()
    elsewhere = [at for source in _elsewhere for at in source(document)]
    same = documents.filter(engagement=document.engagement_id, reference=document.reference)
    return KnownDocument(
        document=document,
        signed_at=sorted([*signed.values_list("signed_at", flat=True), *elsewhere]),
        stale_since=stale.marked_at if stale else None,
        newer=same.filter(version__gt=document.version).order_by("-version").first(),
    )


def known_event(digest: str) -> KnownEvent | None:
    event = AuditEvent.objects.filter(digest=digest).first()
    if event is None:
        return None
    head = ChainHead.objects.get(chain=event.chain)
    return KnownEvent(sequence=event.sequence, at=event.at, length=head.sequence)
