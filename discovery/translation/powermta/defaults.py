"""default_transport and relay_transport with next hops of their own, as the last rows that choose a way.

Postfix prefers a next hop in these two to relayhost and to the relay of the sender (postconf(5)).
"""

from collections.abc import Iterator
from dataclasses import replace

from discovery.postfix.routes import RECIPIENT_TRANSPORTS, SENDER_RELAYS, SENDER_TRANSPORTS, split_target
from discovery.translation.sending import Action, Match, Origin, Refusal, Route, SendingEstate, Stated
from discovery.translation.sending.next_hops import UnreadableHopError, next_hops_of
from discovery.translation.sending.routing import NOT_CARRIED, UNKNOWN

DEFAULT, RELAYED = "default_transport", "relay_transport"
SENDERS = frozenset({SENDER_TRANSPORTS, SENDER_RELAYS})
ANSWERS = {"error": Action.REJECT, "retry": Action.HOLD, "discard": Action.DISCARD}
OVERRIDDEN = (
    "default_transport names a next hop, which Postfix prefers to this row unless a table chooses the sender's "
    "transport; the row is not carried over."
)


def with_defaults(estate: SendingEstate) -> SendingEstate:
    """The estate with these rows; what cannot be carried over waits, and a refusal says why."""
    refusals: list[Refusal] = []
    relayed = tuple(of_relay_domains(estate, refusals))
    default = tuple(of_everything(estate, refusals))
    overridden = {SENDER_RELAYS} if default else set()
    routes = tuple(each for each in estate.routes if each.parameter not in overridden)
    refusals += [Refusal(each.origin, each.key, OVERRIDDEN) for each in estate.routes if each.parameter in overridden]
    at = next((number for number, route in enumerate(routes) if route.parameter in SENDERS), len(routes))
    routes = (*routes[:at], *relayed, *routes[at:], *default)
    return replace(estate, routes=routes, refusals=tuple(dict.fromkeys((*estate.refusals, *refusals))))


def of_everything(estate: SendingEstate, refusals: list[Refusal]) -> Iterator[Route]:
    """One row where default_transport names a next hop; without one its virtual MTA is that of the entrance."""
    stated = estate.default_transport
    transport, rest = split_target(stated.value)
    is_by_smtp = transport in names_of(estate) - {each.name for each in estate.sources if each.program == "lmtp"}
    if stated.origin and rest and is_by_smtp:
        yield written(estate, stated, stated.origin, DEFAULT, refusals)


def of_relay_domains(estate: SendingEstate, refusals: list[Refusal]) -> Iterator[Route]:
    """A relay domain and those below it, where relay_transport is set."""
    stated = estate.relay_transport
    domains = [each.value.lower() for each in estate.relay_domains if each.origin and is_domain(each.value)]
    if not stated.origin or not domains:
        return
    route = written(estate, stated, stated.origin, RELAYED, refusals)
    for domain in domains:
        key = domain.removeprefix(".")
        if key == domain:
            yield replace(route, match=Match.RECIPIENT_DOMAIN, key=key)
        yield replace(route, match=Match.RECIPIENT_SUBDOMAINS, key=key)


def is_domain(text: str) -> bool:
    return ":" not in text and not text.startswith("!")


def names_of(estate: SendingEstate) -> frozenset[str]:
    """The transports that send, and the pools."""
    return frozenset((*(each.name for each in estate.sources), *(each.name for each in estate.pools)))


def written(
    estate: SendingEstate, stated: Stated[str], origin: Origin, parameter: str, refusals: list[Refusal]
) -> Route:
    """`transport:nexthop` as a row for all mail."""
    transport, rest = split_target(stated.value)
    row = Route(Match.EVERYTHING, stated.value, Action.HOLD, "", (), NOT_CARRIED, origin, parameter=parameter)
    if transport in ANSWERS and transport not in names_of(estate):
        return replace(row, action=ANSWERS[transport], text=rest)
    if transport not in names_of(estate):
        refusals.append(Refusal(origin, stated.value, UNKNOWN.format(transport)))
        return row
    try:
        return replace(row, action=Action.SEND, transport=transport, next_hops=tuple(next_hops_of(rest)), text="")
    except UnreadableHopError as unreadable:
        refusals.append(Refusal(origin, stated.value, str(unreadable)))
        return row


def default_of(estate: SendingEstate) -> Route | None:
    """The row of default_transport, the last of all."""
    return next((each for each in reversed(estate.routes) if each.parameter == DEFAULT), None)


def is_left_to_defaults(estate: SendingEstate, route: Route) -> bool:
    """Whether a row of transport_maps that changes nothing leaves its mail to rows behind those of its tables."""
    behind = {*SENDERS, DEFAULT, RELAYED}
    return (
        route.is_no_change
        and route.parameter == RECIPIENT_TRANSPORTS
        and any(each.parameter in behind for each in estate.routes)
    )
