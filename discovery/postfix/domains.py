"""Domains an instance knows, and what each of them is to it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from discovery.postfix.braces import split_outside_braces
from discovery.postfix.bundle import Bundle
from discovery.postfix.estate_facts import Domain, SigningKey
from discovery.postfix.facts import MapUse
from discovery.postfix.maps import entries_of
from discovery.postfix.places import Place, find_file
from discovery.postfix.routes import Choice, chosen
from discovery.postfix.scope import Scope

ROLES = {
    "mydestination": "local",
    "relay_domains": "relayed",
    "virtual_alias_domains": "alias",
    "virtual_mailbox_domains": "mailbox",
    "masquerade_domains": "origin",
}
NAME = re.compile(r"^\.?(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*$")
SENDER = re.compile(r"@(?P<domain>\.?[\w.-]+\.[A-Za-z][\w-]*)\W*$")
MOST_OF_A_ROLE = 2000
LONGEST_NAME = 255  # RFC 1035


def domains_of(
    bundle: Bundle, place: Place, scope: Scope, maps: Sequence[MapUse], choices: Sequence[Choice]
) -> tuple[Domain, ...]:
    """Each domain once for each of its roles; at most 2,000 of a role."""
    found = [*listed_domains(bundle, place, scope), *domains_in_tables(bundle, maps), *origins_of(scope)]
    found += sender_domains(choices)
    counted: dict[str, int] = {}
    kept: dict[tuple[str, str], Domain] = {}
    for domain in found:
        counted[domain.role] = counted.get(domain.role, 0) + 1
        if counted[domain.role] <= MOST_OF_A_ROLE:
            kept.setdefault((domain.name, domain.role), domain)
    return tuple(kept.values())


def listed_domains(bundle: Bundle, place: Place, scope: Scope) -> Iterator[Domain]:
    """Names that stand in a list by themselves, or in a plain file the list names."""
    for parameter, role in ROLES.items():
        value, line_of = scope.get(parameter), scope.line_finder(parameter)
        for element in split_outside_braces(value.text) if value.is_set else ():
            if is_name(element):
                yield Domain(element.lower(), role, parameter, value.file, line_of(element))
            elif element.startswith("/") and (path := find_file(bundle, place, element)):
                for line, name in enumerate(bundle.files[path].text.splitlines(), start=1):
                    if is_name(name.strip()):
                        yield Domain(name.strip().lower(), role, parameter, path, line)


def domains_in_tables(bundle: Bundle, maps: Sequence[MapUse]) -> Iterator[Domain]:
    tables = {(table.parameter, table.source): table for table in maps if table.source and table.parameter in ROLES}
    for table in tables.values():
        rows = entries_of(bundle, table.parameter, table.kind, table.source)
        for entry in islice(rows, MOST_OF_A_ROLE):
            if is_name(entry.key):
                yield Domain(entry.key.lower(), ROLES[table.parameter], table.parameter, table.source, entry.line)


def is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and NAME.match(text) is not None


def origins_of(scope: Scope) -> Iterator[Domain]:
    """What is put behind addresses without a domain."""
    value = scope.get("myorigin")
    if value.is_set and is_name(value.text):
        yield Domain(value.text.lower(), "origin", "myorigin", value.file, value.line)


def sender_domains(choices: Iterable[Choice]) -> Iterator[Domain]:
    for choice in chosen(list(choices), "sender"):
        if found := SENDER.search(choice.key[-LONGEST_NAME:]):
            yield Domain(found["domain"].lower(), "sender", "sender map", choice.file, choice.line)


def signed_domains(keys: Iterable[SigningKey]) -> Iterator[Domain]:
    for key in keys:
        if is_name(key.domain):
            yield Domain(key.domain.lower(), "signed", f"{key.product} key", key.file, key.line)
