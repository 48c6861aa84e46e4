"""Tenants: somebody whose mail seems to be kept apart from others' on the same hosts. Never more than a proposal."""

import re
from collections.abc import Iterator, Mapping, Sequence

from discovery.postfix.bundle import Bundle
from discovery.postfix.estate_facts import Domain, Tenant
from discovery.postfix.facts import MapUse
from discovery.postfix.maps import entries_of
from discovery.postfix.scope import Scope, Value

LOGINS = "smtpd_sender_login_maps"
SEPARATORS = re.compile(r"[,\s]+")
SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"})
COUNTRY_CODE = 2
MOST_LOGINS = 2000
MOST_MEMBERS = 20


def tenants_of(
    bundle: Bundle, scope: Scope, maps: Sequence[MapUse], domains: Sequence[Domain], *, is_one_of_several: bool
) -> tuple[Tenant, ...]:
    """By instance, by login, by the organisations whose senders are treated differently."""
    return (
        *(instance_tenant(scope) if is_one_of_several else ()),
        *login_tenants(bundle, maps),
        *sender_tenants(domains),
    )


def instance_tenant(scope: Scope) -> Iterator[Tenant]:
    """An instance beside others that has a name of its own; the null client in front of them has none."""
    name = scope.get("multi_instance_name")
    if not (name.is_set and name.text):
        return
    group, host = scope.get("multi_instance_group"), scope.get("myhostname")
    of_group = f" of the group {group.text}" if group.text else ""
    members = tuple(value.text for value in (host, domain_of(scope)) if value.text)
    reason = f"It has an instance of its own{of_group}"
    yield Tenant(name.text, "instance", "likely", reason, members, name.file, name.line)


def domain_of(scope: Scope) -> Value:
    value = scope.get("mydomain")
    return value if value.is_set else Value("mydomain", "")


def login_tenants(bundle: Bundle, maps: Sequence[MapUse]) -> Iterator[Tenant]:
    """Logins that may send only as certain addresses."""
    senders: dict[str, list[str]] = {}
    places: dict[str, tuple[str, int]] = {}
    for table in {table.source: table for table in maps if table.parameter == LOGINS and table.source}.values():
        for entry in entries_of(bundle, table.parameter, table.kind, table.source):
            for login in SEPARATORS.split(entry.value.strip()):
                if login and (login in senders or len(senders) < MOST_LOGINS):
                    senders.setdefault(login, []).append(entry.key)
                    places.setdefault(login, (table.source, entry.line))
    for login, keys in senders.items():
        shown = ", ".join(keys[:3]) + (" and more" if len(keys) > len(keys[:3]) else "")
        members, place = tuple(keys[:MOST_MEMBERS]), places[login]
        yield Tenant(login, "login", "likely", f"This login may send as {shown}", members, *place)


def sender_tenants(domains: Sequence[Domain]) -> Iterator[Tenant]:
    """Sender domains of different organisations in one sender map."""
    organisations: dict[str, list[Domain]] = {}
    for domain in domains:
        if domain.role == "sender":
            organisations.setdefault(organisation_of(domain.name), []).append(domain)
    if len(organisations) > 1:
        yield from sender_tenant(organisations)


def sender_tenant(organisations: Mapping[str, Sequence[Domain]]) -> Iterator[Tenant]:
    for name, domains in organisations.items():
        members = tuple(domain.name for domain in domains[:MOST_MEMBERS])
        reason = "A sender map treats its mail differently from that of other organisations"
        yield Tenant(name, "sender_domain", "guess", reason, members, domains[0].file, domains[0].line)


def organisation_of(domain: str) -> str:
    """The last two labels, or three below a second level such as co.uk."""
    labels = domain.strip(".").split(".")
    is_below_country = len(labels) > COUNTRY_CODE and len(labels[-1]) == COUNTRY_CODE and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3:] if is_below_country else labels[-2:])
