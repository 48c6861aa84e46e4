"""How a connection to a client ends."""

from __future__ import annotations

from socket import SO_LINGER, SOL_SOCKET
from struct import pack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

LAST_WORDS = 10.0  # seconds in which a client may read what it was told before its connection is cut
AT_ONCE = pack("ii", 1, 0)


def hang_up(transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
    """What is left to say is said for a moment, and no longer, to a client that does not read."""
    transport.close()
    if transport.get_write_buffer_size():
        loop.call_later(LAST_WORDS, cut, transport)


def cut(transport: asyncio.Transport) -> None:
    """Nothing is left of it in the system either, which would go on offering what was not read."""
    if (socket := transport.get_extra_info("socket")) is not None and socket.fileno() >= 0:
        socket.setsockopt(SOL_SOCKET, SO_LINGER, AT_ONCE)
    transport.abort()
