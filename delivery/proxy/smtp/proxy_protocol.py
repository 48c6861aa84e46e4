"""The PROXY protocol: read from a balancer (versions 1 and 2), written to a backend (version 2).

Source: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
"""

from __future__ import annotations

import ipaddress
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from delivery.proxy.smtp.client import Client

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
LONGEST_V1 = 107
HEAD = struct.Struct("!12sBBH")
LOCAL, PROXY = 0x20, 0x21
TCP4, TCP6 = 0x11, 0x21
PORTS = struct.Struct("!HH")


class BadHeaderError(Exception):
    """What came is no PROXY header."""


class Relayed(NamedTuple):
    """Ends of the original connection; both None where the balancer speaks for itself. `length` is the header's."""

    source: tuple[str, int] | None
    destination: tuple[str, int] | None
    length: int


def read_header(received: bytes) -> Relayed | None:
    """None while more has to come."""
    if received.startswith(SIGNATURE):
        return _read_v2(received)
    if received.startswith(b"PROXY "):
        return _read_v1(received)
    if SIGNATURE.startswith(received[: len(SIGNATURE)]) or b"PROXY ".startswith(received):
        return None
    raise BadHeaderError(f"{received[:16]!r} is no PROXY header")


def _read_v1(received: bytes) -> Relayed | None:
    end = received.find(b"\r\n", 0, LONGEST_V1)
    if end < 0:
        if len(received) >= LONGEST_V1:
            raise BadHeaderError("a PROXY line has no end")
        return None
    match received[:end].decode("latin-1").split(" "):
        case ["PROXY", "UNKNOWN", *_]:
            return Relayed(None, None, end + 2)
        case ["PROXY", "TCP4" | "TCP6", source, destination, source_port, destination_port]:
            return Relayed(_end(source, source_port), _end(destination, destination_port), end + 2)
    raise BadHeaderError(f"{received[:end]!r} is no PROXY line")


def _end(address: str, port: str) -> tuple[str, int]:
    try:
        return str(ipaddress.ip_address(address)), int(port)
    except ValueError as error:
        raise BadHeaderError(str(error)) from error


def _read_v2(received: bytes) -> Relayed | None:
    if len(received) < HEAD.size:
        return None
    _, command, family, size = HEAD.unpack_from(received)
    length = HEAD.size + size
    if len(received) < length:
        return None
    if command not in {LOCAL, PROXY}:
        raise BadHeaderError(f"version and command {command:#x} are unknown")
    wide = {TCP4: 4, TCP6: 16}.get(family)
    if command == LOCAL or wide is None:
        return Relayed(None, None, length)
    if size < 2 * wide + PORTS.size:
        raise BadHeaderError("the addresses are cut short")
    at = HEAD.size
    addresses = [str(ipaddress.ip_address(received[at + n * wide : at + (n + 1) * wide])) for n in (0, 1)]
    ports = PORTS.unpack_from(received, at + 2 * wide)
    return Relayed((addresses[0], ports[0]), (addresses[1], ports[1]), length)


def write_header(client: Client) -> bytes:
    """Version 2, for the connection of this client."""
    try:
        ends = [ipaddress.ip_address(one.partition("%")[0]) for one in (client.address, client.server)]
    except ValueError:
        return HEAD.pack(SIGNATURE, LOCAL, 0, 0)
    if len({end.version for end in ends}) > 1:
        ends = [end if end.version == 6 else ipaddress.ip_address(f"::ffff:{end}") for end in ends]  # noqa: PLR2004 (IPv6)
    packed = ends[0].packed + ends[1].packed + PORTS.pack(client.port, client.server_port)
    return HEAD.pack(SIGNATURE, PROXY, TCP4 if ends[0].version == 4 else TCP6, len(packed)) + packed  # noqa: PLR2004 (IPv4)
