"""The evidence pack: ledger, documents and signatures of an engagement in one ZIP, with the file that checks them.

What the reader may not see is held back: an event keeps its place and its digest, a document is left out.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.models import User
from core.audit import canonical, event_body
from core.evidence import verify
from core.models import AuditEvent, ChainHead, Redaction
from core.portal_key import portal_key
from engagements.models import Engagement, FrozenDocument, SignOff
from engagements.models.evidence import SignatureEvidence
from engagements.records import readable_documents, shows_origin, told_events
from engagements.signed_elsewhere import signed_acts_in

Members = dict[str, bytes]
_SIGNED_FIELDS = (
    "reference",
    "document_digest",
    "signer_label",
    "typed_name",
    "role_title",
    "statement",
    "statement_version",
    "authentication",
    "chain_digest",
    "signed_at",
    "authenticated_at",
)
_ORIGIN_FIELDS = ("ip_address", "user_agent", "session_digest", "authentication", "time_zone", "salt")
READ_ME = """\
Evidence pack of a Gatepost engagement

ledger.jsonl     what was done, by whom and when: each event holds the digest of the one before it; of a "redacted"
                 one personal words were replaced when they were erased, and its digest is of those that stood there
head.json        where the ledger ended when this pack was made
documents/       each document as it was frozen (PDF), and the data it was made from (JSON)
documents.json   their fingerprints (SHA-256)
signatures.json  who signed which fingerprint, under which words, and who took a signature back
origins.json     from where acts came, as far as you may know it
manifest.json    the fingerprint of every file above
seal.json        the portal's signature over the manifest

To check it, offline and without the portal (Python 3.9 or newer):

    python verify.py THIS-FILE.zip

Add --head and --key with the fingerprints printed on a receipt that you kept: without the key, the pack is
checked against the key that is in it, which anybody could have made.
"""


@dataclass(frozen=True, slots=True)
class EvidencePack:
    """The bytes of a ZIP, and how much is in it."""

    content: bytes
    events: int
    documents: int


def pack_evidence(engagement: Engagement, *, reader: User, at: datetime) -> EvidencePack:
    """Everything this reader may take away. Reads only; the caller holds the engagement's lock."""
    documents = list(readable_documents(reader, engagement))
    events = ledger_of(engagement)
    told = set(told_events(reader, engagement).values_list("sequence", flat=True))
    members: Members = {
        "README.txt": READ_ME.encode(),
        **evidence_members(engagement, documents, events, told),
        "origins.json": readable(_origins(events, told, reader)),
    }
    about = {"engagement": engagement.code, "customer": str(engagement.organization)}
    manifest = manifest_of(members, **about, made_at=at, made_for=reader.full_label)
    members = {**members, "manifest.json": manifest, "seal.json": seal_of(manifest)}
    return EvidencePack(zipped(members, at), len(events), len(documents))


def ledger_of(engagement: Engagement) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(chain=engagement.audit_chain).select_related("origin").order_by("sequence"))


def evidence_members(
    engagement: Engagement, documents: Sequence[FrozenDocument], events: Sequence[AuditEvent], told: set[int]
) -> Members:
    """What `verify.py` checks of every kind of pack, and the verifier itself. Events not in `told` are held back."""
    redacted = set(Redaction.objects.filter(event__chain=engagement.audit_chain).values_list("event", flat=True))
    head = ChainHead.objects.get(chain=engagement.audit_chain)
    members: Members = {
        "verify.py": Path(verify.__file__).read_bytes(),
        "ledger.jsonl": b"".join(canonical(_told(event, told, redacted)) + b"\n" for event in events),
        "head.json": canonical({"chain": head.chain, "sequence": head.sequence, "digest": head.digest}),
        "origins.json": readable(()),
        "documents.json": readable(_listed(documents)),
        "signatures.json": readable(_signatures(engagement, documents, events)),
    }
    for document in documents:
        members[_path(document, "pdf")] = bytes(document.pdf)
        members[_path(document, "json")] = canonical(document.snapshot)
    return members


def _told(event: AuditEvent, told: set[int], redacted: set[int]) -> dict[str, Any]:
    """Of a redacted event the digest is of words that are gone: its place is checked, as that of one held back."""
    held_back = {"sequence": event.sequence, "withheld": True, "digest": event.digest}
    if event.sequence not in told:
        return held_back
    if event.pk in redacted:
        return held_back | {"redacted": event_body(event)}
    return event_body(event) | {"digest": event.digest}


def _origins(events: Iterable[AuditEvent], told: set[int], reader: User) -> Iterator[dict[str, Any]]:
    for event in events:
        origin = getattr(event, "origin", None)
        if origin and event.sequence in told and shows_origin(reader, event):
            yield {"sequence": event.sequence} | {name: getattr(origin, name) for name in _ORIGIN_FIELDS}


def _path(document: FrozenDocument, ending: str) -> str:
    return f"documents/{document.filename.removesuffix('.pdf')}.{ending}"


def _listed(documents: Iterable[FrozenDocument]) -> Iterator[dict[str, Any]]:
    for document in documents:
        yield {
            "file": _path(document, "pdf"),
            "snapshot_file": _path(document, "json"),
            "kind": document.kind,
            "reference": document.reference,
            "version": document.version,
            "title": document.title,
            "digest": document.digest,
            "snapshot_digest": document.snapshot_digest,
            "frozen_at": document.frozen_at,
        }


def _signatures(
    engagement: Engagement, documents: Iterable[FrozenDocument], events: Iterable[AuditEvent]
) -> Iterator[dict[str, Any]]:
    """Those of earlier releases entered what they reserve as events of their own, so they list nothing reserved."""
    reserved = {event.digest: event.data.get("reserved") for event in events if event.action == "document.signed"}
    for signoff in SignOff.objects.filter(document__in=documents).select_related("revocation").order_by("pk"):
        yield _act(signoff) | {
            "action": "document.signed",
            "named_by": signoff.named_by,
            "reserved": reserved.get(signoff.chain_digest),
            "revocation": _revocation(signoff),
        }
    for act in signed_acts_in(engagement):
        yield _act(act.evidence) | {"action": act.action, "revocation": None}


def _act(row: SignatureEvidence) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SIGNED_FIELDS}


def _revocation(signoff: SignOff) -> dict[str, Any] | None:
    revocation = getattr(signoff, "revocation", None)
    if revocation is None:
        return None
    return _act(revocation) | {"signature": signoff.reference, "reason": revocation.reason}


def readable(rows: Iterable[dict[str, Any]]) -> bytes:
    """As a person can read it; the same rows give the same bytes."""
    return json.dumps(json.loads(canonical(list(rows))), indent=1, ensure_ascii=False).encode()


def manifest_of(members: Members, **about: Any) -> bytes:
    files = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    return canonical({"format": verify.FORMAT, **about, "files": files})


def seal_of(manifest: bytes) -> bytes:
    """The portal's signature over a manifest, with the key to check it."""
    key = portal_key()
    numbers = key.private.public_key().public_numbers()
    return canonical(
        {
            "algorithm": "RSASSA-PKCS1-v1_5 with SHA-256 over manifest.json",
            "modulus": f"{numbers.n:x}",
            "exponent": f"{numbers.e:x}",
            "signature": key.sign(manifest).hex(),
            "key": key.fingerprint,
        }
    )


def zipped(members: Members, at: datetime) -> bytes:
    """The same members at the same moment give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
