"""The first half of a transaction: MAIL and RCPT, at one backend, or begun again at another while that is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.proxy.figures import FAILOVERS, PARTED, SLOW, TRANSACTIONS_OPEN
from delivery.proxy.smtp import replies
from delivery.proxy.smtp.commands import write_parameters
from delivery.proxy.smtp.deadline import Deadline
from delivery.proxy.smtp.extensions import fit_parameters
from delivery.proxy.smtp.proxy import OTHER

if TYPE_CHECKING:
    from collections.abc import Callable

    from delivery.proxy.choice.chooser import Choice
    from delivery.proxy.envelope import Backend, Envelope
    from delivery.proxy.smtp.back import BackendConnection
    from delivery.proxy.smtp.commands import Path
    from delivery.proxy.smtp.front import Session
    from delivery.proxy.smtp.opening import CannotOpen
    from delivery.proxy.smtp.proxy import Proxy
    from delivery.proxy.smtp.replies import Reply

ATTEMPTS = 2  # at each side
PATIENCE = 0.9  # of what a client waits: the backend's silence is told before the client's patience ends


class EnvelopeStage:
    """`verdict`, once set, answers everything that is still to come."""

    def __init__(self, proxy: Proxy, front: Session, envelope: Envelope, sender: Path) -> None:
        self.proxy, self.front, self.envelope, self.sender = proxy, front, envelope, sender
        self.choice: Choice = proxy.chooser.provisional(envelope)
        self.side: Backend = self.choice.backend
        self.needs_recipient = self.choice.needs == "recipient"
        self.rule = self.choice.rule
        self.connection: BackendConnection | None = None
        self.recipients: list[Path] = []
        self.asked: Path | None = sender
        self.is_begun = self.is_over = False
        self.attempts: dict[Backend, int] = {"old": 0, "new": 0}
        self.verdict: Reply | None = None
        self.farewell: Reply | None = None
        self.deadline = Deadline(proxy.deadlines, self._silent)

    def begin(self) -> None:
        self.proxy.under_way.add(self)
        self.proxy.row[TRANSACTIONS_OPEN] += 1
        self._go(self.side)

    def _finish(self) -> None:
        self.is_over = True
        self.deadline.close()
        self.proxy.under_way.discard(self)
        self.proxy.row[TRANSACTIONS_OPEN] -= 1

    def _go(self, side: Backend) -> None:
        self.side = side
        pool = self.proxy.pools[side]
        take = pool.open if self.attempts[side] else pool.take
        self.attempts[side] += 1
        take(self.front.client, self._ready)

    def _ready(self, connection: BackendConnection | None, why: CannotOpen | None) -> None:
        if connection is None:
            if not self.is_over:
                self._unreachable(str(why))
            return
        if self.is_over:
            self.proxy.pools[self.side].give_back(connection)
            return
        connection.owner = self
        self.connection = connection
        if self.is_begun:
            self._replay(connection)
        else:
            self._ask(connection, self._mail(connection), self._mail_answered)

    def _ask(self, connection: BackendConnection, command: bytes, then: Callable[[Reply], None]) -> None:
        self.deadline.set(self.proxy.limits.command * PATIENCE)
        connection.ask(command, then)

    def _mail(self, connection: BackendConnection) -> bytes:
        return _written(b"MAIL", self.sender, connection)

    def _mail_answered(self, reply: Reply) -> None:
        self.deadline.clear()
        if reply.code == replies.CLOSING:
            self._said_farewell(reply)
            return
        self.asked = None
        self.is_begun = reply.is_positive
        if not self.is_begun:
            self.end()
        self.front.answer(reply)

    def _said_farewell(self, reply: Reply) -> None:
        self.farewell = reply
        if self.connection is not None:
            self.connection.abort(f"said {reply.text}")

    def recipient(self, path: Path) -> None:
        """RCPT of the client, which is answered now or later."""
        if self.verdict is not None:
            self.front.answer(self.verdict)
            return
        if len(self.recipients) >= self.proxy.limits.recipients:
            self.front.answer(replies.TOO_MANY_RECIPIENTS)
            return
        if self.recipients and not self.proxy.chooser.fits(self.envelope, path.address):
            self.proxy.row[PARTED] += 1
            self.front.answer(replies.OTHER_BACKEND)
            return
        self.asked = path
        if not self.recipients and self.needs_recipient and self._moved_by(path):
            return
        self._ask_recipient(path)

    def _moved_by(self, path: Path) -> bool:
        """Whether the first recipient sends the transaction to the other side."""
        self.envelope.recipients[:] = [path.address]
        self.choice = self.proxy.chooser.at_recipient(self.envelope)
        self.envelope.recipients.clear()
        self.rule = self.choice.rule
        if self.choice.backend == self.side:
            return False
        self._leave()
        self._go(self.choice.backend)
        return True

    def _ask_recipient(self, path: Path) -> None:
        if self.connection is None:
            self._fall_over(replies.BACKEND_LOST, "it was lost")
        else:
            self._ask(self.connection, _written(b"RCPT", path, self.connection), self._recipient_answered)

    def _recipient_answered(self, reply: Reply) -> None:
        self.deadline.clear()
        if reply.code == replies.CLOSING:
            self._said_farewell(reply)
            return
        if reply.is_positive and self.asked is not None:
            self.recipients.append(self.asked)
            self.envelope.recipients.append(self.asked.address)
        self.asked = None
        self.front.answer(reply)

    def _replay(self, connection: BackendConnection) -> None:
        """The envelope again, as far as it was accepted before."""
        self.deadline.set(self.proxy.limits.command * PATIENCE)
        connection.ask_all(self._commands(connection), self._replayed)

    def _commands(self, connection: BackendConnection) -> list[bytes]:
        return [self._mail(connection), *(_written(b"RCPT", path, connection) for path in self.recipients)]

    def _replayed(self, answers: list[Reply]) -> None:
        self.deadline.clear()
        if answers[-1].code == replies.CLOSING:
            self._said_farewell(answers[-1])
        elif not all(answer.is_positive for answer in answers):
            self._fail(replies.ENVELOPE_CHANGED)
        elif self.asked is not None:
            self._ask_recipient(self.asked)

    def lost(self, connection: BackendConnection, why: str) -> None:
        """The connection is gone; nothing was handed over yet."""
        if connection is self.connection:
            self.connection = None
            self.deadline.clear()
            self._fall_over(replies.BACKEND_LOST if self.farewell is None else self.farewell, why)

    def has_room(self, *, room: bool) -> None:
        """Commands are short."""

    @property
    def awaits_client(self) -> bool:
        """Whether nothing but the client's next word is waited for."""
        return self.asked is None and not self.is_over

    @property
    def received(self) -> int:
        """Bytes of content."""
        return 0

    def make_room(self) -> None:
        """Others wait for the connection, and this client keeps it from them."""
        self.proxy.row[SLOW] += 1
        self.proxy.log("slow client", backend=self.side, client=self.envelope.client)
        self._fail(replies.TOO_SLOW_FOR_OTHERS)

    def _unreachable(self, why: str) -> None:
        self.attempts[self.side] = ATTEMPTS
        self._fall_over(replies.BACKEND_UNREACHABLE, why)

    def _silent(self) -> None:
        self.attempts[self.side] = ATTEMPTS
        if self.connection is not None:
            self.connection.abort("no answer in time")

    def _fall_over(self, refusal: Reply, why: str) -> None:
        """Once more at the same side, then at the other, as far as that is allowed; else the refusal."""
        other = OTHER[self.side]
        if self.attempts[self.side] < ATTEMPTS:
            self._go(self.side)
        elif not self.attempts[other] and self.proxy.may_fall_over(self.choice, other):
            self.proxy.row[FAILOVERS] += 1
            self.proxy.log("failover", to=other, why=why, client=self.envelope.client)
            self.rule = "failover"
            self._go(other)
        else:
            self.proxy.log("unreachable", backend=self.side, why=why, client=self.envelope.client)
            self._fail(refusal)

    def _fail(self, refusal: Reply) -> None:
        """From now on everything is answered with the refusal."""
        self.verdict = refusal
        self._drop()
        if self.asked is not None:
            self.asked = None
            if not self.is_begun:
                self.end()
            self.front.answer(refusal)

    def _drop(self) -> None:
        """Ends the connection with nothing more sent."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.owner = None
            connection.abort("the transaction was given up")

    def _leave(self) -> None:
        """Gives the connection back with its transaction undone."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        if connection.waiting or connection.is_closing:
            connection.owner = None
            connection.abort("the client left")
        elif self.is_begun:
            self.proxy.pools[self.side].reset(connection)
        else:
            self.proxy.pools[self.side].give_back(connection)

    def end(self) -> None:
        """The client goes on without this transaction."""
        if not self.is_over:
            self._finish()
            self._leave()


def _written(verb: bytes, path: Path, connection: BackendConnection) -> bytes:
    parameters = write_parameters(fit_parameters(path.parameters, connection.extensions))
    return b"%b %b%b\r\n" % (verb, path.text, parameters)
