"""Whether a condition fits what is known of a transaction so far."""

from __future__ import annotations

import ipaddress
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING

from delivery.proxy.choice.headers import field_of

if TYPE_CHECKING:
    from delivery.proxy.choice.providers import Providers
    from delivery.proxy.choice.split import Condition
    from delivery.proxy.envelope import Envelope


def domain_of(address: bytes) -> str:
    return address.rpartition(b"@")[2].lower().rstrip(b".").decode("utf-8", "replace") if b"@" in address else ""


def fits_session(condition: Condition, envelope: Envelope) -> bool:
    if condition.listeners and envelope.listener not in condition.listeners:
        return False
    if condition.users and envelope.user not in condition.users:
        return False
    if condition.clients and not _is_within(envelope.client, condition):
        return False
    return not condition.senders or _fits_sender(condition.senders, envelope.sender)


def fits_recipient(condition: Condition, domain: str, providers: Providers) -> bool:
    if condition.providers and providers.of(domain) not in condition.providers:
        return False
    if not condition.domains and not condition.below:
        return True
    return domain in condition.domains or domain.endswith(condition.below)


def fits_header(condition: Condition, header: bytes) -> bool:
    return all(_fits_field(field_of(header, name.encode()), pattern) for name, pattern in condition.headers)


def _fits_field(value: bytes | None, pattern: str) -> bool:
    return value is not None and fnmatchcase(value.decode("utf-8", "replace").lower(), pattern)


def _fits_sender(patterns: tuple[str, ...], sender: bytes) -> bool:
    """`@example.com` and `.example.com` look at the domain, `anna@example.com` at the whole, `<>` is a bounce."""
    address = sender.decode("utf-8", "replace").lower() or "<>"
    domain = domain_of(sender)
    return any(
        address == pattern or "@" + domain == pattern or (pattern.startswith(".") and domain.endswith(pattern))
        for pattern in patterns
    )


@lru_cache(maxsize=4_096)
def _is_within(client: str, condition: Condition) -> bool:
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return False
    return any(address in network for network in condition.clients)
