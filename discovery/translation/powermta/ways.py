"""Ways of single rows: a virtual MTA for each that differs from those of the transports (guide 3.3.10, 3.3.12).

Settings of a virtual MTA stand before those of a <domain> outside of it, so that a row which the pattern list chooses
is followed whatever is said of its domain elsewhere. Mail whose way cannot be carried over waits: it is handed to a
port at which nobody listens, tried again and in the end returned, but it is never sent another way.
"""

from collections.abc import Iterator

from discovery.translation.emission import Line
from discovery.translation.powermta.exits import addresses
from discovery.translation.powermta.hosts import hosts, waiting
from discovery.translation.powermta.paper import WAITING, Paper, block
from discovery.translation.powermta.words import UnwritableError
from discovery.translation.sending import Action, Route
from discovery.translation.sending.routing import NOT_CARRIED

NO_LMTP = "PowerMTA speaks no LMTP: mailboxes stay behind a mail server that does."
NO_POOL_HOSTS = "The members of a pool hand on to the relay host, and this row asks for the pool without it."
REJECTED = "PowerMTA refuses no recipient with a text of its own: the mail is taken and comes back as a bounce."
PROGRAM = "A program takes this mail here. PowerMTA starts programs with other words: its call has to be written anew."
LOCAL = "Mailboxes and aliases of the host stay behind a mail server that has them."
HELD = "PowerMTA has no answer that asks to come back later by a row: the mail is taken and waits."
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
    return bool(route.transport) and (paper.is_relayed or not paper.has(route.transport))


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
            inner = [*own_addresses(paper, route), *block("domain *", list(destination(paper, route)), (route.origin,))]
            yield from block(f"virtual-mta {name}", inner, (route.origin,))
            yield Line("")


def reason_for(paper: Paper, route: Route) -> str:
    """What the virtual MTA of a row does not do as Postfix does, "" for nothing."""
    if route.action is not Action.SEND:
        return "" if route.text == NOT_CARRIED else REASONS.get(route.action, "")
    if route.transport and not any(each.name == route.transport for each in paper.smtp_sources):
        return NO_POOL_HOSTS if paper.has(route.transport) else NO_LMTP
    try:
        hosts(route.next_hops)
    except UnwritableError as unwritable:
        return str(unwritable)
    return ""


def own_addresses(paper: Paper, route: Route) -> Iterator[Line]:
    """The addresses of the row's transport, or of the one that mail takes without it."""
    name = route.transport or paper.estate.default_transport.value.partition(":")[0]
    source = next((each for each in paper.smtp_sources if each.name == name), None)
    if source and route.action is Action.SEND:
        yield from addresses(paper, source)


def destination(paper: Paper, route: Route) -> Iterator[Line]:
    """What becomes of the mail; a row without hosts sends it to those of its own domain."""
    origin = route.origin
    if route.action in {Action.DISCARD, Action.REJECT}:
        yield Line("type discard", (origin,))
        if route.action is Action.REJECT:
            yield Line("discard-as-bounce yes", (origin,))
        return
    yield Line("type smtp", (origin,))
    if route.action is not Action.SEND or reason_for(paper, route):
        yield from waiting(origin)
    elif route.next_hops:
        yield Line(f"smtp-hosts {hosts(route.next_hops)}", (origin,))


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
