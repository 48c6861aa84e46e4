"""transport_maps and its kin as `routes.lua`, which mail_routing.lua asks in the order of trivial-rewrite(8)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from discovery.postfix.routes import RECIPIENT_TRANSPORTS, SENDER_RELAYS, SENDER_TRANSPORTS, split_target
from discovery.translation.emission import Line, TargetFile, indented
from discovery.translation.kumomta.addresses import address_lines
from discovery.translation.kumomta.blocks import Row, block_lines
from discovery.translation.kumomta.domains import is_read
from discovery.translation.kumomta.expressions import UnequalError
from discovery.translation.kumomta.quoting import lua_string
from discovery.translation.kumomta.rules import tests_of
from discovery.translation.kumomta.sheet import Sheet, of
from discovery.translation.sending import Action, Match, Origin, Route, Stated
from discovery.translation.sending.next_hops import UnreadableHopError, next_hops_of
from discovery.translation.sending.own_domains import OWN_DOMAINS
from discovery.translation.unread_tables import unread_tables

PATH = "routes.lua"
ON = {
    Match.EVERYTHING: "everything",
    Match.EVERY_SENDER: "everything",
    Match.RECIPIENT: "keys",
    Match.SENDER: "keys",
    Match.RECIPIENT_DOMAIN: "domain",
    Match.SENDER_DOMAIN: "domain",
    Match.RECIPIENT_SUBDOMAINS: "subdomains",
    Match.RECIPIENT_PATTERN: "pattern",
    Match.SENDER_PATTERN: "pattern",
}
WHOLE = frozenset(
    {
        Match.RECIPIENT,
        Match.RECIPIENT_PATTERN,
        Match.SENDER,
        Match.SENDER_PATTERN,
        Match.EVERY_SENDER,
    }
)
LISTS = {RECIPIENT_TRANSPORTS: "recipients", SENDER_TRANSPORTS: "sender_transports", SENDER_RELAYS: "sender_relays"}
BY_NAME = {"error": Action.REJECT, "retry": Action.HOLD, "discard": Action.DISCARD}
FREE = "The way is put together from the address by $ parts, which is not carried over."
NOT_HERE = "KumoMTA sends mail and keeps none: {} has no equal, so mail for it is refused for a while with this reason."
NO_WAY = "There is no way out of this name, so mail for it is refused for a while with this reason."
SAID = {Action.RUN: "a program that takes mail", Action.DELIVER_HERE: "delivery to a mailbox of this host"}
OWN_FALLBACK = "This way out has a fallback of its own; only the one of main.cf is carried over."
BARE = "KumoMTA takes addresses as they come, and adds no domain to a bare name."
UNREACHED = "451 4.3.5 this way has not been carried over"
ALL_WAITS = "It may concern any mail, so all mail that no earlier row takes is refused for a while with this reason."
TABLE = "A list of domains in a table has to be written out here."
EVERY_KEY = "every key"


def routes_file(sheets: Iterable[Sheet]) -> TargetFile:
    """The ways of all instances, the content of their address tables included."""
    lines = [Line("local M = {}", why="the ways are handed over as one table, by instance"), Line("")]
    for sheet in sheets:
        origin = sheet.estate.sources[0].origin if sheet.estate.sources else None
        opening = f"M[{lua_string(sheet.estate.name)}] = {{"
        lines.append(Line(opening, (origin,) if origin else (), "every instance has its ways"))
        lines += indented(instance_lines(sheet))
        lines += [Line("}"), Line("")]
    return TargetFile(PATH, "--", (*lines, Line("return M", why="Lua asks for it")))


def instance_lines(sheet: Sheet) -> Iterator[Line]:
    estate = sheet.estate
    yield of(f"delimiter = {lua_string(estate.recipient_delimiter.value)},", estate.recipient_delimiter)
    yield of(f"default = {default_target(sheet, estate.default_transport)},", estate.default_transport)
    yield of(f"relay = {default_target(sheet, estate.relay_transport)},", estate.relay_transport)
    yield from relays(sheet)
    sheet.refuse(estate.origin_domain.origin, estate.origin_domain.value, BARE)
    yield from domains(sheet)
    yield from unread_tables(estate, "--")
    for parameter, name in LISTS.items():
        routes = [route for route in estate.routes if listed_in(route) == parameter]
        whole = [route for route in routes if is_whole(route)]
        rest = [route for route in routes if not is_whole(route)]
        if routes:
            yield Line(f"{name} = {{", (routes[0].origin,))
            yield from indented(block_lines("whole", rows_of(sheet, whole)))
            yield from indented(block_lines("rest", rows_of(sheet, rest)))
            yield Line("},")
    yield from address_lines(sheet)


def is_whole(route: Route) -> bool:
    """Whether it is asked with the whole address; domains of this host never come before rows of transport_maps."""
    return route.parameter not in OWN_DOMAINS and (route.match in WHOLE or route.origin.name == EVERY_KEY)


def listed_in(route: Route) -> str:
    """Domains of this host are asked for behind the rows of transport_maps."""
    return RECIPIENT_TRANSPORTS if route.parameter in OWN_DOMAINS else route.parameter


def relays(sheet: Sheet) -> Iterator[Line]:
    """Relayhost and smtp_fallback_relay; a relayhost that is set to nothing is written as nil.

    Mail for a relayhost that is not reached is refused for a while: its recipients' own hosts were never meant.
    """
    estate = sheet.estate
    hop = sheet.hop(estate.relay_hosts.value, estate.relay_hosts.origin, "relayhost")
    if estate.relay_hosts.value and not hop:
        yield of(f"relay_lost = {refusal(UNREACHED)},", Stated("", estate.relay_hosts.origin))
    if hop or (estate.relay_hosts.origin and not estate.relay_hosts.value):
        yield of(f"relay_hop = {lua_string(hop) if hop else 'nil'},", Stated("", estate.relay_hosts.origin))
    fallback = sheet.hop(estate.fallback_relays.value, estate.fallback_relays.origin, "smtp_fallback_relay")
    if fallback or (estate.fallback_relays.origin and not estate.fallback_relays.value):
        text = f"fallback_hop = {lua_string(fallback) if fallback else 'nil'},"
        yield of(text, Stated("", estate.fallback_relays.origin))
    if fallback or any(source.fallback_relay.origin for source in estate.sources):
        yield from without_fallback(sheet)


def without_fallback(sheet: Sheet) -> Iterator[Line]:
    """Transports whose own `-o smtp_fallback_relay=` takes the fallback away, and those that speak LMTP."""
    yield Line("without_fallback = {", why="these ways out have no fallback")
    for source in sheet.estate.sources:
        stated, common = source.fallback_relay, sheet.estate.fallback_relays.origin
        is_own = bool(stated.value and stated.origin and stated.origin != common)
        if is_own:
            sheet.refuse(stated.origin, stated.value, OWN_FALLBACK)
        if source.program == "lmtp" or not stated.value or is_own:
            yield Line(f"  [{lua_string(sheet.named(source.name))}] = true,", (stated.origin or source.origin,))
    yield Line("},")


def domains(sheet: Sheet) -> Iterator[Line]:
    """relay_domains, whose mail goes out by relay_transport."""
    rows = []
    for domain in sheet.estate.relay_domains:
        if ":" in domain.value or domain.value.startswith("!"):
            sheet.refuse(domain.origin, domain.value, TABLE)
        elif domain.origin:
            rows.append(Line(f"  [{lua_string(domain.value.lower())}] = true,", (domain.origin,)))
    if rows:
        yield Line("relay_domains = {", rows[0].origins)
        yield from rows
        yield Line("},")


def rows_of(sheet: Sheet, routes: Iterable[Route]) -> Iterator[Row]:
    """Every route; whatever an expression without an equal may take is refused for a while with all that reaches it."""
    for route in routes:
        if is_read(route):
            continue
        patterns = (*route.conditions, route.pattern) if route.pattern else ()
        try:
            tests_of(patterns, is_text_filled=False)
        except UnequalError as unequal:
            sheet.refuse(route.origin, route.key, f"{unequal} {ALL_WAITS}")
            yield Row("everything", route.key, refusal(UNREACHED), route.origin)
            continue
        yield Row(ON[route.match], route.key, target_of(sheet, route), route.origin, patterns)


def target_of(sheet: Sheet, route: Route) -> str:
    """The Lua value of a way: what is done, and with which transport and next hop.

    Mail for a way that cannot be carried over is refused for a while, and the reason is told: it never goes elsewhere.
    """
    said = (route.transport, route.text, *(hop.host for hop in route.next_hops))
    if route.pattern and any("$" in each for each in said):
        sheet.refuse(route.origin, route.key, FREE)
        return refusal(UNREACHED)
    if route.action in SAID:
        sheet.refuse(route.origin, route.key, NOT_HERE.format(SAID[route.action]))
        return refusal(UNREACHED)
    if route.action is not Action.SEND:
        return f'{{ action = "{route.action}", text = {lua_string(route.text)} }}'
    if route.transport and route.transport not in sheet.ways_out:
        sheet.refuse(route.origin, route.transport, NO_WAY)
        return refusal(UNREACHED)
    hop = sheet.hop(route.next_hops, route.origin, route.key)
    return refusal(UNREACHED) if route.next_hops and not hop else sending(sheet, route.transport, hop)


def sending(sheet: Sheet, transport: str, hop: str) -> str:
    fields = ['action = "send"']
    fields += [f"transport = {lua_string(sheet.named(transport))}"] if transport else []
    fields += [f"hop = {lua_string(hop)}"] if hop else []
    return f"{{ {', '.join(fields)} }}"


def refusal(text: str) -> str:
    return f'{{ action = "{Action.HOLD}", text = {lua_string(text.removeprefix("451 "))} }}'


def default_target(sheet: Sheet, stated: Stated[str]) -> str:
    """default_transport or relay_transport: `transport:nexthop`."""
    transport, rest = split_target(stated.value)
    origin = stated.origin or Origin("", 0, "")
    if transport in BY_NAME and transport not in sheet.ways_out:
        return f'{{ action = "{BY_NAME[transport]}", text = {lua_string(rest)} }}'
    try:
        hops = tuple(next_hops_of(rest))
    except UnreadableHopError as unreadable:
        sheet.refuse(stated.origin, stated.value, str(unreadable))
        return refusal(UNREACHED)
    route = Route(Match.EVERYTHING, stated.value, Action.SEND, transport, hops, "", origin)
    if stated.origin is None and transport not in sheet.ways_out:
        return refusal(UNREACHED)
    return target_of(sheet, route)


def filter_target(sheet: Sheet, origin: Origin) -> str:
    """Where the FILTER on a line leads, "" when that is refused already."""
    for route in sheet.estate.routes:
        if route.origin == origin and route.match is Match.HEADER_PATTERN:
            return target_of(sheet, replace(route, pattern=None))
    return ""
