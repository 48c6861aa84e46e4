"""Delivery status notifications (RFC 3464): one statement for each recipient block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from delivery.feedback.addresses import address_in, best_status, host_in, moment_in, reply_in
from delivery.feedback.items import Kind, Source, Told
from delivery.feedback.limits import Unreadable
from delivery.feedback.parts import headers_of, named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from delivery.feedback.envelope import Envelope
    from delivery.feedback.limits import Limits

BLANK = re.compile(rb"\n[ \t]*\n")
KINDS = {
    "failed": Kind.FAILED,
    "delayed": Kind.DELAYED,
    "delivered": Kind.ARRIVED,
    "relayed": Kind.ARRIVED,
    "expanded": Kind.ARRIVED,
}
BY_CLASS = {"5": Kind.FAILED, "4": Kind.DELAYED, "2": Kind.ARRIVED}
TYPE_OF_TEXT = re.compile(r"^\s*[a-z][a-z0-9-]*\s*;\s*", re.IGNORECASE)
TYPES_OF_STATUS = ("message/delivery-status", "message/global-delivery-status")


def blocks_in(content: bytes, limits: Limits) -> list[Message]:
    """The groups of fields. Raises Unreadable for more than a report may have."""
    blocks: list[Message] = []
    for piece in _pieces_of(content.strip()):
        if len(piece) > limits.header_bytes:
            raise Unreadable(f"A header in it is longer than {limits.header_bytes // 1024:,} kB.")
        if len(blocks) > limits.recipients:
            raise Unreadable(f"It reports on more than {limits.recipients:,} recipients.")
        blocks.append(headers_of(piece))
    return blocks


def _pieces_of(content: bytes) -> Iterator[bytes]:
    place = 0
    for blank in BLANK.finditer(content):
        if piece := content[place : blank.start()].strip(b"\n"):
            yield piece
        place = blank.end()
    if content[place:]:
        yield content[place:]


def read_status(content: bytes, envelope: Envelope, limits: Limits) -> list[Told]:
    """What `content`, the part with the fields, says; empty where it names no recipient."""
    blocks = blocks_in(content, limits)
    whole = next((block for block in blocks if "Reporting-MTA" in block), headers_of(b""))
    return [
        _told(block, whole, envelope, limits)
        for block in blocks
        if "Final-Recipient" in block or "Original-Recipient" in block
    ]


def _told(block: Message, whole: Message, envelope: Envelope, limits: Limits) -> Told:
    diagnostic = TYPE_OF_TEXT.sub("", named(block, "Diagnostic-Code"))[: limits.text_letters]
    status = best_status(named(block, "Status"), diagnostic)
    final = address_in(named(block, "Final-Recipient"))
    return Told(
        kind=kind_of(named(block, "Action"), status),
        source=Source.DSN,
        recipient=final or address_in(named(block, "Original-Recipient")),
        original_recipient=address_in(named(block, "Original-Recipient")),
        sender=address_in(named(whole, "X-Postfix-Sender")) or envelope.sender,
        message_id=envelope.message_id,
        trace=envelope.trace,
        queue_id=named(whole, "X-Postfix-Queue-ID") or named(whole, "Original-Envelope-Id")[: limits.field_letters],
        mta=host_in(named(whole, "Reporting-MTA")) or envelope.mta,
        remote_mta=host_in(named(block, "Remote-MTA")),
        status=status,
        reply=reply_in(diagnostic),
        diagnostic=diagnostic,
        happened_at=moment_in(named(block, "Last-Attempt-Date")) or envelope.sent_at,
        is_delivered=_word_in(named(block, "Action")) == "delivered",
    )


def kind_of(action: str, status: str) -> Kind:
    """By the word, or by the class of the status where the word is none of the standard."""
    return KINDS.get(_word_in(action)) or BY_CLASS.get(status[:1], Kind.FAILED)


def _word_in(action: str) -> str:
    return action.split(maxsplit=1)[0].strip(";,.").lower() if action.split() else ""
