"""The split as it is configured."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from delivery.proxy.choice.providers import Providers, known_providers

if TYPE_CHECKING:
    from datetime import date

By = Literal["message", "sender", "sender-domain", "domain", "stream"]
BYS: tuple[By, ...] = ("message", "sender", "sender-domain", "domain", "stream")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Condition:
    """Every set member has to fit; of the patterns of one member a single one is enough.

    Everything is in lower case. `domains` and `below` are one member: domains as they are, and those that begin with a
    dot for everything below them. Headers are (name, pattern with `*` and `?`).
    """

    providers: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    below: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    listeners: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    clients: tuple[Network, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def needs_recipient(self) -> bool:
        return bool(self.providers or self.domains or self.below)


ANY = Condition()


@dataclass(frozen=True, slots=True)
class Cap:
    """How many recipients a day or an hour, counted for each provider and pool, may go to the new side; then the old.

    `per_day` has a figure for each day from `begins` on and the last holds after it: a warm-up. Days are UTC's.
    """

    pool: str
    per_day: tuple[int, ...] = ()
    per_hour: int | None = None
    begins: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`new` is the share of the new side in percent."""

    name: str
    new: float
    by: By
    condition: Condition = ANY
    cap: Cap | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """`stay` comes first and nothing overrides it; then `rules`, the first that fits; then `rest`."""

    rest: Rule
    rules: tuple[Rule, ...] = ()
    stay: tuple[Rule, ...] = ()
    seed: str = ""
    stream_header: str = ""
    providers: Providers = field(default_factory=known_providers)
