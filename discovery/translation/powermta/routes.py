"""Rows that choose a way out: a pattern list in Postfix's order (guide 3.3.14)."""

from collections.abc import Iterator, Sequence

from discovery.postfix.routes import SENDER_RELAYS, SENDER_TRANSPORTS
from discovery.translation.emission import Line
from discovery.translation.powermta.defaults import DEFAULT, RELAYED, default_of, is_left_to_defaults
from discovery.translation.powermta.paper import Paper, block
from discovery.translation.powermta.ways import is_of_its_own, is_processed, way_name
from discovery.translation.powermta.words import UnwritableError, header_of, literal, lookaheads, matcher
from discovery.translation.sending import Match, Route
from discovery.translation.unread_tables import unread_tables

ALL_WAITS = "It may concern any mail, so all mail that no earlier row takes waits."
ANY = "rcpt-to /@/"
WHOLE = frozenset({Match.EVERYTHING, Match.EVERY_SENDER})
BEFORE = {"recipient_domain": "@", "sender_domain": "@", "recipient_subdomains": "@(?:.*\\.)?[^.@]+\\."}
WHAT = {
    "recipient": "rcpt-to", "recipient_domain": "rcpt-to", "recipient_subdomains": "rcpt-to",
    "recipient_pattern": "rcpt-to", "sender": "mail-from", "sender_domain": "mail-from", "sender_pattern": "mail-from",
}  # fmt: skip


def pattern_list(paper: Paper) -> Iterator[Line]:
    """One list for the estate: every row that gives mail a way."""
    yield from unread_tables(paper.estate, "#")
    spared: list[Route] = []
    rows = [line for route in paper.estate.routes for line in row_of(paper, route, spared)]
    if paper.estate.routes:
        yield from block(f"pattern-list {paper.named('routes')}", rows, why="the first row that fits counts")
        yield Line("")


def row_of(paper: Paper, route: Route, spared: list[Route]) -> Iterator[Line]:
    """A row whose pattern has no equal may concern any mail, so that all mail that reaches it waits.

    A row of transport_maps that changes nothing goes to `spared`: rows for recipients behind it leave its mail out.
    """
    if is_processed(route):
        return
    left_out = [each for each in spared if may_share(each, route)]
    try:
        text = test_of(route, left_out)
        if is_left_to_defaults(paper.estate, route):
            spared.append(route)
            return
        text = f"{text} virtual-mta={target_of(paper, route)}"
    except UnwritableError as unwritable:
        if route.match is Match.HEADER_PATTERN:
            paper.refuse(route.origin, route.key, str(unwritable))
            return
        paper.refuse(route.origin, route.key, f"{unwritable} {ALL_WAITS}")
        text = f"{ANY} virtual-mta={paper.wait(route.origin)}"
    yield Line(text, (route.origin, *(each.origin for each in left_out)), is_bare=True)


def target_of(paper: Paper, route: Route) -> str:
    """The virtual MTA of a row; one that changes nothing has that of its mail without its table."""
    if is_of_its_own(paper, route):
        return way_name(paper, route)
    if route.transport:
        return paper.named(route.transport)
    other = next((each for each in paper.estate.routes if decides_with(each, route)), None)
    if other and not other.is_no_change:
        return target_of(paper, other)
    if default := default_of(paper.estate):
        return way_name(paper, default)
    name = paper.estate.default_transport.value.partition(":")[0]
    return paper.named(name) if paper.has(name) else paper.wait(route.origin)


def decides_with(other: Route, route: Route) -> bool:
    """Whether a row of the other table of senders concerns the sender of this one."""
    if {other.parameter, route.parameter} != {SENDER_TRANSPORTS, SENDER_RELAYS}:
        return False
    keys = {Match.SENDER: route.key, Match.SENDER_DOMAIN: route.key.rpartition("@")[2]}
    return other.match is Match.EVERY_SENDER or other.key.lower() == keys.get(other.match, "").lower() != ""


def may_share(spared: Route, route: Route) -> bool:
    """Whether one recipient may be meant by both rows; those of main.cf stand behind what changes nothing."""
    if route.parameter in {DEFAULT, RELAYED}:
        return False
    if WHAT.get(route.match, "rcpt-to") != "rcpt-to" or route.match is Match.EVERY_SENDER:
        return False
    key, other = spared.key.lower(), route.key.lower()
    if route.match is Match.RECIPIENT_DOMAIN and spared.match in {Match.RECIPIENT, Match.RECIPIENT_DOMAIN}:
        return key.rpartition("@")[2] == other
    if route.match is Match.RECIPIENT_SUBDOMAINS and spared.match in {Match.RECIPIENT, Match.RECIPIENT_DOMAIN}:
        return key.rpartition("@")[2].endswith(f".{other}")
    return route.match is not Match.HEADER_PATTERN


def test_of(route: Route, left_out: Sequence[Route]) -> str:
    """`rcpt-to /pattern/` or `header name /pattern/`, without what is left out."""
    if left_out:
        without = "".join(f"(?!{ahead(each)})" for each in left_out)
        return f"rcpt-to /(?s)^{without}{ahead(route)}/"
    if route.match in WHOLE:
        return ANY
    if route.pattern:
        patterns = (*route.conditions, route.pattern)
        if route.match == "header_pattern":
            name, rest = header_of(patterns)
            return f"header {name} {matcher(rest)}"
        return f"{WHAT[route.match]} {matcher(patterns)}"
    return f"{WHAT[route.match]} /(?i){fixed(route)}/"


def fixed(route: Route) -> str:
    return f"{BEFORE.get(route.match, '^')}{literal(route.key)}$"


def ahead(route: Route) -> str:
    """The test of a row from the beginning of an address on, of which nothing is taken."""
    if route.pattern:
        return lookaheads((*route.conditions, route.pattern))
    return "(?=.*@)" if route.match in WHOLE else f"(?=.*(?i:{fixed(route)}))"
