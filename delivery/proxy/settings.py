"""What the configuration file says, as frozen values. Times are seconds, sizes bytes, files absolute paths.

`docs/proxy-split.md` describes every key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from delivery.proxy.choice.split import Split
    from delivery.proxy.journal.settings import Settings

Security = Literal["none", "starttls", "tls"]
Authentication = Literal["none", "pass", "file"]
Identity = Literal["none", "xclient", "proxy"]
SHORTEST_SECRET = 16  # bytes: from a shorter recipients_key, recipients could be guessed


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Listener:
    """`balancers` are the networks from which a PROXY header is expected; from elsewhere none is."""

    address: Address
    name: str = "default"
    security: Security = "none"
    certificate: Path | None = None
    key: Path | None = None
    balancers: tuple[str, ...] = ()
    authentication: Authentication = "none"
    users: Path | None = None
    requires_user: bool = False
    cleartext_authentication: bool = False


@dataclass(frozen=True, slots=True)
class BackendSettings:
    """`user` and `password`, where set, stand in for what the client authenticated with."""

    address: Address
    security: Security = "none"
    authority: Path | None = None
    server_name: str = ""
    verified: bool = True
    identity: Identity = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    connections: int = 100  # Postfix's default_process_limit
    idle: float = 30.0


@dataclass(frozen=True, slots=True)
class Limits:
    """`dot` is how long a backend's final reply is awaited; `drain` how long a stop waits for what is under way.

    `hold` is how long a client may keep a connection to a backend without sending, while others wait for one.
    """

    sessions: int = 20_000
    sessions_per_client: int = 0
    recipients: int = 1_000
    message: int = 52_428_800
    command_line: int = 4_096
    errors: int = 20
    connect: float = 30.0
    hold: float = 5.0
    command: float = 300.0
    block: float = 180.0
    dot: float = 590.0
    drain: float = 600.0


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """`settings` is how the journal itself takes what the file says of it."""

    folder: Path
    settings: Settings


@dataclass(frozen=True, slots=True)
class ControlSettings:
    listen: Address | None = None
    token: str = field(default="", repr=False)
    socket: Path | None = None


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """`key` is the file of the portal's public key: with it, only signed configurations are taken."""

    key: Path | None = None
    counters: str = ""
    token: str = field(default="", repr=False)
    every: float = 60.0


@dataclass(frozen=True, slots=True)
class Configuration:
    """`serial` counts up with each version that the portal signs; `digest` is that of the file."""

    path: Path
    listeners: tuple[Listener, ...]
    journal: JournalSettings
    old: BackendSettings
    new: BackendSettings
    split: Split
    control: ControlSettings
    limits: Limits = field(default_factory=Limits)
    portal: PortalSettings = field(default_factory=PortalSettings)
    host_name: str = "localhost"
    processes: int = 1
    trace_header: str = ""
    redis: str = ""
    serial: int = 0
    digest: str = ""
