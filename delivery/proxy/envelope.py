"""What a transaction says of itself before its content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Backend = Literal["old", "new"]


@dataclass(slots=True)
class Envelope:
    """`sender` and `recipients` are addresses without brackets; `client` is an IP address."""

    sender: bytes = b""
    recipients: list[bytes] = field(default_factory=list)
    client: str = ""
    helo: bytes = b""
    user: str | None = None
    listener: str = "default"
    mail_parameters: bytes = b""
