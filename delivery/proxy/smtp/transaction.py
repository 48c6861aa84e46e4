"""A transaction as a whole: what happens when it moves to the other backend, or a connection is lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.proxy.figures import FAILOVERS
from delivery.proxy.smtp import replies
from delivery.proxy.smtp.content_stage import DATA, ContentStage
from delivery.proxy.smtp.envelope_stage import ATTEMPTS
from delivery.proxy.smtp.proxy import OTHER

if TYPE_CHECKING:
    from delivery.proxy.smtp.back import BackendConnection
    from delivery.proxy.smtp.opening import CannotOpen
    from delivery.proxy.smtp.replies import Reply


class Transaction(ContentStage):
    @property
    def awaits_client(self) -> bool:
        if not self.is_receiving:
            return super().awaits_client
        return not (self.body.has_ended or self.front.is_paused or self.is_over)

    @property
    def received(self) -> int:
        return self.body.size if self.is_receiving else 0

    def _ready(self, connection: BackendConnection | None, why: CannotOpen | None) -> None:
        instead, self.instead = self.instead, None
        if instead in {None, self.side} or self.is_over:
            super()._ready(connection, why)
            return
        if connection is not None:
            self.proxy.pools[self.side].give_back(connection)
        self._go(instead or self.side)

    def _replay(self, connection: BackendConnection) -> None:
        if self.is_settled:
            self._begin_attempt()
        if self.verdict is None and not self.is_over:
            super()._replay(connection)

    def _commands(self, connection: BackendConnection) -> list[bytes]:
        commands = super()._commands(connection)
        return [*commands, DATA] if self.is_settled else commands

    def _replayed(self, answers: list[Reply]) -> None:
        if not self.is_settled:
            super()._replayed(answers)
            return
        self.deadline.clear()
        last, is_accepted = answers[-1], all(answer.is_positive for answer in answers[:-1])
        if is_accepted and last.code == replies.START_MAIL_INPUT:
            self._leave_first()
            self._flow()
        elif last.code == replies.CLOSING:
            self._said_farewell(last)
        elif is_accepted and len(answers) > len(self.recipients) + 1:
            self._refused(last)
        else:
            self._drop()
            self._disagree()

    def _disagree(self) -> None:
        """What one side accepted, the other refuses."""
        if self.first is not None and self.proxy.may_fall_over(self.choice, OTHER[self.side]):
            self._return_to(self.first, "envelope-refused")
        else:
            self._fail(replies.ENVELOPE_CHANGED)

    def _return_to(self, first: BackendConnection, rule: str) -> None:
        self._withdraw()
        self._release()
        self.connection, self.first = first, None
        self.side, self.rule = OTHER[self.side], rule
        self._try(first)

    def _leave_first(self) -> None:
        first, self.first = self.first, None
        if first is not None:
            self.proxy.pools[OTHER[self.side]].reset(first)

    def lost(self, connection: BackendConnection, why: str) -> None:
        if connection is self.first:
            self.first = None
        elif connection is self.connection and self.has_dot:
            self.connection = None
            self._unknown(why)
        else:
            super().lost(connection, why)

    def _fall_over(self, refusal: Reply, why: str) -> None:
        self._withdraw()
        if self.is_settled and not self.held.is_whole:
            self.proxy.log("lost", backend=self.side, why=why, client=self.envelope.client)
            self._fail(refusal)
        elif self.first is not None and self._may_return():
            self.proxy.row[FAILOVERS] += 1
            self.proxy.log("failover", to=OTHER[self.side], why=why, client=self.envelope.client)
            self._return_to(self.first, "failover")
        else:
            super()._fall_over(refusal, why)

    def _may_return(self) -> bool:
        is_spent = self.attempts[self.side] >= ATTEMPTS
        return is_spent and self.proxy.may_fall_over(self.choice, OTHER[self.side])

    def _fail(self, refusal: Reply) -> None:
        self._leave_first()
        super()._fail(refusal)

    def has_room(self, *, room: bool) -> None:
        """Of the backend, for more content: without it the client waits too."""
        if self.has_dot or not self.is_flowing:
            return
        if room:
            self.deadline.clear()
            self.front.resume()
        else:
            self.deadline.set(self.proxy.limits.block)
            self.front.pause()

    def _leave(self) -> None:
        if self.is_flowing:
            self._drop()
        else:
            super()._leave()

    def end(self) -> None:
        """Without effect once the dot is out: then the reply is awaited, and journalled, whether anybody hears it."""
        if self.has_dot or self.is_over:
            return
        self._leave_first()
        self._leave()
        self._withdraw()
        if self.is_receiving:
            self.held.forget()
        self._release()
        super().end()
