"""Bounces in words only, as qmail, older Exim, Sendmail, Exchange and Notes, Yahoo and GMX write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from delivery.feedback.addresses import ADDRESS, address_in, best_status, reply_in
from delivery.feedback.envelope import header_at_start
from delivery.feedback.items import Kind, Source, Told
from delivery.feedback.limits import Unreadable
from delivery.feedback.parts import named

if TYPE_CHECKING:
    from email.message import Message

    from delivery.feedback.envelope import Envelope
    from delivery.feedback.limits import Limits

BOOK = Path(__file__).with_name("notices.yaml")
MOST_LINES = 2000  # of the words before the returned message
HEAD = re.compile(  # a line that is about one recipient: alone, or with what follows a colon or a date
    rf"^\s{{0,8}}(?:(?:Recipient address|Final-Recipient):\s*)?(?:rfc822;\s*)?<?(?P<address>{ADDRESS.pattern})>?"
    r"(?:\s*\(.*\))?\s*(?::(?P<rest>.*)|on \w.*|\.\.\..*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Book:
    senders: re.Pattern[str]
    subjects: re.Pattern[str]
    signs: re.Pattern[str]
    ends: re.Pattern[str]
    delays: re.Pattern[str]


@cache
def load_book() -> Book:
    told = yaml.safe_load(BOOK.read_text(encoding="utf-8"))
    return Book(
        **{
            name: re.compile("|".join(f"(?:{text})" for text in texts), re.IGNORECASE | re.MULTILINE)
            for name, texts in told.items()
        }
    )


def is_notice(top: Message, words: str) -> bool:
    """Whether it is a bounce: by its own field, or by two of sender, subject and words."""
    book = load_book()
    path = named(top, "Return-Path")
    sender = address_in(named(top, "From")).lower() or named(top, "From").lower()
    told = [
        path == "<>" or bool(book.senders.search(sender)),
        bool(book.subjects.search(named(top, "Subject"))),
        bool(book.signs.search(words)),
    ]
    return "X-Failed-Recipients" in top or sum(told) > 1


def words_before_original(text: str) -> tuple[str, str]:
    """What is said, and the returned message where it follows in the same text."""
    end = load_book().ends.search(text)
    if end is None:
        return text, ""
    begins_there = end[0].endswith(": ")  # the line is already the first of the returned message
    rest = text[end.start() :] if begins_there else text[end.end() :].partition("\n")[2]
    return text[: end.start()], rest.lstrip()


def original_in(text: str, limits: Limits) -> Message:
    return header_at_start(words_before_original(text)[1].encode("utf-8", "replace"), limits)


def read_notice(top: Message, text: str, envelope: Envelope, limits: Limits) -> list[Told]:
    """One statement for each recipient that the words or the field X-Failed-Recipients name."""
    words = words_before_original(text)[0]
    said = _said_of(words, limits)
    listed = [address_in(piece) for piece in named(top, "X-Failed-Recipients").split(",")]
    recipients = dict.fromkeys([*filter(None, listed), *said]) or dict.fromkeys(filter(None, [envelope.recipient]))
    if len(recipients) > limits.recipients:
        raise Unreadable(f"It reports on more than {limits.recipients:,} recipients.")
    kind = Kind.DELAYED if load_book().delays.search(words) else Kind.FAILED
    return [_told(kind, who, said.get(who) or words, envelope, limits) for who in recipients]


def _said_of(words: str, limits: Limits) -> dict[str, str]:
    """What stands below each line that is about a recipient, down to the next one."""
    said, who = dict[str, list[str]](), ""
    for line in words.splitlines()[:MOST_LINES]:
        head = HEAD.match(line) if len(line) < limits.field_letters else None
        if head is not None:
            who = address_in(head["address"])
            said.setdefault(who, []).append(head["rest"] or "")
        elif who:
            said[who].append(line)
    return {who: " ".join(" ".join(lines).split())[: limits.text_letters] for who, lines in said.items() if who}


def _told(kind: Kind, recipient: str, words: str, envelope: Envelope, limits: Limits) -> Told:
    diagnostic = " ".join(words.split())[: limits.text_letters]
    return Told(
        kind=kind,
        source=Source.NOTICE,
        recipient=recipient,
        original_recipient="",
        sender=envelope.sender if envelope.sender != recipient else "",
        message_id=envelope.message_id,
        trace=envelope.trace,
        mta=envelope.mta,
        status=best_status("", diagnostic),
        reply=reply_in(diagnostic),
        diagnostic=diagnostic,
        happened_at=envelope.sent_at,
    )
