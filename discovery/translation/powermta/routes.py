"""Rows that choose a way out: a pattern list in Postfix's order (guide 3.3.14)."""

from collections.abc import Iterator

from discovery.translation.emission import Line
from discovery.translation.powermta.exits import NO_LMTP, detour_name, is_of_its_own
from discovery.translation.powermta.paper import Paper, block
from discovery.translation.powermta.words import UnwritableError, header_of, literal, matcher
from discovery.translation.sending import Route

REJECTED = "PowerMTA has no refusal with a text of its own; the domain can be left out of what may be relayed."
PROGRAM = "A program takes this mail here. PowerMTA starts programs with other words: its call has to be written anew."
LOCAL = "Mailboxes and aliases of the host stay behind a mail server that has them."
HELD = "PowerMTA holds no mail by a row; a queue can be paused by hand."
WHY_NOT = {"reject": REJECTED, "run": PROGRAM, "deliver_here": LOCAL, "hold": HELD}
PROCESSED = frozenset({"bounce_processor", "fbl_reader"})
WHOLE = frozenset({"everything", "every_sender"})
BEFORE = {"recipient_domain": "@", "sender_domain": "@", "recipient_subdomains": "@(?:.*\\.)?[^.@]+\\."}
WHAT = {
    "recipient": "rcpt-to", "recipient_domain": "rcpt-to", "recipient_subdomains": "rcpt-to",
    "recipient_pattern": "rcpt-to", "sender": "mail-from", "sender_domain": "mail-from", "sender_pattern": "mail-from",
}  # fmt: skip


def pattern_list(paper: Paper) -> Iterator[Line]:
    """One list for the estate; what it cannot express is refused row by row."""
    rows = [line for route in paper.estate.routes for line in row_of(paper, route)]
    if paper.estate.routes:
        yield from block(f"pattern-list {paper.named('routes')}", rows, why="the first row that fits counts")
        yield Line("")


def row_of(paper: Paper, route: Route) -> Iterator[Line]:
    if route.action in WHY_NOT:
        if route.purpose not in PROCESSED:
            paper.refuse(route.origin, f"{route.key} {route.transport}:{route.text}", WHY_NOT[route.action])
        return
    if route.match in WHOLE or not needs_row(route):
        return
    yield from paper.tried(route.origin, route.key, selecting, paper, route)


def needs_row(route: Route) -> bool:
    """A whole domain that keeps its way out, or is thrown away, is settled by its <domain>."""
    return is_of_its_own(route) or (route.action == "send" and bool(route.transport))


def selecting(paper: Paper, route: Route) -> Iterator[Line]:
    if not is_of_its_own(route) and not paper.has(route.transport):
        raise UnwritableError(NO_LMTP)
    target = detour_name(paper, route) if is_of_its_own(route) else paper.named(route.transport)
    yield Line(f"{test_of(route)} virtual-mta={target}", (route.origin,), is_bare=True)


def test_of(route: Route) -> str:
    """`rcpt-to /pattern/` or `header name /pattern/`."""
    if route.pattern:
        patterns = (*route.conditions, route.pattern)
        if route.match == "header_pattern":
            name, rest = header_of(patterns)
            return f"header {name} {matcher(rest)}"
        return f"{WHAT[route.match]} {matcher(patterns)}"
    before = BEFORE.get(route.match, "^")
    return f"{WHAT[route.match]} /(?i){before}{literal(route.key)}$/"
