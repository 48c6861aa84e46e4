"""The second half of a transaction: the content, settled on a backend by its header block.

The client is told 354 before the backend is asked: which backend it is, the header block decides. A backend that
refuses DATA is heard at the client's dot, in its own words.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from delivery.proxy import figures
from delivery.proxy.choice.chooser import Choice
from delivery.proxy.choice.headers import identity_of, message_id_of
from delivery.proxy.journal import retries
from delivery.proxy.smtp import replies
from delivery.proxy.smtp.body import Body
from delivery.proxy.smtp.envelope_stage import EnvelopeStage
from delivery.proxy.smtp.held import Held
from delivery.proxy.smtp.states import DATA, FLOWING, OVER, REFUSED

if TYPE_CHECKING:
    from delivery.proxy.envelope import Backend
    from delivery.proxy.journal import Entry, Key
    from delivery.proxy.smtp.back import BackendConnection
    from delivery.proxy.smtp.replies import Reply

ASK = b"DATA\r\n"
SMALL = 65_536  # bytes of content that wait for the journal rather than go out by themselves


class ContentStage(EnvelopeStage):
    """`is_fresh` says that `earlier` was asked in this very turn of the loop."""

    body: Body
    key: Key
    unsent = message_id = b""
    is_receiving = is_settled = is_intended = is_durable = is_fresh = False
    earlier: tuple[Entry, ...] = ()
    held: Held
    ended_at = 0.0

    @abstractmethod
    def _intend(self) -> None:
        """The content is whole: into the journal with it, unless it was accepted before."""

    @abstractmethod
    def _end_content(self) -> None:
        """The dot, once the content is whole, written and journalled."""

    @property
    def awaits_client(self) -> bool:
        if not self.is_receiving:
            return super().awaits_client
        is_kept_waiting = self.front.is_paused and not self.front.is_full
        return not (self.body.has_ended or is_kept_waiting or self.state == OVER)

    @property
    def received(self) -> int:
        return self.body.size if self.is_receiving else 0

    @property
    def may_begin_again(self) -> bool:
        return not self.is_settled or self.held.is_whole

    def content(self) -> bool:
        """DATA of the client: whether content follows."""
        if self.verdict is not None:
            self._finish()
            self.front.answer(self.verdict)
            return False
        if not self.recipients:
            self.front.answer(replies.NO_RECIPIENTS)
            return False
        self.body, self.held, self.is_receiving = Body(), Held(self.proxy), True
        return True

    def receive(self, chunk: bytes) -> bytes | None:
        """What came behind the end of the content; None while it goes on."""
        body = self.body
        passed, rest = body.feed(chunk)
        if self.verdict is None:
            self._take(passed)
        if not body.has_ended:
            return None
        self.ended_at = self.proxy.loop.time()
        self.proxy.row[figures.BYTES] += body.size
        if self.state == REFUSED and self.verdict is not None:
            self._answer(self.verdict)
        elif self.attempt:
            self._intend()
        self.is_fresh = False
        return rest

    def _take(self, passed: bytes) -> None:
        if self.body.fault:
            self.proxy.row[figures.SMUGGLING] += 1
            self._fail(replies.AMBIGUOUS_END)
        elif self.body.size > self.proxy.limits.message > 0:
            self._fail(replies.MESSAGE_TOO_BIG)
        else:
            self._pass_on(passed)
            if self.body.has_header and not self.is_settled:
                self._settle()

    def _pass_on(self, passed: bytes) -> None:
        held = self.held
        if held.is_whole:
            held.add(passed)
        if self.state != FLOWING or self.connection is None:
            if held.is_too_much:
                self.front.pause()
            return
        self.connection.write(passed)
        if held.is_too_much:
            held.forget()

    def _settle(self) -> None:
        """The header block is known: nothing of the content has gone anywhere yet."""
        self.is_settled = self.is_fresh = True
        proxy, envelope, header = self.proxy, self.envelope, self.body.header
        self.message_id = message_id_of(header)
        identity = self.message_id or identity_of(header)
        named = bool(self.message_id)
        self.key = proxy.journal.key_of(envelope.sender, envelope.recipients, identity, is_named=named)
        self.earlier = proxy.journal.binding(self.key)
        if self.earlier and (pinned := retries.pinned_side(self.earlier)):
            self.choice = Choice(pinned, "retry", settled=True, why="an earlier attempt may have arrived there")
        elif not self.choice.settled:
            self.choice = proxy.chooser.settled(envelope, header)
        if self._stays():
            self._settle_on(self.side)
        else:
            self.rule = self.choice.rule
            self._settle_on(self.choice.backend)

    def _settle_on(self, side: Backend) -> None:
        if self.connection is None:
            self._set_out(side)
        elif side == self.side:
            self._try()
        else:
            self.first, self.connection = self.connection, None
            self._set_out(side)

    def _try(self) -> None:
        if self._begin_attempt():
            self._ask(DATA, ASK, self._content_answered)

    def _begin_attempt(self) -> bool:
        """Whether it goes on: the journal may know that the message was accepted before."""
        if self.side != self.choice.backend:
            self._release()
        self.attempt = self.proxy.journal.new_id()
        if self.body.has_ended:
            self._intend()
        return self.state not in {REFUSED, OVER}

    def _replay(self, connection: BackendConnection) -> None:
        if not self.is_settled or self._begin_attempt():
            super()._replay(connection)

    def _commands(self, connection: BackendConnection) -> list[bytes]:
        commands = super()._commands(connection)
        return [*commands, ASK] if self.is_settled else commands

    def _content_replayed(self, reply: Reply) -> None:
        if reply.code == replies.START_MAIL_INPUT:
            self._leave_first()
        self._content_answered(reply)

    def _content_answered(self, reply: Reply) -> None:
        if reply.code == replies.START_MAIL_INPUT:
            self._flow()
        elif reply.code == replies.CLOSING:
            self._said_farewell(reply)
        else:
            self._withdraw(reply.raw)
            self._fail(reply)

    def _flow(self) -> None:
        """The backend takes content: all that was held, then whatever comes."""
        self._move(FLOWING)
        connection = self.connection
        if connection is None:
            return
        name, content = self.proxy.trace_header, b"".join(self.held.chunks)
        self.unsent = b"%b: %b\r\n%b" % (name, self.attempt.encode(), content) if name else content
        if self.is_durable or not self.is_intended or len(self.unsent) > SMALL:
            # Otherwise the journal is waited for: content and dot then go out together.
            connection.write(self.unsent)
            self.unsent = b""
        if self.held.is_too_much:
            self.held.forget()
        self.front.resume()
        self._await_more()
        self._end_content()

    def _await_more(self) -> None:
        """Of the client, whose time it watches itself; or of the journal, which tells in time by itself."""
        if self.body.has_ended:
            self.deadline.set(self.proxy.limits.dot)
        else:
            self.deadline.clear()

    def has_room(self, *, room: bool) -> None:
        """Of the backend, for more content: without it the client waits too."""
        if self.state != FLOWING:
            return
        if room:
            self._await_more()
            self.front.resume()
        else:
            self.deadline.set(self.proxy.limits.block)
            self.front.pause()

    def _withdraw(self, reply: bytes = b"") -> None:
        if self.is_intended:
            self.proxy.journal.conclude(self.attempt, "refused", reply)
        self.attempt, self.unsent = "", b""
        self.is_intended = self.is_durable = False

    def _release(self) -> None:
        if self.choice.taken:
            self.proxy.chooser.release(self.choice)
            self.choice = replace(self.choice, taken=None)

    def _fail(self, refusal: Reply) -> None:
        super()._fail(refusal)
        if self.is_receiving:
            self.held.forget()
            self.front.resume()
            if self.body.has_ended:
                self._answer(refusal)

    def _answer(self, reply: Reply) -> None:
        self._finish()
        if self.ended_at:
            figures.note_wait(self.proxy.row, self.proxy.loop.time() - self.ended_at)
        self.front.answer(reply)

    def _forget(self) -> None:
        super()._forget()
        if self.is_receiving:
            self.held.forget()
