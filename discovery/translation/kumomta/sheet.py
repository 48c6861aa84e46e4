"""What the parts of the KumoMTA emitter share: names that are unique over all instances, next hops, refusals."""

import re
from dataclasses import dataclass, field

from discovery.translation.emission import Line, origins_of
from discovery.translation.kumomta.hops import Hops
from discovery.translation.sending import NextHop, Origin, Refusal, SendingEstate, Stated
from discovery.translation.sending.addresses import is_address

POLICY = "/opt/kumomta/etc/policy"
HOSTNAME = re.compile(r"(?!-)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?", re.ASCII)
DEFAULT = "Postfix's default"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One estate on its way to KumoMTA; `prefix` keeps the names of several instances apart, and is empty for one."""

    estate: SendingEstate
    hops: Hops
    prefix: str = ""
    refusals: list[Refusal] = field(default_factory=list)

    def named(self, transport: str) -> str:
        """The tenant, and the pool, of a transport."""
        return f"{self.prefix}{transport}"

    @property
    def ways_out(self) -> dict[str, Origin]:
        """Every transport that sends and every pool, with its line."""
        ways = {source.name: source.origin for source in self.estate.sources}
        return ways | {pool.name: pool.origin for pool in self.estate.pools}

    def refuse(self, origin: Origin | None, text: str, reason: str) -> None:
        if origin is not None and Refusal(origin, text, reason) not in self.refusals:
            self.refusals.append(Refusal(origin, text, reason))

    def hop(self, hops: tuple[NextHop, ...], origin: Origin | None, text: str) -> str:
        """The routing domain for next hops, "" for none and for those that cannot be carried over, which is told."""
        if not hops:
            return ""
        kept, reasons = self.hops.usable(hops)
        for reason in reasons:
            self.refuse(origin, text, reason)
        return self.hops.name(kept, origin) if kept else ""


def of(text: str, stated: Stated[str] | Stated[int] | Stated[bool], why: str = DEFAULT) -> Line:
    """A line for a stated value, or for Postfix's default."""
    return Line(text, origins_of(stated.origin), why)


def is_host(text: str) -> bool:
    return bool(HOSTNAME.fullmatch(text)) or is_address(text)
