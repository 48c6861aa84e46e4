"""What is asked about: taken from the sending estates that the configuration was generated from."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from delivery.preflight.answers import name_of
from discovery.translation.sending import Match, Refusal, SendingEstate
from discovery.translation.signing import selector_plan

# Addresses that receivers never see (RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291).
INNER = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("0.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128", "::/128"),
    )
)
SENDER_MATCHES = frozenset({Match.SENDER_DOMAIN})
BACK = MappingProxyType({"bounce_processor": "bounces", "fbl_reader": "complaints"})


@dataclass(frozen=True, slots=True)
class Sender:
    """A way out: the address receivers see, and the name it says in HELO. `address` "" is the host's own choice."""

    source: str
    address: str
    helo: str


@dataclass(frozen=True, slots=True)
class PlannedSelector:
    """A record that has to be published; `key` is the public key in base64 where somebody has noted it."""

    domain: str
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Subjects:
    domains: tuple[str, ...] = ()
    senders: tuple[Sender, ...] = ()
    selectors: tuple[PlannedSelector, ...] = ()
    backs: tuple[tuple[str, str], ...] = ()  # (domain, bounces or complaints)
    unsigned: tuple[str, ...] = field(default=())  # keys for which no selector is planned, with the reason

    @property
    def addresses(self) -> tuple[str, ...]:
        """Those that receivers see, once each."""
        return tuple(dict.fromkeys(one.address for one in self.senders if one.address and not is_inner(one.address)))

    @property
    def hidden(self) -> tuple[str, ...]:
        """Ways out of which nobody can tell beforehand which address receivers see."""
        return tuple(dict.fromkeys(one.source for one in self.senders if is_inner(one.address)))


def is_inner(text: str) -> bool:
    """Whether an address is one that only the own network knows, or none at all."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return True
    return any(address in network for network in INNER if network.version == address.version)


def subjects_of(estates: Iterable[SendingEstate], target: str, keys: Mapping[str, str]) -> Subjects:
    """`keys` are public keys that were noted, by the name of their record as `name_of` writes it."""
    estates = tuple(estates)
    refusals: list[Refusal] = []
    plan = selector_plan((key for estate in estates for key in estate.signing), target, refusals)
    backs = tuple(dict.fromkeys(back for estate in estates for back in backs_of(estate)))
    named = [name for estate in estates for name in sender_domains(estate)]
    signed = [one.domain for one in plan]
    records = [(one.domain, name_of(one.record_name)) for one in plan]
    domains = dict.fromkeys([*signed, *named, *(domain for domain, kind in backs if kind == "bounces")])
    return Subjects(
        domains=tuple(domains),
        senders=tuple(dict.fromkeys(sender for estate in estates for sender in senders_of(estate))),
        selectors=tuple(PlannedSelector(domain, name, keys.get(name, "")) for domain, name in records),
        backs=backs,
        unsigned=tuple(f"{refusal.text}: {refusal.reason}" for refusal in refusals),
    )


def senders_of(estate: SendingEstate) -> Iterable[Sender]:
    for source in estate.sources:
        if source.program != "smtp":
            continue
        addresses = [stated.value for stated in (source.ipv4, source.ipv6) if stated.value]
        for address in addresses or [""]:
            yield Sender(source.name, address, name_of(source.helo.value))


def sender_domains(estate: SendingEstate) -> Iterable[str]:
    """Domains that mail is known to be sent for, apart from those that sign."""
    for route in estate.routes:
        if route.match in SENDER_MATCHES and is_domain(route.key):
            yield route.key.lower()
    if is_domain(estate.origin_domain.value):
        yield estate.origin_domain.value.lower()


def backs_of(estate: SendingEstate) -> Iterable[tuple[str, str]]:
    """Domains to which bounces and complaints come back by mail."""
    for route in estate.routes:
        domain = route.key.rpartition("@")[2].lower()
        if route.purpose in BACK and not route.pattern and is_domain(domain):
            yield domain, BACK[route.purpose]


def is_domain(text: str) -> bool:
    return "." in text and not set(text) & set("$ /*@:[]{}'\"\\") and text.strip(".") != ""
