"""Ways of single rows: a virtual MTA for each that differs from those of the transports (guide 3.3.10, 3.3.12).

Settings of a virtual MTA stand before those of a <domain> outside of it, so that a row which the pattern list chooses
is followed whatever is said of its domain elsewhere. Mail whose way cannot be carried over waits: it is handed to a
port at which nobody listens, tried again and in the end returned, but it is never sent another way.
"""

from collections.abc import Iterator

from discovery.postfix.routes import SENDER_TRANSPORTS
from discovery.translation.emission import Line
from discovery.translation.powermta.defaults import RELAYED
from discovery.translation.powermta.exits import body
from discovery.translation.powermta.hosts import hosts, waiting
from discovery.translation.powermta.paper import WAITING, Paper, block
from discovery.translation.powermta.words import UnwritableError
from discovery.translation.sending import Action, Route, Source
from discovery.translation.sending.routing import NOT_CARRIED

NO_LMTP = "PowerMTA speaks no LMTP: mailboxes stay behind a mail server that does."
NO_POOL_HOSTS = "The members of a pool hand on to the relay host, and this row asks for the pool without it."
REJECTED = "PowerMTA refuses no recipient with a text of its own: the mail is taken and comes back as a bounce."
PROGRAM = "A program takes this mail here. PowerMTA starts programs with other words: its call has to be written anew."
LOCAL = "Mailboxes and aliases of the host stay behind a mail server that has them."
HELD = "PowerMTA has no answer that asks to come back later by a row: the mail is taken and waits."
SHARED = (
    "Rows with hosts of their own have virtual MTAs of their own, and the limit of processes counts in each by itself."
)
REASONS = {Action.REJECT: REJECTED, Action.RUN: PROGRAM, Action.DELIVER_HERE: LOCAL, Action.HOLD: HELD}
PROCESSED = frozenset({"bounce_processor", "fbl_reader"})


def is_processed(route: Route) -> bool:
    """Whether PowerMTA reads the mail itself, so that there is no way out for it."""
    return route.action is Action.RUN and route.purpose in PROCESSED


def is_of_its_own(paper: Paper, route: Route) -> bool:
    """Whether a row does anything but choose the virtual MTA of its transport."""
    if is_processed(route):
        return False
    if route.action is not Action.SEND or route.next_hops:
        return True
    return bool(route.transport) and (is_direct(paper, route) or not paper.has(route.transport))


def is_direct(paper: Paper, route: Route) -> bool:
    """Whether a row without hosts passes by the relay host: those of the sender and of relay domains do not."""
    return paper.is_relayed and not route.next_hops and route.parameter not in {SENDER_TRANSPORTS, RELAYED}


def way_name(paper: Paper, route: Route) -> str:
    """Rows with the same way share one virtual MTA; its name is the place of the first, the same in every run."""
    if key_of(route) not in paper.ways:
        stem = paper.named(f"row-{route.origin.file.rpartition('/')[2]}-{route.origin.line}")
        names = (f"{stem}-{number}" if number else stem for number in range(len(paper.taken) + 1))
        name = next(each for each in names if each not in paper.taken)
        paper.taken.add(name)
        paper.ways[key_of(route)] = name, route
    return paper.ways[key_of(route)][0]


def key_of(route: Route) -> tuple[object, ...]:
    return (route.action, route.transport, route.next_hops) if route.action is Action.SEND else (route.action,)


def ways(paper: Paper) -> Iterator[Line]:
    """The virtual MTAs of all rows that have one of their own."""
    for route in paper.estate.routes:
        if not is_of_its_own(paper, route):
            continue
        reason = reason_for(paper, route)
        if reason:
            paper.refuse(route.origin, f"{route.key} {route.transport}:{route.text}", reason)
        name = way_name(paper, route)
        if paper.ways[key_of(route)][1] is route:
            yield from block(f"virtual-mta {name}", list(of_row(paper, route)), (route.origin,))
            yield Line("")


def reason_for(paper: Paper, route: Route) -> str:
    """What the virtual MTA of a row does not do as Postfix does, "" for nothing."""
    if route.action is not Action.SEND:
        return "" if route.text == NOT_CARRIED else REASONS.get(route.action, "")
    if not source_of(paper, route):
        return NO_POOL_HOSTS if paper.has(transport_of(paper, route)) else NO_LMTP
    try:
        hosts(route.next_hops)
    except UnwritableError as unwritable:
        return str(unwritable)
    return ""


def transport_of(paper: Paper, route: Route) -> str:
    """The row's transport, or the one that mail takes without it."""
    return route.transport or paper.estate.default_transport.value.partition(":")[0]


def source_of(paper: Paper, route: Route) -> Source | None:
    name = transport_of(paper, route)
    return next((each for each in paper.smtp_sources if each.name == name), None)


def of_row(paper: Paper, route: Route) -> Iterator[Line]:
    """Mail that is sent has all that its transport has, and other hosts."""
    source = source_of(paper, route)
    if route.action is Action.SEND and source and not reason_for(paper, route):
        if paper.pace_of(source).processes.value:
            paper.refuse(paper.pace_of(source).processes.origin, source.name, SHARED)
        yield from body(paper, source, handing_on(route), route.origin)
    else:
        yield from block("domain *", list(not_sent(route)), (route.origin,))


def handing_on(route: Route) -> Iterator[Line]:
    """A row without hosts sends mail to those of its own domain."""
    yield Line("type smtp", (route.origin,))
    if route.next_hops:
        yield Line(f"smtp-hosts {hosts(route.next_hops)}", (route.origin,))


def not_sent(route: Route) -> Iterator[Line]:
    """Mail that is thrown away, comes back, or waits."""
    origin = route.origin
    if route.action in {Action.DISCARD, Action.REJECT}:
        yield Line("type discard", (origin,))
        if route.action is Action.REJECT:
            yield Line("discard-as-bounce yes", (origin,))
        return
    yield Line("type smtp", (origin,))
    yield from waiting(origin)


def waiting_room(paper: Paper) -> Iterator[Line]:
    """The virtual MTA of mail that no other may take."""
    if paper.waiting:
        origins = tuple(dict.fromkeys(origin for origin in paper.waiting if origin.file))
        why = "mail waits here whose way is not carried over"
        yield from block(
            f"virtual-mta {paper.named(WAITING)}",
            block("domain *", list(waiting(*origins, why=why)), origins, why),
            origins,
            why,
        )
        yield Line("")
