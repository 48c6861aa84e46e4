"""Every kind of mail: to whom, when, and whether a person can switch it off. The kinds stand in `mail_kinds.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

# What a service user has for an address. RFC 2606 keeps the name from ever having a mail server.
NO_READER = "@service.invalid"


class Side(StrEnum):
    PRACTICE = "practice"
    CUSTOMER = "customer"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class MailKind:
    """`batched_minutes`: what comes within them goes out as one mail; 0 for a mail of its own.

    `proves_address`: only who reads it can go on with what it says. It is sent where other mail comes back, because
    somebody asks for it each time and using it proves that mail arrives.
    """

    key: str
    title: str
    to: str
    when: str
    side: Side
    group: str
    can_be_off: bool = False
    batched_minutes: int = 0
    proves_address: bool = False


@cache
def mail_kinds() -> dict[str, MailKind]:
    """By key, in the order of the file."""
    read = yaml.safe_load(Path(__file__).with_name("mail_kinds.yaml").read_text(encoding="utf-8"))
    found = [
        MailKind(group=block["group"], **{**kind, "side": Side(kind["side"])})
        for block in read
        for kind in block["kinds"]
    ]
    return {kind.key: kind for kind in found}


def kind_of(key: str) -> MailKind:
    """Raises ValueError for a kind that the file does not name: no mail goes out that nobody listed."""
    if key not in mail_kinds():
        raise ValueError(f"{key} is no kind of mail that core/mail_kinds.yaml names")
    return mail_kinds()[key]


def has_reader(address: str) -> bool:
    """Whether anybody could ever read mail to it."""
    return not address.lower().endswith(NO_READER)


def batched() -> list[str]:
    return [kind.key for kind in mail_kinds().values() if kind.batched_minutes]


def proving() -> list[str]:
    return [kind.key for kind in mail_kinds().values() if kind.proves_address]
