"""What a mail server says of an address when it refuses a mail. What it says of itself is no fault of the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import yaml

STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
CODE = re.compile(r"(?:[245]\d\d\b[ -]?)?(?:[245]\.\d{1,3}\.\d{1,3}\b)?")
LONGEST_SAID = 300
PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Limits:
    pause_after: int
    dead: list[str]
    release_days: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """`is_dead`: the address itself is not there, so that trying again changes nothing."""

    said: str
    is_dead: bool


@cache
def limits() -> Limits:
    return Limits(**yaml.safe_load(Path(__file__).with_name("mail_failures.yaml").read_text(encoding="utf-8")))


def refusal_of(error: Exception) -> Refusal | None:
    """None where the server refused something else than the recipient, or was not reached at all."""
    if not isinstance(error, SMTPRecipientsRefused) or not error.recipients:
        return None
    code, words = next(iter(error.recipients.values()))
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    status = STATUS.search(text)
    is_dead = code >= PERMANENT and status is not None and status[0] in limits().dead
    return Refusal(in_one_line(f"{code} {text}"), is_dead)


def code_in(said: str) -> str:
    """The codes it begins with (RFC 5321, RFC 3463), which name nobody."""
    found = CODE.match(said)
    return found[0].strip(" -") if found and found[0] else "without a code"


def in_one_line(words: str) -> str:
    """As the ledger and the pages show it."""
    return " ".join(words.replace("\0", "").split())[:LONGEST_SAID] or "no reason given"
