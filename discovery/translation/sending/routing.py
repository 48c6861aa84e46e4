"""Rows that choose a way out, in the order in which Postfix would let them decide.

trivial-rewrite(8): transport_maps, then sender_dependent_default_transport_maps, then default_transport. A FILTER of
cleanup(8) or smtpd(8) overrides all of them. In transport_maps the whole address is asked in every table first, then
its domain, then the domains above it, then `*` (transport(5)); patterns see the whole address only.
"""

from collections.abc import Iterator
from dataclasses import replace

from discovery.postfix import MapUse
from discovery.postfix.braces import inside_braces, split_outside_braces
from discovery.postfix.pools import member_of
from discovery.postfix.routes import FILTER_ACTION, RECIPIENT_TRANSPORTS, SENDER_RELAYS, SENDER_TRANSPORTS, split_target
from discovery.translation.sending.desk import EVERY_KEY, Desk, written
from discovery.translation.sending.model import Action, Expression, Match, NextHop, Origin, Route, Stated
from discovery.translation.sending.next_hops import UnreadableHopError, next_hops_of
from discovery.translation.sending.own_domains import OWN_DOMAINS, own_domains, with_own
from discovery.translation.sending.patterns import is_pattern_table, pattern_rows

RANKS = {
    Match.HEADER_PATTERN: 0,
    Match.RECIPIENT: 1,
    Match.RECIPIENT_PATTERN: 1,
    Match.RECIPIENT_DOMAIN: 2,
    Match.RECIPIENT_SUBDOMAINS: 3,
    Match.EVERYTHING: 4,
    Match.SENDER: 5,
    Match.SENDER_PATTERN: 5,
    Match.EVERY_SENDER: 5,
    Match.SENDER_DOMAIN: 6,
}
ACTIONS = {
    "error": Action.REJECT,
    "retry": Action.HOLD,
    "discard": Action.DISCARD,
    "local": Action.DELIVER_HERE,
    "virtual": Action.DELIVER_HERE,
    "pipe": Action.RUN,
    "smtp": Action.SEND,
    "lmtp": Action.SEND,
}
UNKNOWN = "The transport {} stands in no line of master.cf, so mail for it stays in the queue."
BARE_USER = "A key without a domain is never asked here, so the row does nothing."
NO_POOL = "The members of this random table are no transports of master.cf, so there is no pool to draw from."
NOT_CARRIED = "4.3.5 this way has not been carried over"
ALWAYS = frozenset({"static", "randmap"})
ALIASES_ONLY = (
    "Postfix refuses addresses of this domain that are no aliases. Whether all its aliases are carried over is for "
    "people to say, so such mail is refused for a while."
)
NOWHERE = NextHop("", 0, is_mx_looked_up=False)  # no target reaches it, so that its mail is not sent another way
NO_CHANGE = "DUNNO"  # ends the search of a sender's row and changes nothing (postconf(5))
HEADER_TABLES = ("header_checks", "mime_header_checks", "nested_header_checks", "body_checks")


def routes_of(desk: Desk) -> tuple[Route, ...]:
    """Every row, the one that decides first in front; rows of one rank keep the order of the tables."""
    return with_own(sorted(all_routes(desk), key=rank_of))


def rank_of(route: Route) -> tuple[int, int, int]:
    """A table that answers every key does so when the whole address is asked, before any domain is.

    Domains of this host come behind all of transport_maps, and before what the sender decides; a last row of
    transport_maps that changes nothing leaves them as they are. The nearest of the domains above is asked first.
    """
    if route.parameter in OWN_DOMAINS:
        return RANKS[Match.EVERYTHING], 1, 0
    if route.origin.name == EVERY_KEY:
        return RANKS[Match.RECIPIENT if route.match is Match.EVERYTHING else Match.SENDER], 0, 0
    if route.match is Match.RECIPIENT_SUBDOMAINS:
        return RANKS[route.match], 0, -route.key.count(".")
    return RANKS[route.match], 2 if route.match is Match.EVERYTHING and route.is_no_change else 0, 0


def all_routes(desk: Desk) -> Iterator[Route]:
    for table in desk.tables(*HEADER_TABLES):
        yield from of_parameter(table, header_routes(desk, table))
    for table in desk.tables(RECIPIENT_TRANSPORTS, SENDER_TRANSPORTS, SENDER_RELAYS):
        yield from of_parameter(table, rows_of(desk, table))
    for parameter, transport in OWN_DOMAINS.items():
        target = desk.text(desk.scope, transport).value if transport else ""
        for route in own_routes(desk, parameter, target):
            yield replace(route, parameter=parameter)


def own_routes(desk: Desk, parameter: str, target: str) -> Iterator[Route]:
    """Mail that ends on this host: elsewhere it would be sent back to this host, or to strangers."""
    for domain in own_domains(desk, parameter):
        if not target:
            desk.refuse(domain.origin, domain.key, ALIASES_ONLY)
        if domain.is_lost or not target:
            route = held(domain.match, domain.origin, domain.patterns, domain.conditions)
        else:
            route = route_of(desk, domain.match, domain.origin, target, domain.patterns, domain.conditions)
        yield route if domain.patterns else replace(route, key=domain.key)


def of_parameter(table: MapUse, routes: Iterator[Route]) -> Iterator[Route]:
    """The routes of a table, with the parameter that names it."""
    yield from (replace(route, parameter=table.parameter) for route in routes)


def header_routes(desk: Desk, table: MapUse) -> Iterator[Route]:
    """FILTER actions of header_checks, by which applications often choose a stream."""
    for row in pattern_rows(desk, table) if is_pattern_table(table) else ():
        found = FILTER_ACTION.match(row.value)
        if row.op == "match" and found:
            yield route_of(desk, Match.HEADER_PATTERN, row.origin, found["target"], row.patterns, row.conditions)


def rows_of(desk: Desk, table: MapUse) -> Iterator[Route]:
    is_sender = table.parameter != RECIPIENT_TRANSPORTS
    is_relay = table.parameter == SENDER_RELAYS
    if table.kind in ALWAYS:
        match = Match.EVERY_SENDER if is_sender else Match.EVERYTHING
        at = Origin(table.file, table.line, EVERY_KEY)
        target = target_of(desk, table)
        yield route_of(desk, match, at, f":{target}" if is_relay else target) if target else held(match, at)
    elif is_pattern_table(table):
        match = Match.SENDER_PATTERN if is_sender else Match.RECIPIENT_PATTERN
        for row in pattern_rows(desk, table):
            if row.op == "match":
                target = written_target(row.value, is_sender=is_sender, is_relay=is_relay)
                yield route_of(desk, match, row.origin, target, row.patterns, row.conditions)
    else:
        for entry, origin in desk.rows(table):
            kind = match_of(entry.key, is_sender=is_sender)
            if kind is None:
                desk.refuse(origin, entry.key, BARE_USER)
                continue
            target = written_target(entry.value, is_sender=is_sender, is_relay=is_relay)
            yield route_of(desk, kind, origin, target)


def written_target(value: str, *, is_sender: bool, is_relay: bool) -> str:
    """`transport:nexthop` of a row; a relay table names the next hop alone."""
    if is_sender and value.strip() == NO_CHANGE:
        return ":"
    return f":{value}" if is_relay else value


def target_of(desk: Desk, table: MapUse) -> str:
    """The one answer of `static:` or of a random table: the pool that it draws from, "" with a refusal for none."""
    if table.kind == "static":
        return written(table.path)
    members = [member_of(each) for each in split_outside_braces(inside_braces(table.path)[0])]
    pools = [pool.name for pool in desk.instance.pools if pool.kind == "random" and list(pool.members) == members]
    if not pools:
        desk.refuse(Origin(table.file, table.line, table.parameter), table.path, NO_POOL)
    return f"{pools[0]}:" if pools else ""


def match_of(key: str, *, is_sender: bool) -> Match | None:
    """What a text key is about; None for a key that is never asked."""
    user, at, domain = key.rpartition("@")
    if at and user and domain:
        return Match.SENDER if is_sender else Match.RECIPIENT
    if is_sender:
        return Match.SENDER_DOMAIN if at and domain else None
    if at:
        return None
    if key == "*":
        return Match.EVERYTHING
    return Match.RECIPIENT_SUBDOMAINS if key.startswith(".") else Match.RECIPIENT_DOMAIN


def route_of(
    desk: Desk,
    match: Match,
    origin: Origin,
    target: str,
    patterns: tuple[Expression, ...] = (),
    conditions: tuple[Expression, ...] = (),
) -> Route:
    """The route of one row; mail waits, and a refusal says why, when its target cannot be carried over."""
    transport, rest = split_target(target.strip())
    program = program_of(desk, transport)
    if program is None:
        desk.refuse(origin, target, UNKNOWN.format(transport))
        return held(match, origin, patterns, conditions)
    action = ACTIONS[program]
    hops: tuple[NextHop, ...] = ()
    if action is Action.SEND:
        try:
            hops = tuple(next_hops_of(rest))
        except UnreadableHopError as unreadable:
            desk.refuse(origin, target, str(unreadable))
            return held(match, origin, patterns, conditions)
    text = "" if action is Action.SEND else rest
    pattern, more = (patterns[0], patterns[1:]) if patterns else (None, ())
    purpose = purpose_of(desk, transport) if action is Action.RUN else ""
    key = key_of(origin, patterns)
    return Route(match, key, action, transport, hops, text, origin, pattern, (*conditions, *more), purpose)


def held(
    match: Match, origin: Origin, patterns: tuple[Expression, ...] = (), conditions: tuple[Expression, ...] = ()
) -> Route:
    """A row whose way cannot be carried over: its mail waits, and never takes the way of other mail."""
    pattern, more = (patterns[0], patterns[1:]) if patterns else (None, ())
    key = key_of(origin, patterns)
    return Route(match, key, Action.HOLD, "", (), NOT_CARRIED, origin, pattern, (*conditions, *more))


def key_of(origin: Origin, patterns: tuple[Expression, ...]) -> str:
    return origin.name if patterns else origin.name.removeprefix("@").removeprefix(".")


def purpose_of(desk: Desk, transport: str) -> str:
    """What the program behind a pipe(8) transport seems to be, or "" when it is not in the upload."""
    sources = {each.script_source for each in desk.instance.transports if each.name == transport}
    return next((script.kind for script in desk.instance.scripts if script.path in sources), "")


def program_of(desk: Desk, transport: str) -> str | None:
    """The daemon behind a transport, smtp for "as it is", None for one that no line of master.cf starts."""
    if not transport or any(pool.name == transport and pool.kind == "random" for pool in desk.instance.pools):
        return "smtp"
    commands = (each.command for each in desk.services if each.name == transport and each.kind == "unix")
    command = next(commands, None)
    if command == "error" and transport == "retry":
        return "retry"  # error(8) answers for a while when its service is called so
    return command if command in ACTIONS else None


def hops_of(desk: Desk, stated: Stated[str]) -> Stated[tuple[NextHop, ...]]:
    """The hosts of relayhost or smtp_fallback_relay; a value that cannot be read is refused and leads nowhere."""
    try:
        return Stated(tuple(next_hops_of(stated.value)), stated.origin)
    except UnreadableHopError as unreadable:
        if stated.origin:
            desk.refuse(stated.origin, stated.value, str(unreadable))
        return Stated((NOWHERE,), stated.origin)
