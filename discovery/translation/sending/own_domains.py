"""Domains whose mail ends on this host (postconf(5): mydestination and its kin)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from discovery.postfix import MapUse
from discovery.postfix.routes import RECIPIENT_TRANSPORTS
from discovery.translation.sending.desk import EVERY_KEY, Desk
from discovery.translation.sending.model import Expression, Match, Origin, Route
from discovery.translation.sending.patterns import PatternRow, is_pattern_table, pattern_rows

OWN_DOMAINS: Mapping[str, str] = MappingProxyType(
    {
        "mydestination": "local_transport",
        "virtual_mailbox_domains": "virtual_transport",
        "virtual_alias_domains": "",  # its addresses are aliases or unknown
    }
)
NO_DOMAIN = "This is no domain whose mail can be told apart."
ALL_OWN = (
    "Which domains this pattern means cannot be told from an address, so all mail that no row of transport_maps takes "
    "waits or is refused for a while."
)
DOMAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*", re.ASCII)
ATOM = re.compile(r"\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]|.", re.DOTALL)
OPENING, CLOSING, EITHER, START = "(", ")", "|", "^"
LOOKS_BACK = "(?<"


@dataclass(frozen=True, slots=True)
class OwnDomain:
    """One domain, or a pattern over domains; `is_lost` is a pattern that no address can be held against."""

    match: Match
    key: str
    origin: Origin
    patterns: tuple[Expression, ...] = ()
    conditions: tuple[Expression, ...] = ()
    is_lost: bool = False


def own_domains(desk: Desk, parameter: str) -> Iterator[OwnDomain]:
    """The elements of the list, by default those of Postfix, then the rows of its tables."""
    for stated in desk.elements(parameter):
        origin = stated.origin or Origin(desk.main_file, 0, parameter)
        if DOMAIN.fullmatch(stated.value):
            yield OwnDomain(Match.RECIPIENT_DOMAIN, stated.value.lower(), origin)
        elif stated.origin and ":" not in stated.value:
            desk.refuse(origin, stated.value, NO_DOMAIN)
    for table in desk.tables(parameter):
        yield from of_patterns(desk, table) if is_pattern_table(table) else of_rows(desk, table)


def of_rows(desk: Desk, table: MapUse) -> Iterator[OwnDomain]:
    """A table that answers every key makes each domain one of this host."""
    for entry, origin in desk.rows(table):
        if entry.key == EVERY_KEY:
            yield OwnDomain(Match.EVERYTHING, "*", origin)
        else:
            yield OwnDomain(Match.RECIPIENT_DOMAIN, entry.key.lower(), origin)


def of_patterns(desk: Desk, table: MapUse) -> Iterator[OwnDomain]:
    for row in pattern_rows(desk, table):
        if row.op == "match":
            yield of_pattern(desk, row)


def of_pattern(desk: Desk, row: PatternRow) -> OwnDomain:
    """Postfix holds these patterns against the domain, targets hold them against the address."""
    patterns = [over_address(each) for each in row.patterns]
    conditions = [over_address(each) for each in row.conditions]
    if None in patterns or None in conditions:
        desk.refuse(row.origin, row.origin.name, ALL_OWN)
        return OwnDomain(Match.EVERYTHING, "*", row.origin, is_lost=True)
    return OwnDomain(
        Match.RECIPIENT_PATTERN, row.origin.name, row.origin,
        tuple(each for each in patterns if each), tuple(each for each in conditions if each),
    )  # fmt: skip


def over_address(pattern: Expression) -> Expression | None:
    """The same test of the domain behind the last @ of an address; None where it cannot be put that way."""
    rest = pattern.text.removeprefix(START)
    is_anchored = rest != pattern.text
    if "x" in pattern.flags or START in atoms_of(rest) or LOOKS_BACK in rest or "\\A" in rest or "\\G" in rest:
        return None
    if is_anchored and has_alternatives(rest):
        return None
    return replace(pattern, text=f"@{rest}" if is_anchored else f"@[^@]*({rest})")


def has_alternatives(text: str) -> bool:
    """Whether a | stands outside of all parentheses."""
    depth = 0
    for atom in atoms_of(text):
        depth += (atom == OPENING) - (atom == CLOSING)
        if atom == EITHER and not depth:
            return True
    return False


def atoms_of(text: str) -> list[str]:
    """An escape, a set in brackets, or a single character."""
    return ATOM.findall(text)


def with_own(routes: Sequence[Route]) -> tuple[Route, ...]:
    """A row of transport_maps takes its domain from this host, unless it changes nothing: then the domain stays."""
    own = {route.key: route for route in reversed(routes) if is_own_domain(route)}
    rows = {route.key.lower() for route in routes if is_whole(route)}
    unchanged = tuple(route for route in routes if route.match is Match.RECIPIENT_SUBDOMAINS)
    early = {key for key in own if key not in rows and is_unchanged(key, unchanged)}
    kept = [route for route in routes if not (is_own_domain(route) and route.key in rows | early)]
    at = next((number for number, route in enumerate(kept) if route in unchanged), len(kept))
    kept[at:at] = [own[key] for key in own if key in early]
    return tuple(as_own(route, own) for route in kept)


def is_own_domain(route: Route) -> bool:
    return route.parameter in OWN_DOMAINS and route.match is Match.RECIPIENT_DOMAIN


def is_whole(route: Route) -> bool:
    """Whether a row takes all mail of a domain, so that nobody asks what else is said of it."""
    return route.parameter == RECIPIENT_TRANSPORTS and route.match is Match.RECIPIENT_DOMAIN


def is_unchanged(domain: str, above: Sequence[Route]) -> bool:
    """Whether the nearest row for the domains above changes nothing."""
    nearest = next((route for route in above if domain.endswith(f".{route.key.lower()}")), None)
    return nearest is not None and nearest.is_no_change


def as_own(route: Route, own: Mapping[str, Route]) -> Route:
    """A row that changes nothing for an address or a domain of this host means what is said of that domain."""
    found = own.get(route.key.lower().rpartition("@")[2])
    is_row = route.parameter == RECIPIENT_TRANSPORTS and route.match in {Match.RECIPIENT, Match.RECIPIENT_DOMAIN}
    if found is None or not is_row or not route.is_no_change:
        return route
    return replace(found, match=route.match, key=route.key, origin=route.origin, parameter=route.parameter)
