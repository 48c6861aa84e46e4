"""Who is on the other side of a client's connection, as far as a backend may be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import asyncio

    from delivery.proxy.settings import BackendSettings


class Credentials(NamedTuple):
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.user!r})"


class Client(NamedTuple):
    """`server` and `server_port` are what it connected to. `credentials` are there where they are passed through."""

    address: str
    port: int
    server: str = ""
    server_port: int = 0
    helo: bytes = b""
    user: str | None = None
    credentials: Credentials | None = None


def client_of(transport: asyncio.Transport) -> Client:
    peer, here = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
    return Client(peer[0], peer[1], here[0], here[1]) if isinstance(peer, tuple) else Client("local", 0)


NOBODY = Client("127.0.0.1", 0)


def key_of(client: Client, settings: BackendSettings) -> tuple[object, ...]:
    """Connections of the same key may serve each other's transactions."""
    if settings.identity == "proxy":
        return client
    if settings.identity == "xclient":
        return (client.address, client.helo, client.user, client.credentials)
    return (None if settings.user else client.credentials,)
