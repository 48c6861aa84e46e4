"""The client's side of a session: lines in, replies out, in order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from delivery.proxy.smtp import hearing, replies
from delivery.proxy.smtp.arrival import arrive, greet, read_source
from delivery.proxy.smtp.client import Client, client_of
from delivery.proxy.smtp.deadline import Deadline
from delivery.proxy.smtp.dialogue import obey
from delivery.proxy.smtp.farewell import cut, hang_up
from delivery.proxy.smtp.states import OVER
from delivery.proxy.smtp.tls import start_tls

if TYPE_CHECKING:
    from delivery.proxy.journal import Key
    from delivery.proxy.smtp.auth import Steps
    from delivery.proxy.smtp.entrance import Entrance
    from delivery.proxy.smtp.extensions import Extensions
    from delivery.proxy.smtp.proxy import Proxy
    from delivery.proxy.smtp.replies import Reply
    from delivery.proxy.smtp.transaction import Transaction

MOST_AHEAD = 65_536  # bytes of commands a client may be ahead of its replies
MOST_AT_ONCE = 64  # commands of one client before the others have their turn
SLOWEST = 100  # bytes of content a second, once a block's time is over


class Session(asyncio.Protocol):
    """`is_busy` from a command to its reply; `is_inside` while `advance` runs, which goes on by itself then.

    `has_said_mail` until the transaction it was meant to begin would be over. `said_in` is the turn of the loop in
    which the client was told something last.
    """

    def __init__(self, proxy: Proxy, entrance: Entrance) -> None:
        self.proxy, self.entrance = proxy, entrance
        self.transport: asyncio.Transport | None = None
        self.client = Client("", 0)
        self.buffer, self.at = b"", 0
        self.transaction: Transaction | None = None
        self.offered: Extensions = {}
        self.steps: Steps | None = None
        self.errors = 0
        self.has_said_mail = False
        self.content_since, self.said_in = 0.0, -1
        self.awaits_header = self.is_busy = self.is_inside = self.is_content = self.is_skipping = False
        self.is_stuffed = self.is_secure = self.is_paused = self.is_full = self.has_ended = False
        self.unheard: tuple[str, Key] | None = None
        self.deadline = Deadline(proxy.deadlines, self._silent)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.client = client_of(self.transport)
        self.proxy.entered(self)
        self.deadline.set(self.proxy.limits.command)
        if self.entrance.expects_header(self.client.address):
            self.awaits_header = True
        else:
            arrive(self)

    def secure(self, *, greets: bool = False) -> None:
        """TLS from here on; whatever comes before it is over is not read."""
        self.is_busy = True
        self.proxy.outgoing.flush()
        if self.transport is not None:
            self.transport.pause_reading()
        self.proxy.keep(self.proxy.loop.create_task(self._secured(greets=greets)))

    async def _secured(self, *, greets: bool) -> None:
        secured = await start_tls(self.transport, self, self.entrance.context, self.proxy.loop)
        if secured is None:
            self.abort()
            return
        self.transport = secured
        self.is_secure, self.is_busy = True, False
        self.deadline.set(self.proxy.limits.command)
        if greets:
            greet(self)
        self.advance()

    @property
    def is_ahead(self) -> bool:
        """Whether the client said something that was not looked at yet."""
        return self.at < len(self.buffer)

    @property
    def has_line(self) -> bool:
        """Whether a whole command waits; half a one never ends once the client has ended."""
        return self.buffer.find(b"\n", self.at) >= 0

    def data_received(self, chunk: bytes) -> None:
        if self.unheard is not None and not self.is_busy and self.at >= len(self.buffer):
            hearing.came_more(self)
        self.buffer = self.buffer[self.at :] + chunk if self.at < len(self.buffer) else chunk
        self.at = 0
        if self.awaits_header:
            read_source(self)
        if not self.is_busy:
            self.advance()
        if len(self.buffer) - self.at > MOST_AHEAD and not self.is_paused:
            self.pause(is_full=True)

    def advance(self) -> None:
        """Obeys what has come, until a reply has to be waited for."""
        if self.is_inside or self.awaits_header:
            return
        self.is_inside = True
        try:
            self._take_some()
        except Exception as error:  # noqa: BLE001 (whatever it is, the client must not wait for ever)
            self._broke(error)
        self.is_inside = False
        if self.has_ended and not self.is_busy and (self.is_content or not self.has_line):
            self.close()

    def _take_some(self) -> None:
        for _ in range(MOST_AT_ONCE):
            if self.is_busy or self.at >= len(self.buffer) or self.is_stuffed or self.transport is None:
                return
            if not (self._take_content() if self.is_content else self._take_line()):
                return
        self.proxy.loop.call_soon(self.advance)

    def _broke(self, error: Exception) -> None:
        """A fault of the proxy itself ends the session, and what was under way in it."""
        if self.transaction is not None:
            self.transaction.broke(error)
        else:
            self.proxy.tell_fault(error, self.client.address)
            self.close(replies.FAULT)

    def _take_content(self) -> bool:
        chunk = self.buffer[self.at :] if self.at else self.buffer
        self.buffer, self.at = b"", 0
        transaction = self.transaction
        if transaction is None:
            return False
        rest = transaction.receive(chunk)
        if rest is None:
            self._watch_speed(transaction.body.size)
            return True
        self.is_content, self.buffer = False, rest
        self.deadline.clear()
        if transaction.state == OVER:
            self.transaction, self.is_busy = None, False
        else:
            self.is_busy = True
        return True

    def _watch_speed(self, size: int) -> None:
        now, block = self.proxy.loop.time(), self.proxy.limits.block
        if now - self.content_since > block and size < (now - self.content_since) * SLOWEST:
            self._silent()
        elif not self.is_paused:
            self.deadline.set(block)

    def _take_line(self) -> bool:
        end = self.buffer.find(b"\n", self.at)
        longest = self.proxy.limits.command_line
        if end < 0:
            if len(self.buffer) - self.at > longest:
                self.is_skipping, self.buffer, self.at = True, b"", 0
            return False
        line, self.at = self.buffer[self.at : end + 1], end + 1
        is_too_long, self.is_skipping = self.is_skipping or len(line) > longest, False
        self.is_busy = True
        self.deadline.clear()
        if is_too_long:
            self.mistake(replies.LINE_TOO_LONG)
        else:
            obey(self, line)
        return True

    def answer(self, reply: Reply) -> None:
        """To the command that is waited for."""
        if self.transport is None:
            return
        self.write(reply.raw)
        self.is_busy = False
        if self.transaction is not None and self.transaction.state == OVER:
            self.transaction = None
        if reply.code == replies.CLOSING:
            self.close()
        elif self.proxy.is_leaving and self.transaction is None:
            self.close(replies.SHUTTING_DOWN)
        else:
            self.deadline.set(self.proxy.limits.command)
            if self.is_paused and not self.is_content and len(self.buffer) - self.at <= MOST_AHEAD:
                self.resume()
            if self.is_ahead or self.has_ended:
                self.advance()

    def mistake(self, reply: Reply) -> None:
        """An answer to what a client should not have sent."""
        self.errors += 1
        if self.errors > self.proxy.limits.errors:
            self.close(replies.TOO_MANY_ERRORS)
        else:
            self.answer(reply)

    def begin_content(self) -> None:
        self.is_content = True
        self.content_since = self.proxy.loop.time()
        self.answer(replies.START_INPUT)
        self.deadline.set(self.proxy.limits.block)

    def write(self, content: bytes) -> None:
        if self.transport is not None:
            self.said_in = self.proxy.outgoing.turn
            self.proxy.outgoing.say(self.transport, content)

    def pause(self, *, is_full: bool = False) -> None:
        """Nothing more is read until `resume`.

        The time for content is then watched by whoever takes it; unless it `is_full` of what the client sent without
        reading its replies, for whom nobody else watches.
        """
        if self.transport is None:
            return
        if not self.is_paused:
            self.transport.pause_reading()
        self.is_paused, self.is_full = True, is_full
        if self.is_content and not is_full:
            self.deadline.clear()

    def resume(self) -> None:
        if self.transport is not None and self.is_paused:
            self.is_paused = self.is_full = False
            self.transport.resume_reading()
            if self.is_content:
                self.deadline.set(self.proxy.limits.block)

    def pause_writing(self) -> None:
        self.is_stuffed = True

    def resume_writing(self) -> None:
        self.is_stuffed = False
        if self.is_content and self.is_full:
            self.resume()
        if not self.is_busy:
            self.advance()

    def retire(self) -> None:
        """The proxy stops: without a transaction the session ends now, else after it."""
        if self.transaction is None and not self.is_busy:
            self.close(replies.SHUTTING_DOWN)

    def close(self, reply: Reply | None = None) -> None:
        if self.transport is None:
            return
        if reply is not None:
            self.write(reply.raw)
        self.proxy.outgoing.flush()
        hearing.closed(self, was_silent=reply is replies.IDLE_TOO_LONG)
        if self.is_stuffed:
            cut(self.transport)
        else:
            hang_up(self.transport, self.proxy.loop)
        self._leave()

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()
        self._leave()

    def _silent(self) -> None:
        self.close(replies.TOO_SLOW if self.is_content else replies.IDLE_TOO_LONG)

    def eof_received(self) -> bool:
        """A client may have said all it wants to say: it is answered before its connection is closed."""
        if not self.is_busy:
            hearing.came_more(self)
        self.proxy.outgoing.flush()
        self.has_ended = True
        return (self.is_busy or self.has_line) and not (self.is_content or self.is_secure)

    def connection_lost(self, _error: Exception | None) -> None:
        self._leave()

    def _leave(self) -> None:
        hearing.broke(self)
        self.transport = None
        self.deadline.close()
        transaction, self.transaction = self.transaction, None
        if transaction is not None:
            transaction.end()
        self.proxy.left(self, knew=not self.awaits_header)
