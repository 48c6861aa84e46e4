"""To whom a delivery went: a provider by name, everybody else's own servers, or not outside at all."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

FACTS = Path(__file__).with_name("providers.yaml")
OTHERS = "Other domains"
INSIDE = "Inside, to another system"
LOCAL = "On the host itself"
NOT_OUTSIDE = frozenset({INSIDE, LOCAL})
REMOTE_PROGRAMS = frozenset({"smtp", "lmtp", "error", "discard", "qmgr", "cleanup", "bounce", "defer", "retry"})
MOST_REMEMBERED = 100_000
NEAR = ("10.", "127.", "169.254.", "172.", "192.168.", "100.")  # what is not in the house is told by these mostly


@dataclass(frozen=True, slots=True)
class Facts:
    """Suffixes of hosts and whole domains, each with its provider."""

    hosts: dict[str, str]
    domains: dict[str, str]
    order: tuple[str, ...]


@cache
def facts() -> Facts:
    rows = yaml.load(FACTS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    hosts = {host: row["name"] for row in reversed(rows) for host in row.get("hosts", ())}
    domains = {domain: row["name"] for row in reversed(rows) for domain in row.get("domains", ())}
    return Facts(hosts, domains, tuple(row["name"] for row in rows))


@cache
def provider_names() -> tuple[str, ...]:
    """Those that have a name, as the rules of the proxy may say it."""
    return tuple(dict.fromkeys(facts().order))


@cache
def names() -> tuple[str, ...]:
    """Everyone to whom a delivery can go; columns hold the place in it."""
    return (*provider_names(), OTHERS, INSIDE, LOCAL)


@cache
def numbers() -> dict[str, int]:
    return {name: number for number, name in enumerate(names())}


@lru_cache(maxsize=MOST_REMEMBERED)
def provider_of(relay: bytes, domain: bytes, program: str) -> str:
    """By the host that answered; by the recipient's domain when none did."""
    if program not in REMOTE_PROGRAMS:
        return LOCAL
    host, _, rest = relay.decode("ascii", "replace").lower().partition("[")
    address = rest.partition("]")[0]
    if is_inside(host, address):
        return INSIDE
    return provider_at(host if address else "", domain.decode("ascii", "replace"))


def provider_at(host: str, domain: str) -> str:
    """By the host that answered, "" where none did; by the recipient's domain else."""
    return _by_suffix(host, facts().hosts) or _by_suffix(domain.lower(), facts().domains) or OTHERS


@lru_cache(maxsize=MOST_REMEMBERED)
def is_inside(host: str, address: str) -> bool:
    """Whether mail stays in the house: a socket, this host, or an address of a private network."""
    if host == "localhost" or address.startswith(("/", "private/", "public/")):
        return True
    if not address.startswith(NEAR) and ":" not in address:
        return False
    try:
        where = ipaddress.ip_address(address)
    except ValueError:
        return False
    return where.is_loopback or where.is_link_local or any(where in net for net in _house(where.version))


@cache
def _house(version: int) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """The private networks; not those that are only set aside for examples, which `is_private` names too."""
    nets = {4: ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"), 6: ("fc00::/7",)}
    return tuple(ipaddress.ip_network(net) for net in nets[version])


def _by_suffix(name: str, known: dict[str, str]) -> str:
    while name:
        if name in known:
            return known[name]
        name = name.partition(".")[2]
    return ""
