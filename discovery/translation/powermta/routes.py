"""Rows that choose a way out: a pattern list in Postfix's order (guide 3.3.14)."""

from collections.abc import Iterator

from discovery.translation.emission import Line
from discovery.translation.powermta.paper import Paper, block
from discovery.translation.powermta.ways import is_of_its_own, way_name
from discovery.translation.powermta.words import UnwritableError, header_of, literal, matcher
from discovery.translation.sending import Action, Match, Route

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
    rows = [line for route in paper.estate.routes for line in row_of(paper, route)]
    if paper.estate.routes:
        yield from block(f"pattern-list {paper.named('routes')}", rows, why="the first row that fits counts")
        yield Line("")


def row_of(paper: Paper, route: Route) -> Iterator[Line]:
    """A row whose pattern has no equal may concern any mail, so that all mail that reaches it waits."""
    if not (is_of_its_own(paper, route) or (route.action is Action.SEND and route.transport)):
        return
    target = way_name(paper, route) if is_of_its_own(paper, route) else paper.named(route.transport)
    try:
        text = f"{test_of(route)} virtual-mta={target}"
    except UnwritableError as unwritable:
        if route.match is Match.HEADER_PATTERN:
            paper.refuse(route.origin, route.key, str(unwritable))
            return
        paper.refuse(route.origin, route.key, f"{unwritable} {ALL_WAITS}")
        text = f"{ANY} virtual-mta={paper.wait(route.origin)}"
    yield Line(text, (route.origin,), is_bare=True)


def test_of(route: Route) -> str:
    """`rcpt-to /pattern/` or `header name /pattern/`."""
    if route.match in WHOLE:
        return ANY
    if route.pattern:
        patterns = (*route.conditions, route.pattern)
        if route.match == "header_pattern":
            name, rest = header_of(patterns)
            return f"header {name} {matcher(rest)}"
        return f"{WHAT[route.match]} {matcher(patterns)}"
    before = BEFORE.get(route.match, "^")
    return f"{WHAT[route.match]} /(?i){before}{literal(route.key)}$/"
