"""Streams of mail that seem to be kept apart, each with the lines that show it. People confirm or correct them."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from discovery.postfix.estate_facts import Door, Pool, Reason, SendingAddress, StreamProposal
from discovery.postfix.facts import Service, Transport
from discovery.postfix.routes import NO_DELIVERY, Choice, chosen, split_target
from discovery.postfix.scope import Scope
from discovery.postfix.sending import SENDERS, bound_to

MAIN_PORTS = frozenset({"smtp", "25"})
LOCAL = ("127.", "[::1]", "::1", "localhost", "[127.")
WORDS = {
    "sender": "Mail from {key} is sent by {target}",
    "header": "A header that matches {key} is sent by {target}",
    "access": "What matches {key} is sent by {target}",
}
LONGEST_KEY, LONGEST_KEY_OF_ALL, LONGEST_NAME = 80, 200, 100
SHIPPED = frozenset({"", "smtp", "relay"})
MOST_REASONS = 12
RANKS = ("certain", "likely", "guess")


@dataclass(slots=True)
class Draft:
    """A proposal while its reasons are gathered."""

    name: str
    kind: str
    confidence: str
    reasons: list[Reason] = field(default_factory=list)
    transports: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Drafts:
    """All proposals of one instance by key, in the order in which they were met."""

    pools: Mapping[str, Pool]
    known: dict[str, Draft] = field(default_factory=dict)

    def add(self, key: str, draft: Draft, reason: Reason, transports: Iterable[str] = ()) -> None:
        """One more reason for a stream; the surest of its confidences counts."""
        known = self.known.setdefault(key, draft)
        known.confidence = min(known.confidence, draft.confidence, key=RANKS.index)
        if reason not in known.reasons and len(known.reasons) < MOST_REASONS:
            known.reasons.append(reason)
        known.transports.update(dict.fromkeys(transports))

    def add_transport(self, transport: str, confidence: str, reason: Reason) -> None:
        """A reason for the stream of a transport, which is that of its pool when it is in one."""
        pool = self.pools.get(transport)
        if pool:
            draft = Draft(pool.name, "pool", pool.confidence, [Reason(pool.reason, pool.file, pool.line)])
            self.add(f"pool:{pool.name}", draft, reason, pool.members)
        else:
            self.add(f"transport:{transport}", Draft(transport, "transport", confidence), reason, [transport])

    def finished(self) -> Iterator[StreamProposal]:
        for key, draft in self.known.items():
            yield StreamProposal(
                key[:LONGEST_KEY_OF_ALL],
                draft.name[:LONGEST_NAME],
                draft.kind,
                draft.confidence,
                tuple(draft.reasons),
                tuple(draft.transports),
            )


@dataclass(frozen=True, slots=True)
class Sending:
    """What the streams of an instance are read from."""

    services: Sequence[Service]
    transports: Sequence[Transport]
    addresses: Sequence[SendingAddress]
    pools: Sequence[Pool]
    choices: Sequence[Choice]
    doors: Sequence[Door]


def streams_of(sending: Sending, scope: Scope) -> tuple[StreamProposal, ...]:
    """Pools and own transports first, then relays by sender, entrances, and whatever is left."""
    drafts = Drafts({member: pool for pool in sending.pools if pool.kind != "next_hops" for member in pool.members})
    own = {each.name: each for each in sending.transports if each.is_custom and each.program in SENDERS}
    scanners = set(filter_transports(sending.services, scope))
    for choice in chosen(sending.choices, "sender", "header", "access"):
        add_choice(drafts, choice, own)
    for name, transport in own.items():
        if name not in scanners:
            add_own(drafts, transport, sending.addresses)
    for pool in sending.pools:
        if pool.kind == "random" and f"pool:{pool.name}" not in drafts.known:
            why = Reason(pool.reason, pool.file, pool.line)
            drafts.add(f"pool:{pool.name}", Draft(pool.name, "pool", pool.confidence), why, pool.members)
    add_entrances(drafts, sending)
    add_default(drafts, sending, scope)
    return tuple(drafts.finished())


def add_choice(drafts: Drafts, choice: Choice, own: Mapping[str, Transport]) -> None:
    """A row of a sender map, or a FILTER, that sends mail by a transport or a relay of its own."""
    target = f"{choice.transport}:{choice.nexthop}" if choice.nexthop else choice.transport
    key = choice.key[:LONGEST_KEY]
    reason = Reason(WORDS[choice.how].format(key=key, target=target.lstrip(":")), choice.file, choice.line)
    if choice.transport in own:
        drafts.add_transport(choice.transport, "likely", reason)
    elif choice.nexthop and choice.transport in SHIPPED and not is_local(choice.nexthop):
        drafts.add(f"relay:{choice.nexthop}", Draft(f"by {choice.nexthop}", "relay", "likely"), reason)


def add_own(drafts: Drafts, transport: Transport, addresses: Sequence[SendingAddress]) -> None:
    """A transport with an address or a name of its own, or in a pool; one that only sets a pace is no stream."""
    if transport.name in drafts.pools:
        pool = drafts.pools[transport.name]
        drafts.add_transport(transport.name, pool.confidence, Reason(pool.reason, pool.file, pool.line))
    elif transport.bind_addresses:
        bound = ", ".join(bound_to(addresses, transport.name) or transport.bind_addresses)
        why = f"The transport {transport.name} sends from {bound}"
        drafts.add_transport(transport.name, "likely", Reason(why, transport.file, transport.line))
    elif transport.helo_name:
        why = f"The transport {transport.name} greets as {transport.helo_name}"
        drafts.add_transport(transport.name, "likely", Reason(why, transport.file, transport.line))


def add_entrances(drafts: Drafts, sending: Sending) -> None:
    """Listeners besides the first: an own port or address may be an own application."""
    entrances = [door for door in sending.doors if door.direction == "in" and not is_way_back(door)]
    for door in entrances:
        if door.is_submission:
            why = f"People and programs with a login hand in mail at {door.name}"
            drafts.add("listener:submission", Draft("Submission", "listener", "guess"), at(door, why))
        elif door is not entrances[0] and door.port not in MAIN_PORTS:
            why = f"There is an entrance of its own at {door.name}"
            drafts.add(f"listener:{door.name}", Draft(f"Port {door.name}", "listener", "likely"), at(door, why))
            add_handling(drafts, door)


def add_handling(drafts: Drafts, door: Door) -> None:
    """What an entrance does differently: the filter, or the cleanup service, that only its mail goes through."""
    for name, value, file, line in door.settings:
        if name in {"content_filter", "cleanup_service_name"} and value and file == door.file:
            reason = Reason(f"Its mail goes through {value}", file, line)
            drafts.add(f"listener:{door.name}", Draft(f"Port {door.name}", "listener", "likely"), reason)


def at(door: Door, why: str) -> Reason:
    return Reason(why, door.file, door.line)


def is_way_back(door: Door) -> bool:
    """Whether a listener takes back what a content filter has looked at."""
    set_here = {name: value for name, value, file, _ in door.settings if file == door.file}
    is_unfiltered = set_here.get("content_filter") == ""
    is_trusting = not {"receive_override_options", "smtpd_authorized_xforward_hosts"}.isdisjoint(set_here)
    return is_trusting and (is_unfiltered or is_local(door.address))


def is_local(address: str) -> bool:
    return address.startswith(LOCAL)


def add_default(drafts: Drafts, sending: Sending, scope: Scope) -> None:
    """Whatever nothing else takes: every instance that sends has it."""
    value = scope.get("default_transport")
    transport, _ = split_target(value.text)
    service = next((each for each in sending.services if each.name == transport and each.kind == "unix"), None)
    if service is None or transport in NO_DELIVERY:
        return
    folder = posixpath.basename(scope.config_directory)
    name = "Other mail" if folder == "postfix" else f"Other mail of {folder}"
    where = (value.file, value.line) if value.is_set else (service.file, service.line)
    why = Reason(f"Mail that nothing else takes leaves by {transport}", *where)
    drafts.add(f"default:{folder}", Draft(name, "default", "certain"), why, [transport])


def filter_transports(services: Sequence[Service], scope: Scope) -> Iterator[str]:
    """Transports that only carry mail to a content filter."""
    for each in (scope, *(scope.within(service) for service in services)):
        transport, nexthop = split_target(each.get("content_filter").text)
        if transport and (not nexthop or is_local(nexthop)):
            yield transport
