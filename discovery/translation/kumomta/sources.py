"""sources.toml: addresses to send from and pools of them; queues.toml: the schedule of each way out."""

from collections.abc import Iterable, Iterator

from discovery.translation.emission import Line, TargetFile, origins_of
from discovery.translation.kumomta.hops import Hops
from discovery.translation.kumomta.quoting import duration, toml_key, toml_string
from discovery.translation.kumomta.sheet import DEFAULT, Sheet, of
from discovery.translation.sending import Origin, Source, Stated
from discovery.translation.sending.addresses import is_address

SOURCES, QUEUES = "sources.toml", "queues.toml"
HELD = "held"
HELD_POOL = "(held)"  # no service of master.cf is called that
NO_ADDRESS = "This is no address that mail can be sent from."
ONE_FAMILY = (
    "A source of KumoMTA has one address. One of IPv6 would take mail for hosts that have IPv4 only, fail and delay "
    "it, so this address is left out."
)
ONCE = "Mail is tried once in Postfix; KumoMTA has no schedule of one attempt, so its own schedule holds."
BOUNCES = "Mail without a sender has a lifetime of its own in Postfix; KumoMTA gives it that of other mail."
FOR_HELD = "a queue without a way out keeps what a HOLD asks for until somebody releases it"


def sources_file(sheets: Iterable[Sheet], *, holds: bool) -> TargetFile:
    lines: list[Line] = []
    for sheet in sheets:
        for source in sheet.estate.sources:
            lines += source_lines(sheet, source)
        for source in sheet.estate.sources:
            lines += pool(sheet.named(source.name), dict.fromkeys(members_of(sheet, source), 1), (source.origin,))
        for each in sheet.estate.pools:
            weights = weights_of(sheet, each.members)
            lines += pool(sheet.named(each.name), weights, (each.origin,))
    if holds:
        lines += [
            Line(f"[{toml_key('source', HELD_POOL)}]", why=FOR_HELD),
            Line(""),
            Line(f"[{toml_key('pool', HELD_POOL)}]", why=FOR_HELD),
            Line(f"[{toml_key('pool', HELD_POOL, HELD_POOL)}]", why=FOR_HELD),
            Line("weight = 0", why="a source without weight is never used, and a pool has to name one"),
        ]
    return TargetFile(SOURCES, "#", tuple(lines))


def members_of(sheet: Sheet, source: Source) -> dict[str, Stated[str]]:
    """The source of a transport with its one address, of IPv4 unless nothing else is spoken."""
    stated = source.ipv6 if is_for_ipv6(source) else source.ipv4
    return {sheet.named(source.name): stated if is_address(stated.value) else Stated("")}


def is_for_ipv6(source: Source) -> bool:
    return source.protocols.value.lower() == "ipv6"


def source_lines(sheet: Sheet, source: Source) -> Iterator[Line]:
    for stated in (source.ipv4, source.ipv6):
        if stated.value and not is_address(stated.value):
            sheet.refuse(stated.origin or source.origin, stated.value, NO_ADDRESS)
    if is_address(source.ipv6.value) and not is_for_ipv6(source):
        sheet.refuse(source.ipv6.origin or source.origin, source.ipv6.value, ONE_FAMILY)
    for name, address in members_of(sheet, source).items():
        yield Line(f"[{toml_key('source', name)}]", (source.origin,))
        if address.value:
            yield of(f"source_address = {toml_string(address.value)}", address)
        if source.helo.value:
            yield of(f"ehlo_domain = {toml_string(source.helo.value)}", source.helo)
        yield Line("")


def weights_of(sheet: Sheet, members: Iterable[tuple[str, int]]) -> dict[str, int]:
    sources = {source.name: source for source in sheet.estate.sources}
    return {
        name: weight for member, weight in members if member in sources for name in members_of(sheet, sources[member])
    }


def pool(name: str, weights: dict[str, int], origins: tuple[Origin, ...]) -> Iterator[Line]:
    yield Line(f"[{toml_key('pool', name)}]", origins)
    for member, weight in weights.items():
        yield Line(f"[{toml_key('pool', name, member)}]", origins)
        yield Line(f"weight = {weight}", origins)
    yield Line("")


def queues_file(sheets: Iterable[Sheet], hops: Hops, *, holds: bool) -> TargetFile:
    lines: list[Line] = []
    for sheet in sheets:
        for name, origin in sheet.ways_out.items():
            tenant = sheet.named(name)
            lines += [
                Line(f"[{toml_key('tenant', tenant)}]", (origin,)),
                Line(f"egress_pool = {toml_string(tenant)}", (origin,)),
                *schedule(sheet),
                Line(""),
            ]
    lines += hops.queue_lines()
    if holds:
        lines += [
            Line(f"[{toml_key('queue', HELD)}]", why=FOR_HELD),
            Line(f"egress_pool = {toml_string(HELD_POOL)}", why=FOR_HELD),
            Line(f"max_age = {toml_string('3650 days')}", why="Postfix keeps held mail for ever"),
            Line(f"retry_interval = {toml_string('1 day')}", why="looking seldom is enough"),
        ]
    return TargetFile(QUEUES, "#", tuple(lines))


def schedule(sheet: Sheet) -> Iterator[Line]:
    """The three times of a queue; what is 0 is refused and left to KumoMTA."""
    times = sheet.estate.queue
    named = (
        ("max_age", times.lifetime),
        ("retry_interval", times.first_retry),
        ("max_retry_interval", times.last_retry),
    )
    is_same = times.bounce_lifetime.value == times.lifetime.value
    also = {"max_age": times.bounce_lifetime.origin if is_same else None}
    for name, stated in named:
        if stated.value:
            origins = origins_of(stated.origin, also.get(name))
            yield Line(f"{name} = {toml_string(duration(stated.value))}", origins, DEFAULT)
        else:
            sheet.refuse(stated.origin, "0", ONCE)
    if not is_same:
        sheet.refuse(times.bounce_lifetime.origin, duration(times.bounce_lifetime.value), BOUNCES)
