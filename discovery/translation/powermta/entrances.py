"""Listeners and sources: who may hand in mail, how, and what it gets (guide 3.3.1.20 smtp-listener, 3.3.7 source)."""

from collections.abc import Iterator

from discovery.translation.emission import Line, origins_of
from discovery.translation.powermta.content import removals
from discovery.translation.powermta.defaults import default_of
from discovery.translation.powermta.paper import Paper, block, of
from discovery.translation.powermta.ways import way_name
from discovery.translation.powermta.words import interval, name_of, value
from discovery.translation.sending import Listener, Stated

ENTRANCE = "the settings of one entrance; relaying is allowed by address alone"
PEM = "PowerMTA reads certificate and key from one PEM file: put both into the file that is named."
TLS_FIRST = "PowerMTA can ask for TLS before AUTH; mail without a login is taken without TLS too."
LOGINS = "Accounts stay where they are: each needs an <smtp-user> with its password, set on the target."
BANNER = "Only the host name of the greeting can be chosen; the words behind it are PowerMTA's."
LINE_ENDS = "PowerMTA's guide does not say what becomes of lines that end in a bare line feed."
NO_TIME = "Postfix asks for at least 1 here, so this value is not carried over and PowerMTA keeps its own."
ITSELF = "Postfix's default: the host itself"
EVERY_ENTRANCE = "PowerMTA allows relaying by address at every entrance; Postfix did at some of them only."
TWICE = "Another instance listens at the same address and port; give each instance an address of its own."
ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 (what the customer's host listens on, not this one)
FIRST = "Postfix's default_transport"
NOT_SENT = "What nothing else takes is not sent by SMTP here, so that its mail waits."
WHOLE_TRANSPORTS = frozenset({"every_sender"})


def entrances(paper: Paper, taken: set[str]) -> Iterator[Line]:
    """Every listener with a source of its own; a place can be listened at once."""
    for listener in paper.estate.listeners:
        place = f"{listener.address or ALL_ADDRESSES}:{listener.port}"
        if place in taken:
            paper.refuse(listener.origin, place, TWICE)
            continue
        taken.add(place)
        yield from paper.tried(listener.origin, listener.name, entrance, paper, listener)


def entrance(paper: Paper, listener: Listener) -> Iterator[Line]:
    source = source_name(paper, listener)
    address = listener.address or ALL_ADDRESSES
    place = f"[{address}]" if ":" in address else address
    yield from block(
        f"smtp-listener {value(place)}:{listener.port}",
        listening(paper, listener, source),
        origins_of(listener.origin, listener.interfaces),
    )
    yield from block(f"source {source}", receiving(paper, listener), (listener.origin,), ENTRANCE)
    yield Line("")


def source_name(paper: Paper, listener: Listener) -> str:
    return name_of(f"{paper.prefix}entrance-{listener.name}")


def listening(paper: Paper, listener: Listener, source: str) -> Iterator[Line]:
    yield Line(f"source {source}", (listener.origin,))
    if listener.tls.value == "wrapped":
        yield of("immediate-tls true", listener.tls)
    if listener.certificate.value and listener.certificate.value != "none" and listener.tls.value != "none":
        yield of(f"tls-certificate {value(listener.certificate.value.split(',')[0].split()[0])}", listener.certificate)
        paper.refuse(listener.key.origin, listener.key.value, PEM)


def receiving(paper: Paper, listener: Listener) -> Iterator[Line]:
    """What the entrance asks of those who come in."""
    yield from default_mta(paper)
    if paper.estate.routes:
        yield Line(f"pattern-list {paper.named('routes')}", why="the rows that choose a way out, in Postfix's order")
    yield from tls_of(paper, listener)
    yield of(f"max-message-size {size_of(listener.message_size)}", listener.message_size, "Postfix's default limit")
    if listener.timeout.value:
        yield of(f"smtp-command-timeout {interval(listener.timeout.value)}", listener.timeout, "Postfix's default")
    else:
        paper.refuse(listener.timeout.origin, "0", NO_TIME)
    if listener.recipients.value and listener.recipients.origin:
        yield of(f"max-rcpt-per-message {listener.recipients.value}", listener.recipients)
    else:
        paper.refuse(listener.recipients.origin, "0", NO_TIME)
    paper.refuse(listener.bare_newlines.origin, listener.bare_newlines.value, LINE_ENDS)
    for copy in paper.estate.copies:
        yield of(f"bcc {value(copy.value)}", copy)
    yield from removals(paper)
    if listener.banner.origin:
        paper.refuse(listener.banner.origin, listener.banner.value, BANNER)


def default_mta(paper: Paper) -> Iterator[Line]:
    """The pool every sender draws from, where a table names one, else the default transport."""
    default = paper.estate.default_transport
    drawn = next((each for each in paper.estate.routes if each.match in WHOLE_TRANSPORTS and each.transport), None)
    name = drawn.transport if drawn else default.value.partition(":")[0]
    origins = origins_of(drawn.origin if drawn else default.origin)
    last = None if drawn else default_of(paper.estate)
    if last:
        yield Line(f"default-virtual-mta {way_name(paper, last)}", origins, FIRST)
    elif paper.has(name):
        yield Line(f"default-virtual-mta {paper.named(name)}", origins, FIRST)
    else:
        paper.refuse(origins[0] if origins else None, name, NOT_SENT)
        yield Line(f"default-virtual-mta {paper.wait(origins[0] if origins else None)}", origins, FIRST)


def size_of(limit: Stated[int]) -> str:
    return str(limit.value) if limit.value else "unlimited"


def tls_of(paper: Paper, listener: Listener) -> Iterator[Line]:
    """TLS and AUTH of an entrance."""
    is_tls = listener.tls.value not in {"none", "wrapped"}
    yield of(f"allow-starttls {'yes' if is_tls else 'no'}", listener.tls, "Postfix offers no STARTTLS here")
    yield of(
        f"allow-auth {'yes' if listener.is_auth_offered.value else 'no'}",
        listener.is_auth_offered,
        "Postfix offers no AUTH here",
    )
    if listener.is_auth_offered.value:
        paper.refuse(listener.is_auth_offered.origin, listener.name, LOGINS)
        if not listener.is_auth_possible_in_clear and is_tls:
            yield Line("require-starttls-before-auth yes", origins_of(listener.origin, listener.auth_only))
        if listener.is_auth_possible_in_clear:
            yield Line("allow-unencrypted-plain-auth yes", origins_of(listener.origin, listener.auth_only))
    if listener.is_auth_required:
        yield Line("require-auth yes", (listener.origin,))
    if listener.tls.value == "encrypt":
        paper.refuse(listener.tls.origin, listener.name, TLS_FIRST)


def relaying(papers: tuple[Paper, ...]) -> Iterator[Line]:
    """Networks that may relay, once each, and everybody else, who may not."""
    networks: dict[str, list[Stated[str]]] = {}
    for paper in papers:
        for listener in paper.estate.listeners:
            for network in listener.relay_networks:
                networks.setdefault(network.value, []).append(network)
    entrances_in_all = sum(len(paper.estate.listeners) for paper in papers)
    for name, all_stated in networks.items():
        if len(all_stated) < entrances_in_all:
            papers[0].refuse(next((each.origin for each in all_stated if each.origin), None), name, EVERY_ENTRANCE)
        origins = origins_of(*(each.origin for each in all_stated))
        allowed = Line("always-allow-relaying yes", origins, ITSELF)
        yield from block(f"source {name}", [allowed], origins, ITSELF)
    nobody = [
        Line("always-allow-relaying no", why="whoever is not named may not relay"),
        Line("add-message-id-header true", why="a message without a Message-ID cannot be followed on both sides"),
        Line("process-x-virtual-mta no", why="a header from outside must not choose the way out"),
    ]
    yield from block("source 0/0", nobody, why="everybody else")
