"""Posts signed webhooks (Standard Webhooks 1.0): TLS verified, to public addresses only, redirects never followed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from http.client import HTTPResponse

PLAN = Path(__file__).with_name("plan.yaml")
NETWORKS = Path(__file__).with_name("refused_networks.yaml")
PREFIX = "whsec_"
MOST_READ = 2000
HTTPS = 443
LONGEST_PAUSE = 6  # digits


class AddressRefused(Exception):  # noqa: N818 (it is a sentence for people)
    """Nothing was sent; the text says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    retries: tuple[int, ...]
    jitter: float
    rows: int
    batches: int
    patience: int
    whole: int
    turn: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is None where nobody answered; `pause` is how many seconds the receiver asked to be left in peace."""

    status: int | None
    said: str
    pause: int = 0

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 (RFC 9110: successful)

    @property
    def is_unwanted(self) -> bool:
        return self.status == HTTPStatus.GONE


@cache
def load_plan() -> Plan:
    told = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    return Plan(**{**told, "retries": tuple(told["retries"])})


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(*secrets: str, event_id: str, at: int, body: bytes) -> dict[str, str]:
    """One signature for each secret: while they change, a receiver holds either."""
    signed = f"{event_id}.{at}.".encode() + body
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
        "content-type": "application/json",
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


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
    _refuse_inside(parts.hostname or "")
    return wanted


def _refuse_inside(host: str) -> None:
    """Numbers are refused at once; what a name stands for is looked at at each attempt."""
    with suppress(ValueError):  # it is a name
        if not is_public(host):
            raise AddressRefused(f"{host} is no public address. Nothing is sent to a network that nobody else reaches.")


@cache
def refused_networks() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    told = yaml.safe_load(NETWORKS.read_text(encoding="utf-8"))
    return tuple(map(ipaddress.ip_network, told))


def origin_of(url: str) -> str:
    """Scheme and host of an address that was checked: what may be shown and written down of it."""
    return f"https://{urlsplit(url).netloc}"


def public_address(host: str, port: int) -> str:
    """The first of what the name stands for now. Raises AddressRefused where any of it is not public."""
    return public_addresses(host, port)[0]


def public_addresses(host: str, port: int) -> list[str]:
    """What the name stands for now, in the order of DNS. Raises AddressRefused where any of it is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{host} has no address in DNS ({error}).") from error
    addresses = [str(row[4][0]) for row in found]
    if refused := [address for address in addresses if not is_public(address)]:
        raise AddressRefused(f"{host} stands for {refused[0]}, which is no public address. Nothing was sent.")
    return list(dict.fromkeys(addresses))


def is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if any(found in network for network in refused_networks()):
        return False
    return found.is_global and not found.is_multicast


class _Pinned(HTTPSConnection):
    """Speaks with the very addresses that were looked at: a name that means another one a moment later gains nothing.

    Everything from the first connection tried to the last byte read has `whole` seconds.
    """

    def __init__(self, host: str, port: int, *, addresses: Sequence[str], context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=load_plan().patience, context=context)
        self._pinned, self._trust = addresses, context
        self._until = monotonic() + load_plan().whole
        self._limit: Timer | None = None

    def connect(self) -> None:
        sock = self._trust.wrap_socket(self._reached(), server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = sock
        self._limit = Timer(self._until - monotonic(), _cut, [sock])  # a receiver that answers a byte at a time
        self._limit.daemon = True
        self._limit.start()
        sock.do_handshake()

    def _reached(self) -> socket.socket:
        """The first address that takes a connection. Raises OSError, of the last one, where none does."""
        failed = OSError("no address")
        for address in self._pinned:
            patience = min(load_plan().patience, self._until - monotonic())
            if patience <= 0:
                break
            try:
                return socket.create_connection((address, self.port), patience)
            except OSError as error:
                failed = error
        raise failed

    def close(self) -> None:
        if self._limit:
            self._limit.cancel()
        super().close()


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    find: Callable[[str, int], Sequence[str]] = public_addresses,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """What the receiver answered, or why nothing was sent or heard. Never raises for what others do."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or HTTPS
    try:
        found = find(host, port)
        connection = _Pinned(host, port, addresses=found, context=context or ssl.create_default_context())
        return _spoken(connection, f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body, headers)
    except AddressRefused as refused:
        return Answer(None, str(refused))
    except ssl.SSLEOFError:
        return Answer(None, f"{host} broke the connection off, or took too long.")
    except ssl.SSLError as error:
        return Answer(None, f"The certificate or encryption of {host} is not accepted ({error.reason or error}).")
    except (OSError, HTTPException, ValueError) as error:
        return Answer(None, f"{host} does not answer ({error or type(error).__name__}).")


def _spoken(connection: _Pinned, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    try:
        connection.request("POST", path, body=body, headers={**headers, "user-agent": "Gatepost"})
        answer = connection.getresponse()
        said = answer.read(MOST_READ).decode("utf-8", "replace")
    finally:
        connection.close()
    if 300 <= answer.status < 400:  # noqa: PLR2004 (RFC 9110: redirection)
        return Answer(answer.status, "It answered with another address, which is not followed. Set that one instead.")
    return Answer(answer.status, _in_one_line(said) or _in_one_line(answer.reason), pause=_asked_pause(answer))


def _in_one_line(said: str) -> str:
    """Without what no database or page takes, such as a null byte."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())[:500]


def _asked_pause(answer: HTTPResponse) -> int:
    """Of `Retry-After` in seconds (RFC 9110); a date, or what is no number, is passed over."""
    told = (answer.getheader("retry-after") or "").strip()
    is_number = told.isascii() and told.isdigit() and len(told) <= LONGEST_PAUSE
    return min(int(told), max(load_plan().retries)) if is_number else 0
