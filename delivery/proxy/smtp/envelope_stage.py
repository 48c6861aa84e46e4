"""The first half of a transaction: MAIL and RCPT, at one backend, or said again to another while that is safe."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from delivery.proxy.figures import PARTED, SLOW, TRANSACTIONS_OPEN
from delivery.proxy.smtp import replies
from delivery.proxy.smtp.commands import write_parameters
from delivery.proxy.smtp.extensions import fit_parameters
from delivery.proxy.smtp.passage import PATIENCE, Passage
from delivery.proxy.smtp.proxy import OTHER
from delivery.proxy.smtp.states import DOT, IDLE, MAIL, OVER, RCPT, READY, REFUSED, REPLAY

if TYPE_CHECKING:
    from delivery.proxy.envelope import Backend, Envelope
    from delivery.proxy.smtp.back import BackendConnection
    from delivery.proxy.smtp.commands import Path
    from delivery.proxy.smtp.front import Session
    from delivery.proxy.smtp.proxy import Proxy
    from delivery.proxy.smtp.replies import Reply


class EnvelopeStage(Passage):
    """`asked` is what the client waits to be answered: its MAIL or a RCPT. `is_begun` since MAIL was accepted."""

    def __init__(self, proxy: Proxy, front: Session, envelope: Envelope, sender: Path) -> None:
        super().__init__(proxy, front, envelope, sender)
        self.needs_recipient = self.choice.needs == "recipient"
        self.recipients: list[Path] = []
        self.asked: Path | None = sender
        self.is_begun = False

    def begin(self) -> None:
        self.proxy.under_way.add(self)
        self.proxy.row[TRANSACTIONS_OPEN] += 1
        self._go(self.side)

    def _opened(self, connection: BackendConnection) -> None:
        if self.is_begun:
            self._replay(connection)
        else:
            self._ask(MAIL, _written(b"MAIL", self.sender, connection), self._mail_answered)

    def _mail_answered(self, reply: Reply) -> None:
        if reply.code == replies.CLOSING:
            self._said_farewell(reply)
            return
        self.asked = None
        self.deadline.clear()
        if reply.is_positive:
            self.is_begun = True
            self._move(READY)
        else:
            self._part()
            self._finish()
        self.front.answer(reply)

    def _part(self) -> None:
        """From a connection on which no transaction was begun."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.pool.give_back(connection)

    def recipient(self, path: Path) -> None:
        """RCPT of the client, which is answered now or later."""
        if self.verdict is not None:
            self.front.answer(self.verdict)
        elif len(self.recipients) >= self.proxy.limits.recipients:
            self.front.answer(replies.TOO_MANY_RECIPIENTS)
        elif self.recipients and not self.proxy.chooser.fits(self.envelope, path.address):
            self.proxy.row[PARTED] += 1
            self.front.answer(replies.OTHER_BACKEND)
        else:
            self.asked = path
            if not (self.needs_recipient and not self.recipients and self._moved_by(path)):
                self._ask_recipient(path)

    def _moved_by(self, path: Path) -> bool:
        """Whether the first recipient sends the transaction to the other side."""
        self.envelope.recipients[:] = [path.address]
        self.choice = self.proxy.chooser.at_recipient(self.envelope)
        self.envelope.recipients.clear()
        if self._stays():
            return False
        self.rule = self.choice.rule
        if self.choice.backend == self.side:
            return False
        self._leave()
        self._set_out(self.choice.backend)
        return True

    def _stays(self) -> bool:
        """Whether it fell over, and what is known by now lets it stay there."""
        has_moved = self.rule == "failover" and self.side != self.choice.backend
        return has_moved and self.proxy.may_fall_over(self.choice, self.side)

    def _ask_recipient(self, path: Path) -> None:
        if self.connection is None:
            self._set_out(self.side)
        else:
            self._ask(RCPT, _written(b"RCPT", path, self.connection), self._recipient_answered)

    def _set_out(self, side: Backend) -> None:
        """Without a connection, for where the transaction belongs, or wherever else it may go."""
        if self.state != IDLE:
            self._move(IDLE)
        self.side = side
        self._fall_over(replies.BACKEND_LOST, "it was lost")

    def _recipient_answered(self, reply: Reply) -> None:
        if reply.code == replies.CLOSING:
            self._said_farewell(reply)
            return
        path, self.asked = self.asked, None
        self.deadline.clear()
        self._move(READY)
        if reply.is_positive and path is not None:
            self.recipients.append(path)
            self.envelope.recipients.append(path.address)
        self.front.answer(reply)

    def _replay(self, connection: BackendConnection) -> None:
        """The envelope again, as far as it was accepted before."""
        self._move(REPLAY)
        self.deadline.set(self.proxy.limits.command * PATIENCE)
        connection.ask_all(self._commands(connection), self._replayed)

    def _commands(self, connection: BackendConnection) -> list[bytes]:
        recipients = (_written(b"RCPT", path, connection) for path in self.recipients)
        return [_written(b"MAIL", self.sender, connection), *recipients]

    def _replayed(self, answers: list[Reply]) -> None:
        farewell = next((one for one in answers if one.code == replies.CLOSING), None)
        asked = len(self.recipients) + 1
        self.deadline.clear()
        if farewell is not None:
            self._said_farewell(farewell)
        elif len(answers) < asked or not all(answer.is_positive for answer in answers[:asked]):
            self._disagree()
        elif len(answers) > asked:
            self._content_replayed(answers[-1])
        else:
            self._move(READY)
            if self.asked is not None:
                self._ask_recipient(self.asked)

    @abstractmethod
    def _content_replayed(self, reply: Reply) -> None:
        """The backend answered the DATA of an envelope that was said to it again."""

    def _disagree(self) -> None:
        """What one side accepted, the other refuses."""
        self._leave()
        self._move(IDLE)
        self._withdraw()
        other = OTHER[self.side]
        if self.first is not None and self.proxy.may_fall_over(self.choice, other):
            self._go_over(other, "envelope-refused")
        else:
            self._fail(replies.ENVELOPE_CHANGED)

    def _fail(self, refusal: Reply) -> None:
        self.verdict = refusal
        self._give_up()
        self._move(REFUSED)
        self.deadline.clear()
        if self.asked is not None:
            self.asked = None
            if not self.is_begun:
                self._finish()
            self.front.answer(refusal)

    @property
    def awaits_client(self) -> bool:
        """Whether nothing but the client's next word is waited for."""
        return self.asked is None and self.state != OVER

    @property
    def received(self) -> int:
        """Bytes of content."""
        return 0

    def make_room(self) -> None:
        """Others wait for the connection, and this client keeps it from them."""
        self.proxy.row[SLOW] += 1
        self.proxy.log("slow client", backend=self.side, client=self.envelope.client)
        self._fail(replies.TOO_SLOW_FOR_OTHERS)

    def end(self) -> None:
        """The client goes on without this transaction.

        Without effect once the dot is out: then the reply is awaited, and journalled, whether anybody hears it.
        """
        if self.state not in {DOT, OVER}:
            self._give_up()
            self._finish()


def _written(verb: bytes, path: Path, connection: BackendConnection) -> bytes:
    if not path.parameters:
        return b"%b %b\r\n" % (verb, path.text)
    parameters = write_parameters(fit_parameters(path.parameters, connection.extensions))
    return b"%b %b%b\r\n" % (verb, path.text, parameters)
