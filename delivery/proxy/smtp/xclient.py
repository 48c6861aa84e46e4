"""Tells a backend who the client is with XCLIENT: https://www.postfix.org/XCLIENT_README.html."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery.proxy.smtp.client import Client

UNAVAILABLE = b"[UNAVAILABLE]"
# xtext of RFC 1891: what is not printable, and the two characters that mean something, as +XX.
PLAIN = frozenset(range(0x21, 0x7F)) - set(b"+=")


def write_xclient(client: Client, offered: bytes) -> bytes:
    """The command, with those attributes that the backend's EHLO names; empty where that leaves none."""
    known = {
        b"ADDR": _address(client.address),
        b"PORT": b"%d" % client.port,
        b"NAME": UNAVAILABLE,
        b"HELO": xtext(client.helo),
        b"LOGIN": xtext(client.user.encode()) if client.user else UNAVAILABLE,
        b"PROTO": b"ESMTP",
        b"DESTADDR": _address(client.server) if client.server else UNAVAILABLE,
        b"DESTPORT": b"%d" % client.server_port,
    }
    words = [b"%b=%b" % (name, known[name]) for name in offered.upper().split() if known.get(name)]
    return b" ".join([b"XCLIENT", *words]) if words else b""


def _address(text: str) -> bytes:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return UNAVAILABLE
    return b"%b%b" % (b"IPV6:" if address.version == 6 else b"", str(address).encode())  # noqa: PLR2004 (IPv6)


def xtext(text: bytes) -> bytes:
    return b"".join(bytes((one,)) if one in PLAIN else b"+%02X" % one for one in text)
