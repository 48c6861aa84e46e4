"""Which addresses mail leaves from, and the name each of them gives in HELO (smtp(8), smtp_bind_address)."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence

from discovery.postfix.braces import split_outside_braces
from discovery.postfix.estate_facts import AddressUse, SendingAddress
from discovery.postfix.facts import Service
from discovery.postfix.scope import Scope, Value

SENDERS = frozenset({"smtp", "lmtp"})
FAMILIES = ("ipv4", "ipv6")
BINDS = {"ipv4": "bind_address", "ipv6": "bind_address6"}
INTERFACES = "inet_interfaces"
SYSTEM = "system"
BLOCKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")  # RFC 1918, 6598 and 4193
PRIVATE = tuple(ipaddress.ip_network(block) for block in BLOCKS)
REASONS = {
    "bind": "set as the address to send from",
    "interface": "the only address in inet_interfaces, so Postfix sends from it",
    SYSTEM: "no address is set: the system chooses one by its routes",
}
Use = tuple[str, str, Value, AddressUse]


def sending_addresses(services: Sequence[Service], scope: Scope) -> tuple[SendingAddress, ...]:
    """One row an address, with the transports that use it, in file order."""
    grouped: dict[str, list[Use]] = {}
    for service in services:
        if service.kind == "unix" and service.command in SENDERS:
            for use in uses_of(service, scope.within(service)):
                grouped.setdefault(use[0], []).append(use)
    return tuple(address_of(uses) for uses in grouped.values())


def address_of(uses: Sequence[Use]) -> SendingAddress:
    address, why, value, _ = uses[0]
    family, reach = kind_of_address(address)
    rows = tuple(use for _, _, _, use in uses)
    file, line = (value.file, value.line) if value.is_set else (rows[0].file, rows[0].line)
    return SendingAddress(address, family, reach, REASONS[why], rows, file, line)


def uses_of(service: Service, scope: Scope) -> Iterator[Use]:
    """`(address, why, where it is set, use)` for each family; lmtp(8) counts only with an address of its own."""
    prefix = service.command
    bound = [(each, "bind", value) for each, value in bound_addresses(scope, prefix)]
    if service.command == "lmtp" and not bound:
        return
    helo = scope.first(f"{prefix}_{'helo' if prefix == 'smtp' else 'lhlo'}_name", "myhostname")
    for address, why, value in bound or [*the_only_interface(scope), ("", SYSTEM, Value("", ""))][:1]:
        use = AddressUse(
            transport=service.name,
            helo_name=helo.text,
            file=value.file or service.file,
            line=value.line or service.line,
            helo_file=helo.file,
            helo_line=helo.line,
        )
        yield address, why, value, use


def bound_addresses(scope: Scope, prefix: str) -> Iterator[tuple[str, Value]]:
    for family in FAMILIES:
        value = scope.get(f"{prefix}_{BINDS[family]}")
        for address in split_outside_braces(value.text):
            yield address.strip("[]"), value


def the_only_interface(scope: Scope) -> list[tuple[str, str, Value]]:
    """smtp(8) sends from inet_interfaces when that holds one address of a family, and no loopback address."""
    value = scope.get(INTERFACES)
    addresses = [each.strip("[]") for each in split_outside_braces(value.text)]
    families = [kind_of_address(each) for each in addresses]
    return [
        (address, "interface", value)
        for address, (family, reach) in zip(addresses, families, strict=True)
        if family in FAMILIES and reach != "loopback" and [one for one, _ in families].count(family) == 1
    ]


def kind_of_address(text: str) -> tuple[str, str]:
    """`(family, reach)` of an address as it is written."""
    if not text:
        return SYSTEM, "unknown"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "name", "unknown"
    family = f"ipv{address.version}"
    if address.is_unspecified:
        return SYSTEM, "unknown"
    if address.is_loopback:
        return family, "loopback"
    return family, "private" if any(address in block for block in PRIVATE) else "public"


def bound_to(addresses: Iterable[SendingAddress], transport: str) -> tuple[str, ...]:
    """The addresses a transport is bound to by itself or by main.cf; none when the system chooses."""
    return tuple(each.address for each in addresses if each.address and transport in each.transports)
