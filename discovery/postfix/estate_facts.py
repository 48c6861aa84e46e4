"""What an instance is made of beyond its settings: addresses, pools, streams, domains, tenants, doors, filters, keys.

Every fact has the file and the line it was read from; a line of 0 means that no single line says it.
"""

from dataclasses import dataclass
from typing import Any

from discovery.postfix.facts import plain


@dataclass(frozen=True, slots=True)
class AddressUse:
    """A transport that sends from an address, and the name it gives in HELO; both with the line that says so."""

    transport: str
    helo_name: str
    file: str
    line: int
    helo_file: str
    helo_line: int


@dataclass(frozen=True, slots=True)
class SendingAddress:
    """One address mail leaves from; "" when the system chooses. `family` is ipv4, ipv6, name or system.

    `reach` is public, private, loopback or unknown: behind a private address receivers see another one.
    """

    address: str
    family: str
    reach: str
    reason: str
    uses: tuple[AddressUse, ...]
    file: str
    line: int

    @property
    def transports(self) -> tuple[str, ...]:
        return tuple(use.transport for use in self.uses)

    @property
    def helo_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(use.helo_name for use in self.uses if use.helo_name))

    def as_json(self) -> dict[str, Any]:
        return plain(self) | {"transports": list(self.transports), "helo_names": list(self.helo_names)}


@dataclass(frozen=True, slots=True)
class Pool:
    """Transports, or next hops, that share one task. `kind` is random, numbered, next_hops or table."""

    name: str
    kind: str
    members: tuple[str, ...]
    addresses: tuple[str, ...]
    confidence: str
    reason: str
    file: str
    line: int

    def as_json(self) -> dict[str, Any]:
        return plain(self)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a stream is proposed, in a sentence, and the line that shows it."""

    sentence: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class StreamProposal:
    """Mail that seems to be kept apart. `key` is the same in every reading of the same arrangement.

    `kind` is pool, transport, relay, listener, filter or default.
    """

    key: str
    name: str
    kind: str
    confidence: str
    reasons: tuple[Reason, ...]
    transports: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return self.reasons[0].file

    @property
    def line(self) -> int:
        return self.reasons[0].line

    def as_json(self) -> dict[str, Any]:
        return plain(self) | {"file": self.file, "line": self.line}


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain and what it is here: local, relayed, alias, mailbox, sender, signed or origin."""

    name: str
    role: str
    parameter: str
    file: str
    line: int

    def as_json(self) -> dict[str, Any]:
        return plain(self)


@dataclass(frozen=True, slots=True)
class Tenant:
    """Somebody whose mail seems to be kept apart. `kind` is instance, login or sender_domain."""

    name: str
    kind: str
    confidence: str
    reason: str
    members: tuple[str, ...]
    file: str
    line: int

    def as_json(self) -> dict[str, Any]:
        return plain(self)


@dataclass(frozen=True, slots=True)
class Door:
    """A listener (`direction` in) or a sending transport (out) with its TLS and AUTH.

    `tls` is none, may, encrypt, wrapped or a level of smtp_tls_security_level; `auth` is none, offered or required for
    a listener, none or used for a transport. `login` says whether AUTH LOGIN is offered: yes, no or unknown.
    `settings` rows are (name, value, file, line) of what was set.
    """

    direction: str
    name: str
    program: str
    address: str
    port: str
    tls: str
    protocols: str
    auth: str
    mechanisms: tuple[str, ...]
    login: str
    is_cleartext_auth_possible: bool
    is_submission: bool
    settings: tuple[tuple[str, str, str, int], ...]
    file: str
    line: int

    def as_json(self) -> dict[str, Any]:
        return plain(self)


@dataclass(frozen=True, slots=True)
class Filter:
    """A program mail or a decision is handed to. `kind` is policy, content_filter, proxy_filter, lookup or sasl.

    `host` and `port`, or `path`, say where it listens; `transport` is the service of master.cf that reaches it.
    """

    kind: str
    product: str
    function: str
    target: str
    host: str
    port: str
    path: str
    program: str
    transport: str
    parameter: str
    service: str
    configuration: tuple[str, ...]
    source: str
    confidence: str
    file: str
    line: int

    def as_json(self) -> dict[str, Any]:
        return plain(self)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A DKIM key: whose mail (`signs`) is signed for which domain and selector, by which program."""

    domain: str
    selector: str
    key_path: str
    product: str
    signs: tuple[str, ...]
    is_key_in_bundle: bool
    file: str
    line: int

    def as_json(self) -> dict[str, Any]:
        return plain(self)
