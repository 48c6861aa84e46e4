"""A record of PowerMTA's accounting: b is a bounce of its own, rb one that came back, f a complaint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from delivery.feedback.addresses import (
    address_in,
    best_status,
    host_in,
    in_token,
    moment_in,
    moment_of_seconds,
    reply_in,
)
from delivery.feedback.arf import NOBODY_COMPLAINS
from delivery.feedback.dsn import TYPE_OF_TEXT, kind_of
from delivery.feedback.items import Kind, Source, Told
from delivery.feedback.limits import load_limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

BRACKETED = re.compile(r"\s*\(.*\)\s*$")
UNIX_SECONDS = re.compile(r"\d{9,11}")
TYPES = frozenset({"b", "rb", "rs", "f"})


def told_by_powermta(row: Mapping[str, str]) -> list[Told] | str:
    """Empty for a record of another type; a sentence where a record lacks what makes it one."""
    kind = row.get("type", "").strip()
    if kind not in TYPES:
        return []
    sender = address_in(row.get("orig", ""))
    recipient = address_in(row.get("rcpt", "")) or address_in(row.get("orcpt", "")) or in_token(sender)
    if not recipient and not sender and not row.get("header_message-id"):
        return "It names neither recipient nor sender nor message."
    return [_complaint(row, recipient, sender) if kind == "f" else _failure(row, recipient, sender)]


def _failure(row: Mapping[str, str], recipient: str, sender: str) -> Told:
    limits = load_limits()
    diagnostic = TYPE_OF_TEXT.sub("", " ".join(row.get("dsndiag", "").split()))[: limits.text_letters]
    status = best_status(row.get("dsnstatus", ""), diagnostic)
    word = row.get("dsnaction", "") or ("failed" if row["type"].strip() != "rs" else "")
    return Told(
        kind=kind_of(word, status),
        source=Source.POWERMTA,
        recipient=recipient,
        original_recipient=address_in(row.get("orcpt", "")),
        sender=sender,
        message_id=_field(row, "header_message-id"),
        trace=_field(row, "header_x-gatepost-id"),
        queue_id=_field(row, "envid"),
        mta=host_in(BRACKETED.sub("", row.get("dsnreportingmta", "") or row.get("srcmta", ""))),
        remote_mta=host_in(BRACKETED.sub("", row.get("dsnmta", ""))),
        status=status,
        reply=reply_in(diagnostic),
        diagnostic=diagnostic,
        mta_category=_field(row, "bouncecat"),
        happened_at=_moment(row),
    )


def _complaint(row: Mapping[str, str], recipient: str, sender: str) -> Told:
    feedback_type = row.get("feedbacktype", "").strip().lower()[:40] or "abuse"
    return Told(
        kind=Kind.REPORT if feedback_type in NOBODY_COMPLAINS else Kind.COMPLAINT,
        source=Source.POWERMTA,
        recipient=recipient,
        sender=sender,
        message_id=_field(row, "header_message-id"),
        trace=_field(row, "header_x-gatepost-id"),
        queue_id=_field(row, "envid"),
        mta=host_in(row.get("reportingmta", "")),
        remote_mta=host_in(row.get("dlvsourceip", "")),
        feedback_type=feedback_type,
        happened_at=_moment(row),
    )


def _field(row: Mapping[str, str], name: str) -> str:
    return " ".join(row.get(name, "").split())[: load_limits().field_letters]


def _moment(row: Mapping[str, str]) -> datetime | None:
    text = row.get("timelogged", "").strip()
    return moment_of_seconds(int(text)) if UNIX_SECONDS.fullmatch(text) else moment_in(text)
