"""The second half of a transaction: the content, settled on a backend, journalled, and only then ended with a dot.

The client is told 354 before the backend is asked: which backend it is, the header block decides. A backend that
refuses DATA is heard at the client's dot, in its own words.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from delivery.proxy import figures
from delivery.proxy.choice.chooser import Choice
from delivery.proxy.choice.headers import identity_of, message_id_of
from delivery.proxy.journal import Intent, JournalUnavailable, retries
from delivery.proxy.smtp import hearing, replies
from delivery.proxy.smtp.body import Body
from delivery.proxy.smtp.envelope_stage import EnvelopeStage
from delivery.proxy.smtp.held import Held
from delivery.proxy.smtp.replies import Reply

if TYPE_CHECKING:
    from delivery.proxy.envelope import Backend
    from delivery.proxy.journal import Entry, Key, Outcome
    from delivery.proxy.smtp.back import BackendConnection

DATA = b"DATA\r\n"
DOT = b".\r\n"
REFUSALS = 400
SMALL = 65_536  # bytes of content that wait for the journal rather than go out by themselves


class ContentStage(EnvelopeStage):
    """`attempt` is the id under which the journal knows what is being tried; empty where nothing is.

    `first` is where the transaction began, while it moves on. `instead` is where to go once a connection that is being
    opened is there. `is_fresh` says that `earlier` was asked in this very turn of the loop.
    """

    body: Body
    key: Key
    attempt = ""
    unsent = message_id = b""
    is_receiving = is_settled = is_intended = is_durable = is_flowing = has_dot = is_fresh = False
    earlier: tuple[Entry, ...] = ()
    first: BackendConnection | None = None
    instead: Backend | None = None
    held: Held
    ended_at = 0.0

    def content(self) -> bool:
        """DATA of the client: whether content follows."""
        if self.verdict is None and not self.recipients:
            self.front.answer(replies.NO_RECIPIENTS)
            return False
        if self.verdict is not None:
            self.end()
            self.front.answer(self.verdict)
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
        if self.verdict is not None:
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
        if self.held.is_whole:
            self.held.add(passed)
        if self.is_flowing and self.connection is not None:
            self.connection.write(passed)
        elif self.held.is_too_much:
            self.front.pause()
        if self.is_flowing and self.held.is_too_much:
            self.held.forget()

    def _settle(self) -> None:
        """The header block is known: nothing of the content has gone anywhere yet."""
        self.is_settled = self.is_fresh = True
        proxy, envelope, header = self.proxy, self.envelope, self.body.header
        self.message_id = message_id_of(header)
        identity = self.message_id or identity_of(header)
        named = bool(self.message_id)
        self.key = proxy.journal.key_of(envelope.sender, envelope.recipients, identity, is_named=named)
        self.earlier = proxy.journal.binding(self.key)
        if pinned := retries.pinned_side(self.earlier):
            self.choice = Choice(pinned, "retry", settled=True, why="an earlier attempt may have arrived there")
        elif not self.choice.settled:
            self.choice = proxy.chooser.settled(envelope, header)
        side = self.choice.backend
        if side != self.side and self.rule == "failover" and proxy.may_fall_over(self.choice, self.side):
            self._settle_on(self.side)
        else:
            self.rule = self.choice.rule
            self._settle_on(side)

    def _settle_on(self, side: Backend) -> None:
        if self.connection is None:
            self.instead = side
        elif side == self.side:
            self._try(self.connection)
        else:
            self.first, self.connection = self.connection, None
            self._go(side)

    def _try(self, connection: BackendConnection) -> None:
        """The envelope was accepted there: now the content."""
        self._begin_attempt()
        if self.verdict is None and not self.is_over:
            self._ask(connection, DATA, self._content_answered)

    def _begin_attempt(self) -> None:
        if self.side != self.choice.backend:
            self._release()
        self.attempt = self.proxy.journal.new_id()
        if self.body.has_ended:
            self._intend()

    def _content_answered(self, reply: Reply) -> None:
        self.deadline.clear()
        if reply.code == replies.START_MAIL_INPUT:
            self._flow()
        elif reply.code == replies.CLOSING:
            self._said_farewell(reply)
        else:
            self._refused(reply)

    def _refused(self, reply: Reply) -> None:
        self._withdraw(reply.raw)
        self._fail(reply)

    def _flow(self) -> None:
        """The backend takes content: all that was held, then whatever comes."""
        connection = self.connection
        if connection is None:
            return
        self.is_flowing = True
        name, content = self.proxy.trace_header, b"".join(self.held.chunks)
        self.unsent = b"%b: %b\r\n%b" % (name, self.attempt.encode(), content) if name else content
        if self.is_durable or not self.is_intended or len(self.unsent) > SMALL:
            # Otherwise the journal is waited for: content and dot then go out together.
            connection.write(self.unsent)
            self.unsent = b""
        if self.held.is_too_much:
            self.held.forget()
        self.front.resume()
        self._end_content()

    def _intend(self) -> None:
        """The content is whole: into the journal with it, unless it was accepted before."""
        if self.is_intended:
            return
        intent, earlier = self._intent(), self.earlier if self.is_fresh else self.proxy.journal.binding(self.key)
        if earlier:
            if entry := retries.repeated(self.key, earlier, intent.digest):
                self._repeat(intent, entry)
                return
            if retries.forbids(earlier, intent.digest, self.side):
                self.proxy.row[figures.IN_FLIGHT] += 1
                self._fail(replies.IN_FLIGHT)
                return
            intent = intent._replace(doubled=retries.doubled(self.key, earlier, intent.recipients, intent.digest))
        try:
            self.proxy.journal.append(intent, partial(self._became_durable, intent.id))
        except JournalUnavailable:
            self.proxy.row[figures.UNJOURNALED] += 1
            self._fail(replies.NO_JOURNAL)
        else:
            self.is_intended = True

    def _intent(self) -> Intent:
        envelope, body = self.envelope, self.body
        return Intent(
            id=self.attempt,
            key=self.key,
            backend=self.side,
            rule=self.rule,
            client=envelope.client,
            listener=envelope.listener,
            user=envelope.user or "",
            sender=envelope.sender,
            recipients=envelope.recipients,
            message_id=self.message_id,
            size=body.size,
            digest=body.digest.hexdigest(),
        )

    def _repeat(self, intent: Intent, entry: Entry) -> None:
        self.proxy.journal.note(intent._replace(backend=entry.backend, rule="retry"), "repeated", entry.reply)
        self.proxy.row[figures.REPEATED] += 1
        hearing.expect(self.front, entry.id, self.key)
        self._fail(Reply(int(entry.reply[:3]), entry.reply + b"\r\n"))

    def _became_durable(self, attempt: str, error: JournalUnavailable | None) -> None:
        if attempt != self.attempt or not self.is_intended:
            return
        if error is None:
            self.is_durable = True
            self._end_content()
        else:
            self.proxy.row[figures.UNJOURNALED] += 1
            self._fail(replies.NO_JOURNAL)

    def _end_content(self) -> None:
        """The dot, once the content is whole, written and journalled."""
        if self.is_flowing and self.is_durable and self.connection is not None:
            self.has_dot = True
            self.deadline.set(self.proxy.limits.dot)
            self.connection.ask(self.unsent + DOT, self._concluded)

    def _concluded(self, reply: Reply) -> None:
        connection, self.connection = self.connection, None
        outcome: Outcome = "accepted" if reply.is_positive else "refused"
        if connection is None or not (reply.is_positive or reply.code >= REFUSALS):
            self._unknown(f"the reply to the dot was {reply.text}", connection)
            return
        self.proxy.journal.conclude(self.attempt, outcome, reply.raw)
        self.proxy.row[figures.PLACE[f"{outcome}_{self.side}"]] += 1
        connection.messages, connection.resets = connection.messages + 1, 0
        self.proxy.pools[self.side].give_back(connection)
        if not reply.is_positive:
            self._release()
        else:
            hearing.expect(self.front, self.attempt, self.key)
        self._answer(reply)

    def _unknown(self, why: str, connection: BackendConnection | None = None) -> None:
        """The dot went out and no reply tells what became of the message."""
        if connection is not None:
            connection.owner = None
            connection.abort(why)
        self.proxy.journal.conclude(self.attempt, "unknown", b"")
        self.proxy.row[figures.UNKNOWN_NEW if self.side == "new" else figures.UNKNOWN_OLD] += 1
        self.proxy.log("unknown outcome", backend=self.side, id=self.attempt, why=why, client=self.envelope.client)
        self._answer(replies.OUTCOME_UNKNOWN)

    def _withdraw(self, reply: bytes = b"") -> None:
        """The attempt is over without a dot: nobody has the message."""
        if self.is_intended:
            self.proxy.journal.conclude(self.attempt, "refused", reply)
        self.attempt, self.unsent = "", b""
        self.is_intended = self.is_durable = self.is_flowing = False

    def _fail(self, refusal: Reply) -> None:
        self._withdraw()
        self._release()
        super()._fail(refusal)
        if self.is_receiving:
            self.held.forget()
            self.front.resume()
            if self.body.has_ended:
                self._answer(refusal)

    def _release(self) -> None:
        """Of a cap nothing was used."""
        if self.choice.taken:
            self.proxy.chooser.release(self.choice)
            self.choice = replace(self.choice, taken=None)

    def _answer(self, reply: Reply) -> None:
        if not self.is_over:
            self._finish()
            self.held.forget()
            if self.ended_at:
                figures.note_wait(self.proxy.row, self.proxy.loop.time() - self.ended_at)
            self.front.answer(reply)
