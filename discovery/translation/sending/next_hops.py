"""Next hops as relayhost and transport tables write them (transport(5), postconf(5) relayhost)."""

import re
from collections.abc import Iterator

from discovery.postfix.braces import split_outside_braces
from discovery.translation.sending.measures import number_in
from discovery.translation.sending.model import NextHop

HOP = re.compile(r"(?:\[(?P<literal>[^\]]+)\]|(?P<name>[^:\[\]]+))(?::(?P<port>\w+))?")
SMTP_PORTS = {"smtp": 25, "submission": 587, "submissions": 465, "smtps": 465}
PORTS = SMTP_PORTS | {"lmtp": 24}
HIGHEST_PORT = 65_535


class UnreadableHopError(ValueError):
    """A next hop that cannot be carried over; the text is a sentence."""


def next_hops_of(text: str) -> Iterator[NextHop]:
    """Each host of `[a.example]:587, b.example`; raises UnreadableHopError."""
    yield from (next_hop_of(element) for element in split_outside_braces(text))


def next_hop_of(text: str) -> NextHop:
    if text.startswith("unix:"):
        return NextHop("", 0, is_mx_looked_up=False, path=text.removeprefix("unix:"))
    found = HOP.fullmatch(text.removeprefix("inet:"))
    if not found:
        raise UnreadableHopError(f"{text!r} is no host that can be named as a next hop.")
    port = PORTS.get(found["port"] or "smtp", number_in(found["port"] or ""))
    if not 0 < port <= HIGHEST_PORT:
        raise UnreadableHopError(f"The port of {text!r} is not known.")
    literal = (found["literal"] or "").removeprefix("ipv6:").removeprefix("IPv6:")
    is_mx = not literal and not text.startswith("inet:")
    return NextHop(literal or found["name"].strip(), port, is_mx_looked_up=is_mx)
