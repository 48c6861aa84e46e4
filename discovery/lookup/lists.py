"""Lists of domains, names and networks: mydestination, relay_domains, mynetworks and their like (match_list(3)).

Elements are tried in their order; the first that fits decides, and `!` turns its answer around.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from discovery.lookup.answers import ABSENT, FOUND, UNREAD, Found, Step
from discovery.lookup.cidr import Address, address_of, network_of
from discovery.lookup.clock import TimeOverError
from discovery.lookup.composed import Table
from discovery.lookup.desk import Desk
from discovery.lookup.opening import open_table
from discovery.postfix.braces import split_outside_braces, split_with_offsets
from discovery.postfix.lines import logical_lines
from discovery.postfix.scope import Scope

DEEPEST = 5
LISTED, EXCLUDED = "listed", "excluded"
BY_NETWORK = frozenset(
    {
        "debug_peer_list",
        "mynetworks",
        "permit_mx_backup_networks",
        "qmqpd_authorized_clients",
        "smtpd_client_event_limit_exceptions",
        "smtpd_sasl_exceptions_networks",
    }
)
BY_HOST = BY_NETWORK | {"relay_domains", "fast_flush_domains"}


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a list with the place where it stands."""

    text: str
    file: str
    line: int

    @property
    def pattern(self) -> str:
        return self.text.lstrip("!")

    @property
    def is_negated(self) -> bool:
        return (len(self.text) - len(self.pattern)) % 2 == 1


def are_parents_plain(scope: Scope, parameter: str) -> bool:
    """Whether `example.com` also stands for the domains below it in this parameter."""
    return parameter in split_outside_braces(scope.get("parent_domain_matches_subdomains").text)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A name that is looked for in one list, with what is the same for every element."""

    desk: Desk
    parameter: str
    name: str
    lowered: str
    address: Address | None
    are_parents_plain: bool

    @classmethod
    def of(cls, desk: Desk, parameter: str, name: str) -> Self:
        are_plain = are_parents_plain(desk.scope, parameter)
        return cls(desk, parameter, name, name.lower(), address_of(name), are_plain)

    def steps(self) -> Iterator[Step]:
        """Every element that was compared, up to the one that decided; raises TimeOverError."""
        for element in elements_of(self.desk, self.parameter):
            found = self._match(element)
            because = "excluded by !" if element.is_negated else "an element of the list"
            yield Step(self.name, because, element.text, found)
            if found.is_found:
                return

    def _match(self, element: Element) -> Found:
        """Whether one element fits the name; the value says to what end."""
        if element.pattern.startswith("/"):
            note = f"{element.pattern} is not in the upload, so what it holds is unknown."
            return Found(UNREAD, "", element.file, element.line, note)
        if is_table(element.pattern):
            return self._match_table(open_table(self.desk, element.pattern), element)
        is_fitting = self._fits_network(element.pattern) or self._fits_name(element.pattern.lower())
        return Found(
            FOUND if is_fitting else ABSENT, verdict(element) if is_fitting else "", element.file, element.line
        )

    def _match_table(self, table: Table, element: Element) -> Found:
        """A table in a list: it fits when it holds the name, or for lists of hosts a domain above it."""
        found = Found(ABSENT)
        for key in self._table_keys(table):
            found = table.find(key)
            if found.is_found:
                note = f"{key} is in {table.name} with the value {found.value}"
                return Found(FOUND, verdict(element), found.file, found.line, note)
            if found.is_open:
                break
        return found

    def _table_keys(self, table: Table) -> Iterator[str]:
        """The name, and the domains above it where the list is one of hosts and the table compares whole keys."""
        yield self.name
        if self.parameter not in BY_HOST or not table.is_fixed or self.address:
            return
        at = self.name.find(".", 1)
        while at >= 0:
            yield self.name[at + 1 :] if self.are_parents_plain else self.name[at:]
            at = self.name.find(".", at + 1)

    def _fits_name(self, pattern: str) -> bool:
        """The same name, or for lists of hosts a domain below the pattern."""
        if self.lowered == pattern:
            return True
        if self.parameter not in BY_HOST or self.address:
            return False
        if self.are_parents_plain:
            return self.lowered.endswith(f".{pattern}")
        return pattern.startswith(".") and self.lowered.endswith(pattern)

    def _fits_network(self, pattern: str) -> bool:
        if self.address is None or self.parameter not in BY_NETWORK:
            return False
        try:
            network = network_of(pattern)
        except ValueError:
            return False
        return self.address.version == network.version and self.address in network


def elements_of(desk: Desk, parameter: str) -> Iterator[Element]:
    """The elements of a list with its /files read in; raises TimeOverError."""
    value, line_of = desk.scope.get(parameter), desk.scope.line_finder(parameter)
    for word, _ in desk.clock.watch(split_with_offsets(value.text)):
        yield from with_files(desk, Element(word, value.file, line_of(word)), DEEPEST)


def with_files(desk: Desk, element: Element, depth: int) -> Iterator[Element]:
    """The element, or what stands in the file it names; a file that is not in the upload stays as it is named."""
    file = desk.file(element.pattern) if element.pattern.startswith("/") else None
    if file is None or not depth:
        yield element
        return
    mark = "!" if element.is_negated else ""
    for logical in desk.clock.watch(logical_lines(file.text)):
        words = list(split_with_offsets(logical.text))
        lines = logical.lines_at(offset for _, offset in words)
        for (word, _), line in desk.clock.watch(zip(words, lines, strict=True)):
            yield from with_files(desk, Element(mark + word, file.path, line), depth - 1)


def list_steps(desk: Desk, parameter: str, name: str) -> Iterator[Step]:
    """Every element that was compared, up to the one that decided, or to the end of the time."""
    count = 0
    try:
        for step in Inquiry.of(desk, parameter, name).steps():
            yield step
            count += 1
    except TimeOverError:
        how_far = f"{count:,} elements of the list had been compared"
        yield desk.clock.ended(name, parameter, how_far)


def verdict(element: Element) -> str:
    return EXCLUDED if element.is_negated else LISTED


def is_table(pattern: str) -> bool:
    kind, colon, _ = pattern.lstrip("{ ").partition(":")
    return bool(colon) and kind.isalnum() and not kind[:1].isdigit() and address_of(pattern) is None


def is_listed(desk: Desk, parameter: str, name: str) -> bool:
    """Whether a list holds a name, as far as the upload tells; raises TimeOverError."""
    return any(step.found.is_found and step.found.value == LISTED for step in Inquiry.of(desk, parameter, name).steps())


def is_own_domain(desk: Desk, domain: str) -> bool:
    """Whether it is $myorigin, in mydestination, or an address of the host's interfaces (resolve_local(3)).

    Raises TimeOverError.
    """
    if domain.lower() == origin_of(desk).lower() or is_listed(desk, "mydestination", domain):
        return True
    literal = domain[1:-1] if domain.startswith("[") and domain.endswith("]") else ""
    listening = [desk.scope.get(name).text for name in ("inet_interfaces", "proxy_interfaces")]
    own = {word.strip("[]").lower() for text in listening for word in split_outside_braces(text)}
    return bool(literal) and literal.removeprefix("IPv6:").lower() in own


def origin_of(desk: Desk) -> str:
    """What Postfix appends to a name without a domain; a path means the first line of that file."""
    value = desk.scope.get("myorigin").text
    if not value.startswith("/"):
        return value
    file = desk.file(value)
    return next((line.text.strip() for line in logical_lines(file.text)), "") if file else ""
