"""Next hops as routing domains of KumoMTA.

A host with an MX lookup is a routing domain by itself. A host without one, or several hosts, get a name that is no
domain, whose queue has the hosts as its list (make_queue_config, protocol.smtp.mx_list).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from discovery.translation.emission import Line, origins_of
from discovery.translation.kumomta.quoting import toml_key, toml_string
from discovery.translation.sending import NextHop, Origin
from discovery.translation.sending.addresses import is_address

SUFFIX = ".next-hop"
SOCKET = "KumoMTA sends to hosts; a UNIX socket is not reached."
WRAPPED = "KumoMTA begins TLS with STARTTLS only, so a port that expects TLS from the first byte is not reached."
NO_HOST = "This next hop is no host name and no address."
SEVERAL = "KumoMTA looks up the MX of one next hop only; the hosts after the first are left out."
SMTPS, SMTP = 465, 25
HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*", re.ASCII)


@dataclass(slots=True)
class Hops:
    """Every list of next hops once, with the lines that name it."""

    named: dict[tuple[NextHop, ...], str] = field(default_factory=dict)
    origins: dict[str, tuple[Origin, ...]] = field(default_factory=dict)

    def usable(self, hops: tuple[NextHop, ...]) -> tuple[tuple[NextHop, ...], tuple[str, ...]]:
        """Those that KumoMTA reaches, and why others are left out."""
        reasons = {hop: reason_against(hop) for hop in hops}
        kept = tuple(hop for hop in hops if not reasons[hop])
        said = tuple(dict.fromkeys(reason for reason in reasons.values() if reason))
        if len(kept) > 1 and any(hop.is_mx_looked_up for hop in kept):
            return kept[:1], (*said, SEVERAL)
        return kept, said

    def name(self, hops: tuple[NextHop, ...], origin: Origin | None) -> str:
        """The routing domain; the same hops always have the same."""
        if hops not in self.named:
            self.named[hops] = hops[0].host if hops[0].is_mx_looked_up else self.free(hops)
        name = self.named[hops]
        self.origins[name] = tuple(dict.fromkeys((*self.origins.get(name, ()), *origins_of(origin))))
        return name

    def free(self, hops: tuple[NextHop, ...]) -> str:
        stem = re.sub(r"[^A-Za-z0-9.]+", "-", "-".join(f"{hop.host}-{hop.port}" for hop in hops)).strip("-")[:120]
        taken = set(self.named.values())
        names = (f"{stem}{number or ''}{SUFFIX}" for number in range(len(taken) + 1))
        return next(name for name in names if name not in taken)

    def queue_lines(self) -> Iterator[Line]:
        """`[queue."name"]` with its list of hosts, for queues.toml."""
        for hops, name in self.named.items():
            if not hops[0].is_mx_looked_up:
                hosts = ", ".join(toml_string(written(hop)) for hop in hops)
                yield Line(f"[{toml_key('queue', name)}]", self.origins[name])
                yield Line(f"protocol = {{ smtp = {{ mx_list = [{hosts}] }} }}", self.origins[name])
                yield Line("")

    def ports(self) -> Iterator[tuple[str, int]]:
        """Routing domains with an MX lookup that listen on a port of their own; the port is the last one asked for."""
        for hops, name in self.named.items():
            if hops[0].is_mx_looked_up and hops[0].port != SMTP:
                yield name, hops[0].port

    def matching(self, hop: NextHop) -> Iterator[str]:
        """The routing domains whose hosts a key of a table means, which names one host."""
        for hops, name in self.named.items():
            if hop in hops:
                yield name


def reason_against(hop: NextHop) -> str:
    if hop.path:
        return SOCKET
    if hop.port == SMTPS:
        return WRAPPED
    return "" if HOST.fullmatch(hop.host) or is_address(hop.host) else NO_HOST


def written(hop: NextHop) -> str:
    """`host:587`, an address in brackets."""
    host = f"[{hop.host}]" if is_address(hop.host) else hop.host
    return f"{host}:{hop.port}"
