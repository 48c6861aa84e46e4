"""The ledger of who did what: written in the caller's transaction, chained, never changed.

The digest of an event is the SHA-256 of its canonical JSON (RFC 8785 in spirit: sorted keys, no blanks, UTF-8),
which contains the digest of the event before it; whoever keeps the last digest can prove that nothing before it moved.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone

from core.models import AuditEvent, AuditOrigin, ChainHead, Redaction
from core.origin import Origin, current_origin

PORTAL_CHAIN = "portal"
REDACTED = "ledger.redacted"

_sentences: dict[str, str] = {}


def register_actions(sentences: Mapping[str, str]) -> None:
    """Make actions known. Each maps to the sentence its history row shows, with {actor}, {subject} and data keys."""
    if already := _sentences.keys() & sentences.keys():
        raise ValueError(f"Registered twice: {', '.join(sorted(already))}")
    _sentences.update(sentences)


def known_actions() -> frozenset[str]:
    return frozenset(_sentences)


class _Absent(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "-"


def describe(event: AuditEvent) -> str:
    """The history sentence of one event; an action that is no longer known is shown by its code."""
    sentence = _sentences.get(event.action, event.action)
    facts = {name: _word_of(value) for name, value in event.data.items()}
    return sentence.format_map(_Absent(facts, actor=event.actor_label, subject=event.subject_label))


def _word_of(value: Any) -> Any:
    """What is true or false is read as a word."""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def canonical(value: object) -> bytes:
    """The one spelling of a JSON value that digests are taken of."""
    text = json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest_of(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def chain_of(subject: models.Model) -> str:
    """The chain a subject's events belong to: its engagement's, or the portal's own."""
    chain = getattr(subject, "audit_chain", None)
    return str(chain) if chain else PORTAL_CHAIN


def record(action: str, *, subject: models.Model, actor: AbstractBaseUser | None, **data: Any) -> AuditEvent:
    """Write one event in the caller's transaction. Raises KeyError for an action nobody registered.

    `data` is JSON-ready without floats: the database respells some of them, and the digest would no longer hold.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction that changes the subject")
    if action not in _sentences:
        raise KeyError(f"No app registered the audit action {action!r}")
    head = _lock_head(chain_of(subject))
    origin, salt = current_origin(), secrets.token_hex(16)
    event = _next_event(head, action, subject, actor, data)
    event.origin_digest = _origin_digest(origin, salt) if origin else ""
    event.salt = secrets.token_hex(16)
    event.digest = event_digest(event)
    event.save(force_insert=True)
    if origin:
        AuditOrigin.objects.create(event=event, salt=salt, **asdict(origin))
    ChainHead.objects.filter(pk=head.pk).update(sequence=event.sequence, digest=event.digest)
    return event


def _next_event(
    head: ChainHead, action: str, subject: models.Model, actor: AbstractBaseUser | None, data: dict[str, Any]
) -> AuditEvent:
    return AuditEvent(
        chain=head.chain,
        sequence=head.sequence + 1,
        at=timezone.now(),
        action=action,
        actor_id=actor.pk if actor else None,
        actor_label=_label(actor),
        subject_type=subject._meta.label,
        subject_id=str(subject.pk),
        subject_label=str(subject)[:250],
        data=json.loads(canonical(data), parse_float=_refuse_float),
        previous_digest=head.digest,
    )


def _refuse_float(text: str) -> float:
    raise ValueError(f"The ledger takes no float ({text}): write a whole number or a text")


def _lock_head(chain: str) -> ChainHead:
    ChainHead.objects.get_or_create(chain=chain)
    return ChainHead.objects.select_for_update().get(chain=chain)


def _label(actor: AbstractBaseUser | None) -> str:
    return str(getattr(actor, "full_label", actor))[:200] if actor else "Gatepost"


def _origin_digest(origin: Origin, salt: str) -> str:
    return digest_of({**asdict(origin), "salt": salt})


def event_body(event: AuditEvent) -> dict[str, Any]:
    """What the digest of an event is taken of."""
    body = {
        "chain": event.chain,
        "sequence": event.sequence,
        "at": _instant(event.at),
        "action": event.action,
        "actor": event.actor_id,
        "actor_label": event.actor_label,
        "subject": [event.subject_type, event.subject_id, event.subject_label],
        "data": event.data,
        "origin": event.origin_digest,
        "previous": event.previous_digest,
    }
    return body | ({"salt": event.salt} if event.salt else {})


def event_digest(event: AuditEvent) -> str:
    """Recompute the digest of an event from its fields."""
    return digest_of(event_body(event))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a chain does not hold, in words."""

    sequence: int
    sentence: str


def verify_chain(chain: str) -> Iterator[Fault]:
    """Walk a chain from its first event to its head; yields every fault, so a sound chain yields nothing."""
    previous, expected, redacted = "", 1, _redacted_in(chain)
    for event in AuditEvent.objects.filter(chain=chain).order_by("sequence").iterator():
        if event.sequence != expected:
            yield Fault(event.sequence, f"Event {expected} is missing.")
        if event.previous_digest != previous:
            yield Fault(event.sequence, f"Event {event.sequence} does not follow the one before it.")
        if event_digest(event) != redacted.get(event.pk, event.digest):
            yield Fault(event.sequence, f"Event {event.sequence} was changed after it was written.")
        previous, expected = event.digest, event.sequence + 1
    yield from _untold(chain)
    head = ChainHead.objects.filter(chain=chain).first()
    if head is None and expected > 1:
        yield Fault(expected, f"The head is missing; the chain ends at {expected - 1}.")
    if head and (head.digest, head.sequence) != (previous, expected - 1):
        yield Fault(expected, f"The head says event {head.sequence}, the chain ends at {expected - 1}.")


def _redacted_in(chain: str) -> dict[int, str]:
    """What the digest of each redacted event is now, by the latest redaction."""
    rows = Redaction.objects.filter(event__chain=chain).order_by("told_by__sequence")
    return dict(rows.values_list("event", "body_digest"))


def redactions_digest(rows: Iterable[tuple[int, str]]) -> str:
    """What the event that tells of redactions says of them: each place with the digest of its words since."""
    return digest_of(sorted([sequence, digest] for sequence, digest in rows))


def _untold(chain: str) -> Iterator[Fault]:
    """Redactions that the ledger does not tell of as they stand: words were replaced by something else than it says."""
    told: dict[int, list[tuple[int, str]]] = {}
    for row in Redaction.objects.filter(event__chain=chain).values_list("told_by", "event__sequence", "body_digest"):
        told.setdefault(row[0], []).append((row[1], row[2]))
    for event in AuditEvent.objects.filter(chain=chain, action=REDACTED).order_by("sequence"):
        if event.data.get("redactions") != redactions_digest(told.pop(event.pk, [])):
            yield Fault(event.sequence, f"The words replaced are not those that event {event.sequence} tells of.")
    if told:
        places = ", ".join(str(sequence) for rows in told.values() for sequence, _ in sorted(rows))
        yield Fault(0, f"Words were replaced without an entry that tells of it: event {places}.")
