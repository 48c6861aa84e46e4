"""cidr: tables (cidr_table(5)), and the network patterns of address lists."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from discovery.lookup.answers import ABSENT, FOUND, Found
from discovery.lookup.clock import Clock
from discovery.lookup.rules import BadRuleError, Rule, nest, operation_of
from discovery.postfix.lines import BLANKS, LogicalLine, logical_lines

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def address_of(text: str) -> Address | None:
    """A plain address as inet_pton(3) takes it, or None."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


def network_of(text: str) -> Network:
    """`10.0.0.0/8`, `[2001:db8::]/32` or one address; raises ValueError."""
    address, slash, mask = text.partition("/")
    if address.startswith("["):
        inner, bracket, rest = address[1:].partition("]")
        if not bracket or rest:
            raise ValueError(f"{text} has no closing bracket")
        address = inner
    if slash and not (mask.isascii() and mask.isdecimal()):
        raise ValueError(f"{text} has no number of bits")
    if "%" in address:
        raise ValueError(f"{text} is not an address")
    return ip_network(f"{address}{slash}{mask}")


@dataclass(frozen=True, slots=True)
class CidrRule:
    """A rule with its network; an `endif` has none."""

    rule: Rule
    network: Network | None
    is_negated: bool

    def holds(self, address: Address) -> bool:
        if self.network is None:
            return True
        return address.version == self.network.version and (address in self.network) != self.is_negated


class CidrTable:
    """The first rule whose network holds the address."""

    is_fixed = False

    def __init__(self, name: str, file: str, text: str, clock: Clock) -> None:
        """Rules are read when the first address is asked for."""
        self.name, self.file, self._text, self._clock = name, file, text, clock

    @cached_property
    def _rules(self) -> list[tuple[CidrRule, int]]:
        """The rules that Postfix keeps, each with how deep it lies; raises TimeOverError."""
        read = {id(each.rule): each for each in self._read()}
        nested, _ = nest([each.rule for each in read.values()])
        return [(read[id(rule)], depth) for rule, depth in nested]

    def find(self, key: str) -> Found:
        """The value for an address; anything that is no address is not there. Raises TimeOverError."""
        address = address_of(key)
        depth = 0
        tried = f"rules of {self.file} had been tried"
        for each, wanted in self._clock.watch(self._rules if address else (), tried):
            if depth < wanted:
                continue
            if each.rule.op == "endif":
                depth -= 1
            elif address and each.holds(address):
                if each.rule.op == "match":
                    return Found(FOUND, each.rule.value, self.file, each.rule.line)
                depth += 1
        return Found(ABSENT, file=self.file)

    def _read(self) -> Iterator[CidrRule]:
        """The rules as they stand, without the lines that Postfix warns about and leaves out."""
        for logical in self._clock.watch(logical_lines(self._text), f"rules of {self.file} had been read"):
            if not logical.is_orphan:
                with suppress(ValueError):
                    yield cidr_rule(logical)


def cidr_rule(logical: LogicalLine) -> CidrRule:
    """One line; raises ValueError, of which BadRuleError is one."""
    op, rest = operation_of(logical.text.strip(BLANKS))
    if op == "endif":
        return CidrRule(Rule("endif", logical.line), None, is_negated=False)
    body = rest.lstrip("!" + BLANKS)
    is_negated = rest[: len(rest) - len(body)].count("!") % 2 == 1
    pattern, value = body, ""
    at = next((offset for offset, letter in enumerate(body) if letter in BLANKS), len(body))
    pattern, value = body[:at], body[at:].strip(BLANKS)
    if op == "match" and not value:
        raise BadRuleError(f"{pattern} has no result")
    return CidrRule(Rule(op, logical.line, value=value), network_of(pattern), is_negated)
