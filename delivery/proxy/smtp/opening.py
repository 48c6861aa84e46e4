"""Opens a connection to a backend: greeting, TLS, who the client is, AUTH. Ready for MAIL afterwards."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import TYPE_CHECKING, cast

from delivery.proxy.smtp.client import Client, Credentials
from delivery.proxy.smtp.extensions import read_extensions
from delivery.proxy.smtp.proxy_protocol import write_header
from delivery.proxy.smtp.xclient import write_xclient

if TYPE_CHECKING:
    import ssl

    from delivery.proxy.settings import BackendSettings
    from delivery.proxy.smtp.back import BackendConnection
    from delivery.proxy.smtp.extensions import Extensions
    from delivery.proxy.smtp.replies import Reply


NO_SUCH_COMMAND = {500, 501, 502, 504}


class CannotOpen(Exception):  # noqa: N818 (reads better where it is raised)
    """The text says why; where a backend refused, `reply` is what it said, and `about` to what."""

    def __init__(self, why: str, reply: Reply | None = None, about: str = "") -> None:
        super().__init__(why)
        self.reply, self.about = reply, about


class Opening:
    """Owns a connection until it is ready."""

    def __init__(
        self, connection: BackendConnection, settings: BackendSettings, client: Client, host_name: bytes
    ) -> None:
        self.connection, self.settings, self.client = connection, settings, client
        self.hello = b"EHLO " + host_name
        self.awaited: asyncio.Future[Reply] | None = None

    def lost(self, _connection: BackendConnection, why: str) -> None:
        if self.awaited is not None and not self.awaited.done():
            self.awaited.set_exception(CannotOpen(why))

    def has_room(self, *, room: bool) -> None:
        """Commands are short."""

    def broke(self, error: Exception) -> None:
        if self.awaited is not None and not self.awaited.done():
            self.awaited.set_exception(CannotOpen(f"a fault of the proxy: {error!r}"))

    async def open(self, context: ssl.SSLContext | None) -> None:
        """Raises CannotOpen or OSError (ssl.SSLError is one)."""
        loop, settings = asyncio.get_running_loop(), self.settings
        self.connection.owner = self
        greeting = self._await_reply()
        await loop.create_connection(lambda: self.connection, settings.address.host, settings.address.port)
        if settings.identity == "proxy":
            self.connection.write(write_header(self.client))
        if settings.security == "tls":
            await self._secure(context)
        self._check(await greeting, "greeting")
        extensions = await self._greet()
        if settings.security == "starttls":
            extensions = await self._start_tls(extensions, context)
        if settings.identity == "xclient":
            extensions = await self._introduce(extensions)
        await self._authenticate(extensions)
        self.connection.extensions = extensions

    def _await_reply(self) -> asyncio.Future[Reply]:
        self.awaited = awaited = asyncio.get_running_loop().create_future()

        def answered(reply: Reply) -> None:
            if not awaited.done():
                awaited.set_result(reply)

        self.connection.waiting.append(answered)
        return awaited

    async def _ask(self, command: bytes) -> Reply:
        if self.connection.is_closing:
            raise CannotOpen(self.connection.why)
        reply = self._await_reply()
        self.connection.write(command + b"\r\n")
        return await reply

    def _check(self, reply: Reply, about: str) -> Reply:
        if not reply.is_positive:
            raise CannotOpen(f"{about}: {reply.text}", reply, about)
        return reply

    async def _greet(self) -> Extensions:
        reply = await self._ask(self.hello)
        if reply.is_positive:
            return read_extensions(reply)
        if reply.code not in NO_SUCH_COMMAND:
            self._check(reply, "EHLO")
        self._check(await self._ask(self.hello.replace(b"EHLO", b"HELO")), "HELO")
        self.connection.is_reusable = True
        return {}

    async def _start_tls(self, extensions: Extensions, context: ssl.SSLContext | None) -> Extensions:
        if b"STARTTLS" not in extensions:
            raise CannotOpen("STARTTLS is not offered")
        self._check(await self._ask(b"STARTTLS"), "STARTTLS")
        if not self.connection.reader.is_empty:
            raise CannotOpen("something came between STARTTLS and TLS")
        await self._secure(context)
        return await self._greet()

    async def _secure(self, context: ssl.SSLContext | None) -> None:
        connection, loop = self.connection, asyncio.get_running_loop()
        if context is None or connection.transport is None:
            raise CannotOpen("TLS is not set up")
        name = self.settings.server_name or self.settings.address.host
        secured = await loop.start_tls(connection.transport, connection, context, server_hostname=name)
        connection.transport = cast("asyncio.Transport", secured)

    async def _introduce(self, extensions: Extensions) -> Extensions:
        command = write_xclient(self.client, extensions.get(b"XCLIENT", b""))
        if not command:
            raise CannotOpen("XCLIENT is not offered to this host")
        self._check(await self._ask(command), "XCLIENT")
        return await self._greet()

    async def _authenticate(self, extensions: Extensions) -> None:
        settings = self.settings
        credentials = Credentials(settings.user, settings.password) if settings.user else self.client.credentials
        if credentials is None:
            return
        user, password = credentials.user.encode(), credentials.password.encode()
        offered = extensions.get(b"AUTH", b"").upper().split()
        if b"LOGIN" in offered and b"PLAIN" not in offered:
            await self._ask(b"AUTH LOGIN")
            await self._ask(b64encode(user))
            reply = await self._ask(b64encode(password))
        else:
            reply = await self._ask(b"AUTH PLAIN " + b64encode(b"\0%b\0%b" % (user, password)))
        self._check(reply, "AUTH")
