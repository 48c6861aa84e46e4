"""Virtual MTAs and pools: the ways out with their addresses, names and pace (guide 3.3.12, 3.3.13, 3.3.10)."""

from collections.abc import Iterable, Iterator

from discovery.translation.emission import Line, origins_of
from discovery.translation.powermta.content import rewriting
from discovery.translation.powermta.destinations import everywhere, level_lines, relay_lines, single_destinations
from discovery.translation.powermta.paper import Paper, block, of
from discovery.translation.powermta.words import interval, value
from discovery.translation.sending import Origin, Pool, Shaping, Source, Stated

NO_LMTP = "PowerMTA speaks no LMTP: mailboxes stay behind a mail server that does."
WEIGHTS = "A pool goes round its members in turn: a member that is named twice counts once."
NO_LIMIT = "Postfix has no limit here; PowerMTA keeps its own."
BY_NAME = "the system chooses the address; the name in HELO is set"


def exits(paper: Paper) -> Iterator[Line]:
    """A virtual MTA for each way out that sends by SMTP, then the pools."""
    for source in paper.estate.sources:
        if source.program == "lmtp":
            paper.refuse(source.origin if source.origin.line else None, source.name, NO_LMTP)
            continue
        yield from paper.tried(source.origin, source.name, virtual_mta, paper, source)
    for pool in paper.estate.pools:
        yield from pool_of(paper, pool)


def virtual_mta(paper: Paper, source: Source) -> Iterator[Line]:
    inner = list(body(paper, source, relay_lines(paper), source.origin))
    yield from block(f"virtual-mta {paper.named(source.name)}", inner, (source.origin,))
    yield Line("")


def body(paper: Paper, source: Source, handing_on: Iterable[Line], origin: Origin) -> Iterator[Line]:
    """Everything a virtual MTA has of its transport; `handing_on` is all that a row says instead."""
    yield from addresses(paper, source)
    yield from rewriting(paper)
    yield from paced(paper, paper.pace_of(source), handing_on, origin)
    yield from own_destinations(paper)


def addresses(paper: Paper, source: Source) -> Iterator[Line]:
    """Addresses with the name said in HELO; without an address only the name."""
    helo = source.helo
    for stated in (source.ipv4, source.ipv6):
        if stated.value:
            yield from paper.tried(stated.origin or source.origin, stated.value, bound, stated, helo)
    if not source.ipv4.value and not source.ipv6.value:
        yield from paper.tried(helo.origin or source.origin, helo.value, greeting, helo)


def own_destinations(paper: Paper) -> Iterator[Line]:
    """What an instance says of its destinations, where the virtual MTAs say something of all: theirs stands before."""
    return single_destinations(paper) if paper.prefix or not paper.is_tls_equal else iter(())


def greeting(helo: Stated[str]) -> Iterator[Line]:
    yield Line(f"host-name {value(helo.value)}", origins_of(helo.origin), BY_NAME)


def bound(stated: Stated[str], helo: Stated[str]) -> Iterator[Line]:
    yield Line(f"smtp-source-host {value(stated.value)} {value(helo.value)}", origins_of(stated.origin, helo.origin))


def paced(paper: Paper, pace: Shaping, handing_on: Iterable[Line], origin: Origin) -> Iterator[Line]:
    """Limits of the whole transport, then those for each destination; of several instances each has its own here."""
    if pace.processes.value:
        yield of(f"max-smtp-out {pace.processes.value}", pace.processes)
    yield from block("domain *", [*each_destination(paper, pace), *common(paper, pace), *handing_on], (origin,))


def common(paper: Paper, pace: Shaping) -> Iterator[Line]:
    """What stands in `<domain *>` outside of the virtual MTAs unless instances or transports differ in it."""
    if paper.prefix:
        yield from everywhere(paper, pace.tls_level)
    elif not paper.is_tls_equal:
        yield from level_lines(paper, pace.tls_level)


def each_destination(paper: Paper, pace: Shaping) -> Iterator[Line]:
    """A delay between deliveries makes Postfix deliver one at a time (qmgr(8)), and so does the limit here."""
    if pace.rate_delay.value:
        yield of(f"max-msg-rate 1/{pace.rate_delay.value}s", pace.rate_delay)
        yield Line("max-smtp-out 1", origins_of(pace.rate_delay.origin, pace.concurrency.origin))
    else:
        if pace.rate_delay.origin:
            yield of("max-msg-rate unlimited", pace.rate_delay)
        yield from limited(paper, "max-smtp-out", pace.concurrency)
    yield from limited(paper, "max-rcpt-per-transaction", pace.recipients)
    if pace.connect_timeout.value:
        yield of(f"connect-timeout {interval(pace.connect_timeout.value)}", pace.connect_timeout, "Postfix's default")
    else:
        paper.refuse(pace.connect_timeout.origin, "0", NO_LIMIT)


def limited(paper: Paper, directive: str, stated: Stated[int]) -> Iterator[Line]:
    """0 is no limit in Postfix, and the guide names no word for that."""
    if stated.value:
        yield of(f"{directive} {stated.value}", stated, "Postfix's default")
    else:
        paper.refuse(stated.origin, "0", NO_LIMIT)


def pool_of(paper: Paper, pool: Pool) -> Iterator[Line]:
    """The members of a pool; weights have no place in it."""
    if any(weight > 1 for _, weight in pool.members):
        paper.refuse(pool.origin, pool.name, WEIGHTS)
    members = [Line(f"virtual-mta {paper.named(member)}", (pool.origin,)) for member, _ in pool.members]
    yield from block(f"virtual-mta-pool {paper.named(pool.name)}", members, (pool.origin,))
    yield Line("")
