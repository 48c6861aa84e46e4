"""Complaints: ARF (RFC 5965, RFC 6650) and the form that Microsoft sends instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.feedback.addresses import address_in, host_in, moment_in
from delivery.feedback.items import Kind, Source, Told
from delivery.feedback.limits import Unreadable
from delivery.feedback.parts import all_named, headers_of, named

if TYPE_CHECKING:
    from email.message import Message

    from delivery.feedback.envelope import Envelope
    from delivery.feedback.limits import Limits

NOBODY_COMPLAINS = frozenset({"auth-failure", "not-spam"})  # RFC 6591, RFC 6430
MICROSOFT = "jmrp"
LONGEST_LIST = 80  # as long as the scope of a list of addresses may be


def read_report(content: bytes, envelope: Envelope, limits: Limits) -> list[Told]:
    """What the machine-readable part says, once for each recipient it names, once without one where it names none."""
    if len(content) > limits.header_bytes:
        raise Unreadable(f"A header in it is longer than {limits.header_bytes // 1024:,} kB.")
    fields = headers_of(content.lstrip(b"\n"))
    named_in_it = [address_in(text) for text in all_named(fields, "Original-Rcpt-To")]
    if len(named_in_it) > limits.recipients:
        raise Unreadable(f"It reports on more than {limits.recipients:,} recipients.")
    recipients = list(dict.fromkeys(address for address in named_in_it if address))
    return [complaint(fields, envelope, recipient) for recipient in recipients or [_from_original(envelope)]]


def read_microsoft(envelope: Envelope) -> list[Told]:
    """A complaint of the Junk Mail Reporting Program: nothing but the message, its recipient in a field of its own."""
    fields = headers_of(b"Feedback-Type: abuse")
    return [complaint(fields, envelope, envelope.recipient)]


def complaint(fields: Message, envelope: Envelope, recipient: str) -> Told:
    feedback_type = (named(fields, "Feedback-Type").lower().split() or ["other"])[0][:40]
    return Told(
        kind=Kind.REPORT if feedback_type in NOBODY_COMPLAINS else Kind.COMPLAINT,
        source=Source.ARF,
        recipient=recipient,
        original_recipient=recipient,
        sender=address_in(named(fields, "Original-Mail-From")) or address_in(named(envelope.original, "Return-Path")),
        message_id=envelope.message_id,
        trace=envelope.trace,
        queue_id=named(fields, "Original-Envelope-Id")[:200],
        mta=host_in(named(fields, "Reporting-MTA")) or envelope.mta,
        remote_mta=host_in(named(fields, "Source-IP")),
        feedback_type=feedback_type,
        list_id=list_in(named(envelope.original, "List-Id")),
        happened_at=moment_in(named(fields, "Arrival-Date") or named(fields, "Received-Date")) or envelope.sent_at,
    )


def list_in(field: str) -> str:
    """The identifier of the list, in small letters; its description goes."""
    before, opened, rest = field.rpartition("<")
    return (rest.partition(">")[0] if opened else before or field).strip().lower()[:LONGEST_LIST]


def _from_original(envelope: Envelope) -> str:
    """Most feedback loops strike the recipient out of the message too; where they did not, it names one at the most."""
    if envelope.recipient:
        return envelope.recipient
    receivers = [address_in(text) for text in named(envelope.original, "To").split(",")]
    return receivers[0] if len(receivers) == 1 and "redacted" not in receivers[0].lower() else ""
