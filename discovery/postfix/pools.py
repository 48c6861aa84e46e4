"""Groups of transports, or of next hops, that seem to share one task."""

import re
from collections.abc import Iterable, Iterator, Sequence

from discovery.postfix.braces import inside_braces, split_outside_braces
from discovery.postfix.estate_facts import Pool, SendingAddress
from discovery.postfix.facts import Transport
from discovery.postfix.maps import Expand, Origin
from discovery.postfix.routes import NO_DELIVERY, Choice, split_target
from discovery.postfix.sending import bound_to

RANDMAP = re.compile(r"randmap:\s*(?=\{)")
NUMBERED = re.compile(r"^(?P<stem>.*?[A-Za-z])(?P<between>[-_]?)(?P<number>\d{1,4})$")
RELAYS = re.compile(r"(^|_)(relayhost|relay_transport|default_transport|fallback_relay)$")
FEWEST = 2
MOST_NAMED = 4


def pools_of(
    values: Sequence[Origin],
    expander: Expand,
    transports: Sequence[Transport],
    choices: Sequence[Choice],
    addresses: Sequence[SendingAddress],
) -> tuple[Pool, ...]:
    """Certain ones first; numbered transports that a random table names already are not named twice."""
    custom = {each.name: each for each in transports if each.is_custom and each.program in {"smtp", "lmtp"}}
    pools = list(random_pools(values, expander, addresses))
    pools += next_hop_pools(values, expander, choices)
    taken = {frozenset(pool.members) for pool in pools}
    pools += [each for each in numbered_pools(custom.values(), addresses) if not within(each.members, taken)]
    return tuple(once(pools))


def once(pools: Iterable[Pool]) -> Iterator[Pool]:
    """A pool that is named by a parameter and used by another is one pool, under the first name."""
    seen: set[tuple[str, ...]] = set()
    for pool in pools:
        if pool.members not in seen:
            seen.add(pool.members)
            yield pool


def within(members: Sequence[str], groups: Iterable[frozenset[str]]) -> bool:
    return any(set(members) <= group for group in groups)


def random_pools(values: Sequence[Origin], expander: Expand, addresses: Sequence[SendingAddress]) -> Iterator[Pool]:
    """`randmap:{a:,b:}`: Postfix picks one of these for each lookup."""
    for origin in values:
        value = expander(origin.value) if "randmap" in expander(origin.value) else ""
        for found in RANDMAP.finditer(value):
            targets = split_outside_braces(inside_braces(value[found.end() :])[0])
            members = tuple(member_of(target) for target in targets)
            if len(members) >= FEWEST:
                yield Pool(
                    name=origin.name.removeprefix("pool_").removesuffix("_pool"),
                    kind="random",
                    members=members,
                    addresses=tuple(each for member in members for each in bound_to(addresses, member)),
                    confidence="certain",
                    reason=f"The parameter {origin.name} picks one of {len(members)} at random",
                    file=origin.file,
                    line=origin.line_of("randmap"),
                )


def member_of(target: str) -> str:
    """The transport, or the next hop when the transport is one of Postfix's own."""
    transport, nexthop = split_target(target)
    return nexthop if nexthop and transport in {"smtp", "relay", ""} else transport


def next_hop_pools(values: Sequence[Origin], expander: Expand, choices: Sequence[Choice]) -> Iterator[Pool]:
    """Several next hops in one place: Postfix tries them in turn."""
    relays = [origin for origin in values if RELAYS.search(origin.name)]
    named = [(each.name, expander(each.value), each.file, each.line_of("")) for each in relays]
    named += [(choice.key, choice.nexthop, choice.file, choice.line) for choice in choices if "," in choice.nexthop]
    for name, text, file, line in named:
        hops = tuple(split_outside_braces(text))
        if len(hops) >= FEWEST and split_target(text)[0] not in NO_DELIVERY:
            reason = f"For {name} there are {len(hops)} next hops, which are tried in turn"
            yield Pool(name, "next_hops", hops, (), "certain", reason, file, line)


def numbered_pools(transports: Iterable[Transport], addresses: Sequence[SendingAddress]) -> Iterator[Pool]:
    """`news1`, `news2`, `news3`: one stem with numbers; likely a pool when each has an address of its own."""
    stems: dict[str, list[Transport]] = {}
    for transport in transports:
        if found := NUMBERED.match(transport.name):
            stems.setdefault(found["stem"], []).append(transport)
    for stem, members in stems.items():
        if len(members) < FEWEST:
            continue
        names = tuple(member.name for member in members)
        bound = tuple(address for name in names for address in bound_to(addresses, name))
        is_apart = len(set(bound)) >= FEWEST
        shown = ", ".join(names[:MOST_NAMED]) + (" and more" if len(names) > MOST_NAMED else "")
        yield Pool(
            name=stem,
            kind="numbered",
            members=names,
            addresses=bound,
            confidence="likely" if is_apart else "guess",
            reason=f"The transports {shown} differ by number"
            + (" and send from addresses of their own" if is_apart else ""),
            file=members[0].file,
            line=members[0].line,
        )
