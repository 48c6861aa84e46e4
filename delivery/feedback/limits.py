"""How large, deep and long what comes back may be."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

BOOK = Path(__file__).with_name("limits.yaml")


class Unreadable(Exception):  # noqa: N818 (it is a sentence for people)
    """A message or a record is beyond a limit; the text says which."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, letters, counts and times, as limits.yaml says them."""

    message_bytes: int
    header_bytes: int
    parts: int
    depth: int
    recipients: int
    line_bytes: int
    field_letters: int
    text_letters: int
    notice_letters: int
    items_of_file: int
    stale_hours: int
    mailboxes: int
    mailbox_messages: int
    mailbox_bytes: int
    mailbox_patience: int
    mailbox_seconds: int
    mailbox_whole: int
    mailbox_minutes: int
    mailbox_longest_minutes: int


@cache
def load_limits() -> Limits:
    return Limits(**yaml.safe_load(BOOK.read_text(encoding="utf-8")))
