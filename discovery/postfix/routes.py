"""The rules by which mail gets a transport: sender maps, transport maps, FILTER actions, entrances."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from discovery.postfix.bundle import Bundle
from discovery.postfix.facts import MapUse
from discovery.postfix.maps import entries_of

SENDER_TRANSPORTS = "sender_dependent_default_transport_maps"
SENDER_RELAYS = "sender_dependent_relayhost_maps"
RECIPIENT_TRANSPORTS = "transport_maps"
CHECKS = re.compile(r"(header|body|mime_header|nested_header|milter_header)_checks$")
RESTRICTIONS = re.compile(r"^smtpd_\w+_restrictions$")
FILTER_ACTION = re.compile(r"^\s*FILTER\s+(?P<target>\S+)", re.IGNORECASE)
MOST_ROWS = 50_000
NO_DELIVERY = frozenset({"error", "discard", "retry", "local", "virtual"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One row that sends mail by a transport; `how` is sender, recipient, header or access."""

    how: str
    key: str
    transport: str
    nexthop: str
    file: str
    line: int


def choices_of(bundle: Bundle, maps: Iterable[MapUse]) -> tuple[Choice, ...]:
    """Every row of the tables in the bundle that chooses a transport; very long tables are left out."""
    tables = {(table.parameter, table.source): table for table in maps if table.source}
    return tuple(
        choice
        for table in tables.values()
        if how_of(table.parameter) and (table.entries or 0) <= MOST_ROWS
        for choice in rows_of(bundle, table)
    )


def how_of(parameter: str) -> str:
    if parameter in {SENDER_TRANSPORTS, SENDER_RELAYS}:
        return "sender"
    if parameter == RECIPIENT_TRANSPORTS:
        return "recipient"
    if CHECKS.search(parameter) and not parameter.startswith(("smtp_", "lmtp_")):
        return "header"
    return "access" if RESTRICTIONS.match(parameter) else ""


def rows_of(bundle: Bundle, table: MapUse) -> Iterator[Choice]:
    how = how_of(table.parameter)
    for entry in entries_of(bundle, table.parameter, table.kind, table.source):
        target = entry.value
        if how in {"header", "access"}:
            found = FILTER_ACTION.match(entry.value)
            if not found:
                continue
            target = found["target"]
        transport, nexthop = ("", target) if table.parameter == SENDER_RELAYS else split_target(target)
        yield Choice(how, entry.key, transport, nexthop, table.source, entry.line)


def split_target(target: str) -> tuple[str, str]:
    """`("slow", "[mx.example]:25")` of `slow:[mx.example]:25`; without a colon it is a transport alone."""
    transport, colon, nexthop = target.partition(":")
    if not colon:
        return target, ""
    return ("", target) if transport.startswith("[") else (transport, nexthop)


def chosen(choices: Sequence[Choice], *how: str) -> list[Choice]:
    return [choice for choice in choices if choice.how in how]
