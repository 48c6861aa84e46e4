"""Lists of domains, names and networks: mydestination, relay_domains, mynetworks and their like (match_list(3)).

Elements are tried in their order; the first that fits decides, and `!` turns its answer around.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from discovery.lookup.answers import ABSENT, FOUND, UNREAD, Found, Step
from discovery.lookup.cidr import address_of, network_of
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


def elements_of(desk: Desk, parameter: str) -> Iterator[Element]:
    """The elements of a list with its /files read in."""
    value = desk.scope.get(parameter)
    for word in split_outside_braces(value.text):
        element = Element(word, value.file, desk.scope.line_of(parameter, word))
        yield from with_files(desk, element, DEEPEST)


def with_files(desk: Desk, element: Element, depth: int) -> Iterator[Element]:
    """The element, or what stands in the file it names; a file that is not in the upload stays as it is named."""
    file = desk.file(element.pattern) if element.pattern.startswith("/") else None
    if file is None or not depth:
        yield element
        return
    mark = "!" if element.is_negated else ""
    for logical in logical_lines(file.text):
        for word, offset in split_with_offsets(logical.text):
            (line,) = logical.lines_at([offset])
            yield from with_files(desk, Element(mark + word, file.path, line), depth - 1)


def list_steps(desk: Desk, parameter: str, name: str) -> Iterator[Step]:
    """Every element that was compared, up to the one that decided."""
    for element in elements_of(desk, parameter):
        found = match_element(desk, parameter, element, name)
        yield Step(name, "excluded by !" if element.is_negated else "an element of the list", element.text, found)
        if found.is_found:
            return


def match_element(desk: Desk, parameter: str, element: Element, name: str) -> Found:
    """Whether one element fits the name; the value says to what end."""
    if element.pattern.startswith("/"):
        note = f"{element.pattern} is not in the upload, so what it holds is unknown."
        return Found(UNREAD, "", element.file, element.line, note)
    if is_table(element.pattern):
        return match_table(desk, parameter, open_table(desk, element.pattern), name, element)
    fits = parameter in BY_NETWORK and fits_network(element.pattern, name)
    if fits or fits_name(desk, parameter, element.pattern, name):
        return Found(FOUND, verdict(element), element.file, element.line)
    return Found(ABSENT, "", element.file, element.line)


def verdict(element: Element) -> str:
    return EXCLUDED if element.is_negated else LISTED


def is_table(pattern: str) -> bool:
    kind, colon, _ = pattern.lstrip("{ ").partition(":")
    return bool(colon) and kind.isalnum() and not kind[:1].isdigit() and address_of(pattern) is None


def match_table(desk: Desk, parameter: str, table: Table, name: str, element: Element) -> Found:
    """A table in a list: it fits when it holds the name, or for lists of hosts a domain above it."""
    found = Found(ABSENT)
    for key in table_keys(desk, parameter, table, name):
        found = table.find(key)
        if found.is_found:
            note = f"{key} is in {table.name} with the value {found.value}"
            return Found(FOUND, verdict(element), found.file, found.line, note)
        if found.is_open:
            break
    return found


def table_keys(desk: Desk, parameter: str, table: Table, name: str) -> Iterator[str]:
    """The name, and the domains above it where the list is one of hosts and the table compares whole keys."""
    yield name
    if parameter not in BY_HOST or not table.is_fixed or address_of(name):
        return
    is_plain = are_parents_plain(desk.scope, parameter)
    at = name.find(".", 1)
    while at >= 0:
        yield name[at + 1 :] if is_plain else name[at:]
        at = name.find(".", at + 1)


def fits_name(desk: Desk, parameter: str, pattern: str, name: str) -> bool:
    """The same name, or for lists of hosts a domain below the pattern."""
    name, pattern = name.lower(), pattern.lower()
    if name == pattern:
        return True
    if parameter not in BY_HOST or address_of(name):
        return False
    if are_parents_plain(desk.scope, parameter):
        return name.endswith(f".{pattern}")
    return pattern.startswith(".") and name.endswith(pattern)


def fits_network(pattern: str, name: str) -> bool:
    address = address_of(name)
    try:
        network = network_of(pattern)
    except ValueError:
        return False
    return address is not None and address.version == network.version and address in network


def is_listed(desk: Desk, parameter: str, name: str) -> bool:
    """Whether a list holds a name, as far as the upload tells."""
    return any(step.found.is_found and step.found.value == LISTED for step in list_steps(desk, parameter, name))


def is_own_domain(desk: Desk, domain: str) -> bool:
    """Whether it is $myorigin, in mydestination, or an address of the host's interfaces (resolve_local(3))."""
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
