"""One message that came back: what it is, and what it says of each recipient."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from delivery.feedback.arf import read_microsoft, read_report
from delivery.feedback.dsn import TYPES_OF_STATUS, read_status
from delivery.feedback.envelope import envelope_of, original_among
from delivery.feedback.judging import judged
from delivery.feedback.limits import load_limits
from delivery.feedback.notices import is_notice, original_in, read_notice
from delivery.feedback.parts import named, parts_of

if TYPE_CHECKING:
    from email.message import Message

    from delivery.feedback.items import Feedback, Told
    from delivery.feedback.limits import Limits
    from delivery.feedback.parts import Part

TYPE_OF_REPORT = "message/feedback-report"
TYPES_OF_RECEIPT = ("message/disposition-notification", "message/global-disposition-notification")
AWAY = re.compile(
    r"^(auto(matic(ally)?)?[- :]*(reply|response|generated)|out of (the )?office|abwesen|r.ponse automatique)",
    re.IGNORECASE,
)
MICROSOFT_SUBJECT = re.compile(r"^complaint about message from ", re.IGNORECASE)


class Form(StrEnum):
    """What a message is."""

    DSN = "dsn"
    NOTICE = "notice"
    ARF = "arf"
    RECEIPT = "receipt"
    AUTO_REPLY = "auto_reply"
    OTHER = "other"


SAID = {
    Form.DSN: "It is a delivery report, but it names no recipient.",
    Form.NOTICE: "It is a bounce, but it names no recipient.",
    Form.ARF: "It is a complaint.",
    Form.RECEIPT: "It tells that a message was read or deleted, which says nothing of delivery.",
    Form.AUTO_REPLY: "It is an automatic answer of a recipient: the address works.",
    Form.OTHER: "It is neither a bounce nor a complaint.",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """`said` is why there are no items, where there are none."""

    form: Form
    items: tuple[Feedback, ...] = ()
    said: str = ""


def read_message(raw: bytes, limits: Limits | None = None) -> Reading:
    """Raises Unreadable for a message beyond the limits; whatever else it is, it is read as far as it goes."""
    limits = limits or load_limits()
    top, parts = parts_of(raw, limits)
    form, told = _read(top, parts, limits)
    items = tuple(judged(one) for one in told)
    return Reading(form, items, "" if items else SAID[form])


def _read(top: Message, parts: list[Part], limits: Limits) -> tuple[Form, list[Told]]:
    original = original_among(parts, limits)
    envelope = envelope_of(top, original, limits)
    if report := _first(parts, TYPE_OF_REPORT):
        return Form.ARF, read_report(report.content(), envelope, limits)
    if "X-HmXmrOriginalRecipient" in original or MICROSOFT_SUBJECT.match(named(top, "Subject")):
        return Form.ARF, read_microsoft(envelope)
    if _first(parts, *TYPES_OF_RECEIPT):
        return Form.RECEIPT, []
    status = _first(parts, *TYPES_OF_STATUS)
    if status and (told := read_status(status.content(), envelope, limits)):
        return Form.DSN, told
    return _in_words(top, parts, original, limits, is_report=status is not None)


def _in_words(
    top: Message, parts: list[Part], original: Message, limits: Limits, *, is_report: bool
) -> tuple[Form, list[Told]]:
    words = next((part.text() for part in parts if part.kind == "text/plain"), "")[: limits.notice_letters]
    if is_report or is_notice(top, words):
        returned = original if original.keys() else original_in(words, limits)
        envelope = envelope_of(top, returned, limits)
        return Form.DSN if is_report else Form.NOTICE, read_notice(top, words, envelope, limits)
    return (Form.AUTO_REPLY if is_auto_reply(top) else Form.OTHER), []


def is_auto_reply(top: Message) -> bool:
    """RFC 3834, and the fields that were used before it."""
    said = named(top, "Auto-Submitted").lower()
    before = named(top, "X-Auto-Response-Suppress") or named(top, "X-Autoreply") or named(top, "X-Autorespond")
    is_bulk = named(top, "Precedence").lower() in {"auto_reply", "auto-reply"}
    return said.startswith("auto-replied") or bool(before) or is_bulk or bool(AWAY.match(named(top, "Subject")))


def _first(parts: list[Part], *kinds: str) -> Part | None:
    return next((part for part in parts if part.kind in kinds), None)
