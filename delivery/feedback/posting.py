"""Posts signed webhooks (Standard Webhooks 1.0): TLS verified, to public addresses only, redirects never followed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
import socket
import ssl
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PLAN = Path(__file__).with_name("webhook.yaml")
PREFIX = "whsec_"
MOST_READ = 2000
HTTPS = 443
EMBEDS_IPV4 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: a translator would carry it to any IPv4 address


class AddressRefused(Exception):  # noqa: N818 (it is a sentence for people)
    """Nothing was sent; the text says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    retries: tuple[int, ...]
    rows: int
    batches: int
    patience: int
    whole: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is None where nobody answered."""

    status: int | None
    said: str

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 (RFC 9110: successful)


@cache
def load_plan() -> Plan:
    told = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    return Plan(**{**told, "retries": tuple(told["retries"])})


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(secret: str, *, event_id: str, at: int, body: bytes) -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    made = hmac.new(key, f"{event_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
        "content-type": "application/json",
    }


def checked_url(url: str) -> str:
    """The address without what surrounds it. Raises AddressRefused for one that nothing is sent to."""
    wanted = url.strip()
    try:
        parts = urlsplit(wanted)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("This is no address: write it as https://host/path.") from error
    is_whole = parts.scheme == "https" and parts.hostname and port != 0
    if not is_whole or parts.username or parts.password or parts.fragment or not wanted.isascii():
        raise AddressRefused("Write the address as https://host/path, without a name, password or fragment in it.")
    if not wanted.isprintable() or " " in wanted:
        raise AddressRefused("There are spaces or signs in the address that no address has.")
    return wanted


def public_address(host: str, port: int) -> str:
    """What the name stands for now. Raises AddressRefused where any of it is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{host} has no address in DNS ({error}).") from error
    addresses = [str(row[4][0]) for row in found]
    if refused := [address for address in addresses if not is_public(address)]:
        raise AddressRefused(f"{host} stands for {refused[0]}, which is no public address. Nothing was sent.")
    return addresses[0]


def is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in EMBEDS_IPV4 or found.sixtofour or found.teredo:
            return False
        found = found.ipv4_mapped or found
    return found.is_global and not found.is_multicast


class _Pinned(HTTPSConnection):
    """Speaks with the very address that was looked at: a name that means another one a moment later gains nothing."""

    def __init__(self, host: str, port: int, *, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=load_plan().patience, context=context)
        self._pinned, self._trust = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._pinned, self.port), self.timeout)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    find: Callable[[str, int], str] = public_address,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """What the receiver answered, or why nothing was sent or heard. Never raises for what others do."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or HTTPS
    try:
        address = find(host, port)
        connection = _Pinned(host, port, address=address, context=context or ssl.create_default_context())
        return _spoken(connection, f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body, headers)
    except AddressRefused as refused:
        return Answer(None, str(refused))
    except ssl.SSLError as error:
        return Answer(None, f"The certificate or encryption of {host} is not accepted ({error.reason or error}).")
    except (OSError, HTTPException, ValueError) as error:
        return Answer(None, f"{host} does not answer ({error or type(error).__name__}).")


def _spoken(connection: _Pinned, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    connection.connect()
    sock = connection.sock
    limit = Timer(load_plan().whole, sock.shutdown, [socket.SHUT_RDWR])  # a receiver that answers a byte at a time
    limit.daemon = True
    limit.start()
    try:
        connection.request("POST", path, body=body, headers={**headers, "user-agent": "Gatepost"})
        answer = connection.getresponse()
        said = answer.read(MOST_READ).decode("utf-8", "replace")
    finally:
        limit.cancel()
        connection.close()
    if 300 <= answer.status < 400:  # noqa: PLR2004 (RFC 9110: redirection)
        return Answer(answer.status, "It answered with another address, which is not followed. Set that one instead.")
    return Answer(answer.status, " ".join(said.split())[:500] or answer.reason)
