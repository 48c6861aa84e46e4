"""One connection to a backend: commands out, replies in, in order."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Protocol, cast

from delivery.proxy.smtp.replies import CLOSING, BrokenReplyError, Reply, ReplyReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from delivery.proxy.smtp.extensions import Extensions
    from delivery.proxy.smtp.pool import Pool

    OnReply = Callable[[Reply], None]


class Owner(Protocol):
    """Who uses a connection just now."""

    def lost(self, connection: BackendConnection, why: str) -> None: ...
    def has_room(self, *, room: bool) -> None: ...
    def broke(self, error: Exception) -> None: ...


class BackendConnection(asyncio.Protocol):
    """`is_reusable` until something was refused on it: what one client did is not held against another."""

    __slots__ = (
        "extensions",
        "idle_since",
        "is_closing",
        "is_reusable",
        "key",
        "messages",
        "owner",
        "pool",
        "reader",
        "resets",
        "transport",
        "waiting",
        "why",
    )

    def __init__(self, pool: Pool, key: tuple[object, ...]) -> None:
        self.pool, self.key = pool, key
        self.transport: asyncio.Transport | None = None
        self.reader = ReplyReader()
        self.waiting: deque[OnReply] = deque()
        self.owner: Owner | None = None
        self.extensions: Extensions = {}
        self.is_closing, self.is_reusable = False, True
        self.messages = self.resets = 0
        self.idle_since = 0.0
        self.why = "closed by the mail server"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, chunk: bytes) -> None:
        try:
            replies = self.reader.feed(chunk)
        except BrokenReplyError as error:
            self.abort(f"sent {error}")
            return
        for reply in replies:
            if not self.waiting:
                self.abort(f"said without being asked: {reply.text}")
                return
            if reply.code >= CLOSING:
                self.is_reusable = False
            owner = self.owner
            try:
                self.waiting.popleft()(reply)
            except Exception as error:
                if owner is None:
                    raise
                owner.broke(error)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self.is_closing = True
        if error is not None:
            self.why = str(error) or type(error).__name__
        self._let_go()
        self.pool.gone(self)

    def pause_writing(self) -> None:
        if self.owner is not None:
            self.owner.has_room(room=False)

    def resume_writing(self) -> None:
        if self.owner is not None:
            self.owner.has_room(room=True)

    def ask(self, command: bytes, on_reply: OnReply) -> None:
        """`command` with its line end; `on_reply` comes once, or the owner is told that the connection is lost."""
        self.waiting.append(on_reply)
        if self.transport is not None:
            self.pool.outgoing.say(self.transport, command)

    def ask_all(self, commands: list[bytes], then: Callable[[list[Reply]], None]) -> None:
        """`then` gets all replies; fewer where pipelining is not offered and one of the first was a refusal."""
        replies: list[Reply] = []
        is_pipelined = b"PIPELINING" in self.extensions

        def answered(reply: Reply) -> None:
            replies.append(reply)
            if len(replies) == len(commands) or not (is_pipelined or reply.is_positive):
                then(replies)
            elif not is_pipelined:
                self.ask(commands[len(replies)], answered)

        if is_pipelined:
            self.waiting.extend([answered] * (len(commands) - 1))
            self.ask(b"".join(commands), answered)
        else:
            self.ask(commands[0], answered)

    def write(self, content: bytes) -> None:
        """At once. Nothing that was asked may wait to be written then: all of it was answered."""
        if self.transport is not None:
            self.transport.write(content)

    def abort(self, why: str) -> None:
        """Ends it at once, with nothing more sent: what was begun must not be taken for whole."""
        if self.is_closing:
            return
        self.why, self.is_closing = why, True
        if self.transport is not None:
            self.transport.abort()
        self._let_go()

    def quit(self) -> None:
        """Ends it where nothing is under way."""
        self.owner, self.is_closing = None, True
        if self.transport is not None:
            self.transport.write(b"QUIT\r\n")
            self.transport.close()

    def _let_go(self) -> None:
        owner, self.owner = self.owner, None
        self.waiting.clear()
        if owner is not None:
            owner.lost(self, self.why)
