"""One thing that came back about one recipient, whoever told it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Kind(StrEnum):
    """What happened to a message, or what its reader did."""

    FAILED = "failed"
    DELAYED = "delayed"
    ARRIVED = "arrived"
    COMPLAINT = "complaint"
    REPORT = "report"  # about authentication, or taking a complaint back: nobody complains in it


class Source(StrEnum):
    """How it was told."""

    DSN = "dsn"
    NOTICE = "notice"  # a bounce in words only
    ARF = "arf"
    POWERMTA = "powermta"
    KUMOMTA = "kumomta"


class Action(StrEnum):
    """What follows for the address or for the sender."""

    HARD = "hard"  # the address is not written to again
    SOFT = "soft"  # a later message may get through
    BLOCK = "block"  # the sender has to change something; the address is good
    INVESTIGATE = "investigate"
    IGNORE = "ignore"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A category, what follows, and the rule that said so."""

    category: str
    action: Action
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was read, before it is judged. "" and None where nothing was said."""

    kind: Kind
    source: Source
    recipient: str = ""
    original_recipient: str = ""
    sender: str = ""
    message_id: str = ""
    trace: str = ""  # the number that the routing proxy gave the message
    queue_id: str = ""
    mta: str = ""  # who reports
    remote_mta: str = ""  # who answered
    status: str = ""  # RFC 3463
    reply: str = ""  # RFC 5321
    diagnostic: str = ""
    mta_category: str = ""  # PowerMTA's or KumoMTA's own
    feedback_type: str = ""  # RFC 5965
    list_id: str = ""  # RFC 2919: the list that the message went to
    happened_at: datetime | None = None
    is_delivered: bool = False  # the mailbox has it: it was not only relayed or expanded (RFC 3464, 2.3.3)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What was read, and what it means."""

    told: Told
    verdict: Verdict
    provider: str

    @property
    def identity(self) -> str:
        """Equal for what two servers or two files tell of the same event; SHA-256 in hexadecimal.

        Without a Message-ID nothing but the same words from the same source are the same event.
        """
        told = self.told
        who = told.recipient.lower()
        if told.message_id and who:
            parts = [told.kind, told.message_id, who]
        else:
            when = told.happened_at.isoformat() if told.happened_at else ""
            parts = [told.kind, told.source, who, told.sender, told.queue_id, told.mta, told.diagnostic, when]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
