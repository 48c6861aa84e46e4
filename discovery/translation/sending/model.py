"""The shapes of a sending estate. Frozen; times in seconds, sizes in bytes, ports in digits."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from discovery.postfix import SigningKey

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Origin:
    """The line of the Postfix configuration that says something; `name` is the parameter, option, service or key.

    Line 0 stands for what a file means without a line that says so.
    """

    file: str
    line: int
    name: str

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else f"{self.file}, by default"


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value and the line that states it; without a line it is Postfix's default."""

    value: T
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that cannot be carried over as it is written, and why; it is told, never guessed."""

    origin: Origin
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listener:
    """An SMTP entrance. `tls` is none, may, encrypt or wrapped; `address` "" is every address of the host.

    `bare_newlines` is no, yes, note, normalize or reject.
    `interfaces` is what says so when master.cf names no address, `auth_only` what keeps logins out of clear text.
    """

    name: str
    address: str
    port: int
    hostname: Stated[str]
    banner: Stated[str]
    relay_networks: tuple[Stated[str], ...]
    tls: Stated[str]
    certificate: Stated[str]
    key: Stated[str]
    is_auth_offered: Stated[bool]
    is_auth_required: bool
    is_auth_possible_in_clear: bool
    message_size: Stated[int]
    recipients: Stated[int]
    timeout: Stated[int]
    bare_newlines: Stated[str]
    interfaces: Origin | None
    auth_only: Origin | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Source:
    """A way out: one transport with its address and its name in HELO. An empty address is the system's choice.

    `program` is smtp or lmtp; `fallback_relay` and `protocols` are what the service itself sees of
    smtp_fallback_relay and inet_protocols.
    """

    name: str
    program: str
    ipv4: Stated[str]
    ipv6: Stated[str]
    helo: Stated[str]
    origin: Origin
    fallback_relay: Stated[str] = field(default_factory=lambda: Stated(""))
    protocols: Stated[str] = field(default_factory=lambda: Stated("all"))


@dataclass(frozen=True, slots=True)
class Pool:
    """Sources that share one task, each with its weight."""

    name: str
    members: tuple[tuple[str, int], ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Expression:
    """A pattern as the table writes it; `dialect` is pcre or regexp."""

    dialect: str
    text: str
    flags: str
    is_negated: bool


@dataclass(frozen=True, slots=True)
class NextHop:
    """A host mail is handed on to; one written in brackets has no MX lookup. `path` instead is a UNIX socket."""

    host: str
    port: int = 25
    is_mx_looked_up: bool = True
    path: str = ""


class Match(StrEnum):
    """What a route looks at. Patterns are PCRE or POSIX expressions over the whole address or header line."""

    EVERYTHING = "everything"
    RECIPIENT = "recipient"
    RECIPIENT_DOMAIN = "recipient_domain"
    RECIPIENT_SUBDOMAINS = "recipient_subdomains"
    RECIPIENT_PATTERN = "recipient_pattern"
    SENDER = "sender"
    SENDER_DOMAIN = "sender_domain"
    SENDER_PATTERN = "sender_pattern"
    EVERY_SENDER = "every_sender"
    HEADER_PATTERN = "header_pattern"


class Action(StrEnum):
    """What becomes of mail that a route takes."""

    SEND = "send"
    RUN = "run"
    DISCARD = "discard"
    REJECT = "reject"
    DELIVER_HERE = "deliver_here"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Route:
    """One row that chooses a way out; the first that fits counts.

    `transport` is a source or a pool, "" leaves it as it is. Without `next_hops` mail goes to the recipient's own
    domain. `conditions` are the `if` patterns around a pattern. `text` is the reply of a refusal, or what is said to
    a program, and `purpose` what that program seems to do: bounce_processor, fbl_reader and so on. `parameter` names
    the tables it stands in, which decide what it overrides.
    """

    match: Match
    key: str
    action: Action
    transport: str
    next_hops: tuple[NextHop, ...]
    text: str
    origin: Origin
    pattern: Expression | None = None
    conditions: tuple[Expression, ...] = ()
    purpose: str = ""
    parameter: str = ""

    @property
    def is_no_change(self) -> bool:
        """Whether a row ends the search of its tables and leaves mail the way it has without them."""
        return self.action is Action.SEND and not self.transport and not self.next_hops


@dataclass(frozen=True, slots=True)
class Shaping:
    """The pace of one transport. `rate_delay` is seconds between deliveries; `processes` 0 is no bound of its own."""

    transport: str
    concurrency: Stated[int]
    rate_delay: Stated[int]
    recipients: Stated[int]
    initial_concurrency: Stated[int]
    connect_timeout: Stated[int]
    processes: Stated[int]
    tls_level: Stated[str]


@dataclass(frozen=True, slots=True)
class TlsPolicy:
    """One row of smtp_tls_policy_maps: the level for a next hop, with its attributes as they are written."""

    destination: str
    level: str
    attributes: tuple[tuple[str, str], ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """One line of a pattern table over message content, in the order of the table.

    `stage` is the parameter (header_checks, smtp_header_checks and so on), `op` is match, if or endif,
    `patterns` all have to hold, and so does every `if` around it (`is_conditional`). `service` is the one whose
    `-o` names the table, else "".
    """

    stage: str
    service: str
    op: str
    patterns: tuple[Expression, ...]
    action: str
    text: str
    origin: Origin
    is_conditional: bool = False


@dataclass(frozen=True, slots=True)
class AddressRewrite:
    """One row of virtual, canonical or generic tables, or of aliases. `stage` is the parameter."""

    stage: str
    key: str
    targets: str
    origin: Origin
    pattern: Expression | None = None
    conditions: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueTimes:
    """How long and how often delivery is tried."""

    lifetime: Stated[int]
    bounce_lifetime: Stated[int]
    first_retry: Stated[int]
    last_retry: Stated[int]


@dataclass(frozen=True, slots=True)
class RelayLogin:
    """A next hop that asks for a login. The password stays with the customer: only the place is known."""

    destination: str
    user: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class SendingEstate:
    """One instance as a sender of mail.

    `inheriting_checks` are the stages of content checks that are not set and so use the tables of header_checks.
    """

    name: str
    hostname: Stated[str]
    origin_domain: Stated[str]
    spool: Stated[str]
    listeners: tuple[Listener, ...]
    sources: tuple[Source, ...]
    pools: tuple[Pool, ...]
    default_transport: Stated[str]
    relay_hosts: Stated[tuple[NextHop, ...]]
    fallback_relays: Stated[tuple[NextHop, ...]]
    routes: tuple[Route, ...]
    relay_domains: tuple[Stated[str], ...]
    shaping: tuple[Shaping, ...]
    tls_policies: tuple[TlsPolicy, ...]
    header_rules: tuple[HeaderRule, ...]
    rewrites: tuple[AddressRewrite, ...]
    queue: QueueTimes
    logins: tuple[RelayLogin, ...]
    signing: tuple[SigningKey, ...]
    copies: tuple[Stated[str], ...]
    refusals: tuple[Refusal, ...]
    relay_transport: Stated[str] = field(default_factory=lambda: Stated("relay"))
    recipient_delimiter: Stated[str] = field(default_factory=lambda: Stated(""))
    inheriting_checks: tuple[str, ...] = ()
