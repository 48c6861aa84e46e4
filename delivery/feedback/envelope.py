"""What a message that came back says of itself and of the message it is about."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from delivery.feedback.addresses import address_in, host_in, in_token, moment_in
from delivery.feedback.parts import END_OF_HEADER, headers_of, named

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import Message

    from delivery.feedback.limits import Limits
    from delivery.feedback.parts import Part

KINDS_OF_ORIGINAL = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
)
KUMO_MARK = {"_@_": "\\_/"}  # by which KumoMTA knows the reference it wrote itself (X-KumoRef)
LONGEST_REFERENCE = 8192


@dataclass(frozen=True, slots=True)
class Envelope:
    """`recipient` is known where the original carries it; the original's header where it was returned."""

    sender: str
    recipient: str
    message_id: str
    trace: str
    mta: str
    sent_at: datetime | None
    original: Message


def envelope_of(top: Message, original: Message, limits: Limits) -> Envelope:
    backed = address_in(named(top, "To"))
    sender = address_in(named(original, "Return-Path")) or backed
    return Envelope(
        sender=sender,
        recipient=_recipient_in(original) or in_token(backed) or in_token(sender),
        message_id=_message_id(top, original)[: limits.field_letters],
        trace=named(original, "X-Gatepost-Id")[:200],
        mta=host_in(address_in(named(top, "From")).rpartition("@")[2]),
        sent_at=moment_in(named(top, "Date")),
        original=original,
    )


def original_among(parts: list[Part], limits: Limits) -> Message:
    """The header of the message that is returned, as far as the limit; empty where none is."""
    for part in parts:
        if part.kind in KINDS_OF_ORIGINAL:
            return header_at_start(part.content(), limits)
    return headers_of(b"")


def header_at_start(content: bytes, limits: Limits) -> Message:
    """Beware: it is as hostile as its sender wished, so it is cut where it is long, and never refused."""
    content = content.lstrip(b"\n")
    end = END_OF_HEADER.search(content, 0, limits.header_bytes)
    return headers_of(content[: end.start() if end else limits.header_bytes])


def _message_id(top: Message, original: Message) -> str:
    """The original's own, or what the report refers to."""
    own = named(original, "Message-ID")
    return own or named(top, "In-Reply-To") or next(iter(named(top, "References").split()[-1:]), "")


def _recipient_in(original: Message) -> str:
    """Where Microsoft's reports and KumoMTA's own reference carry it."""
    return address_in(named(original, "X-HmXmrOriginalRecipient")) or _in_reference(named(original, "X-KumoRef"))


def _in_reference(text: str) -> str:
    try:
        told = json.loads(base64.b64decode(text[:LONGEST_REFERENCE].replace(" ", ""), validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return ""
    is_ours = isinstance(told, dict) and told.get("_@_") == KUMO_MARK["_@_"]
    return address_in(str(told.get("recipient", ""))) if is_ours else ""
