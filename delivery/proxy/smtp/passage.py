"""The way of a transaction to a backend: connections opened, asked, lost, and the other side while that is safe.

A connection is asked for only where something is to be said: by a client that waits for the reply to MAIL or RCPT, or
by the content once its header is known. One that is lost while nobody waits is missed at the next command.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial, wraps
from typing import TYPE_CHECKING, TypeVar, cast

from delivery.proxy.figures import DEFERRED, FAILOVERS, MOVED, TRANSACTIONS_OPEN
from delivery.proxy.smtp import replies
from delivery.proxy.smtp.deadline import Deadline
from delivery.proxy.smtp.extensions import missing_extension
from delivery.proxy.smtp.proxy import OTHER
from delivery.proxy.smtp.states import DOT, IDLE, MOVES, OPENING, OVER, READY, IllegalMoveError, State

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
TURNS = 2  # the pool waits for room as long as for a connection
SLACK = 2.0

Entry = TypeVar("Entry", bound="Callable[..., None]")


def guarded(method: Entry) -> Entry:
    """For what is called from outside: a fault of the proxy ends this session, and is told."""

    @wraps(method)
    def entry(self: Passage, *words: object) -> None:
        try:
            method(self, *words)
        except Exception as error:  # noqa: BLE001 (whatever it is, the client must not wait for ever)
            self.broke(error)

    return cast("Entry", entry)


class Passage(ABC):
    """`connection` is in use in all states from `mail` to `dot`; `first` is where it was ready before it moved.

    `failures` counts by side. `attempt` is by what the journal knows that which is tried; empty where nothing is.
    `verdict`, once set, answers everything that is still to come.
    """

    def __init__(self, proxy: Proxy, front: Session, envelope: Envelope, sender: Path) -> None:
        self.proxy, self.front, self.envelope, self.sender = proxy, front, envelope, sender
        self.choice: Choice = proxy.chooser.provisional(envelope)
        self.side: Backend = self.choice.backend
        self.rule = self.choice.rule
        self.state: State = IDLE
        self.connection: BackendConnection | None = None
        self.first: BackendConnection | None = None
        self.failures: dict[Backend, int] = {"old": 0, "new": 0}
        self.ticket = 0
        self.attempt = ""
        self.verdict: Reply | None = None
        self.deadline = Deadline(proxy.deadlines, self._silent)

    @abstractmethod
    def _opened(self, connection: BackendConnection) -> None:
        """A connection is there, and nothing of this transaction was said on it."""

    @abstractmethod
    def _try(self) -> None:
        """The envelope was accepted there: now the content."""

    @abstractmethod
    def _withdraw(self) -> None:
        """What was tried came to nothing: nobody has the message."""

    @abstractmethod
    def _release(self) -> None:
        """Of a cap nothing was used."""

    @abstractmethod
    def _unknown(self, why: str) -> None:
        """The dot went out and no reply tells what became of the message."""

    @abstractmethod
    def _fail(self, refusal: Reply) -> None:
        """From now on everything is answered with the refusal."""

    @property
    @abstractmethod
    def may_begin_again(self) -> bool:
        """Whether all that went out can be sent once more."""

    @property
    @abstractmethod
    def awaits_journal(self) -> bool:
        """Whether the backend has everything but the dot, and the dot waits for the journal."""

    @abstractmethod
    def _unjournaled(self) -> None: ...

    @abstractmethod
    def has_room(self, *, room: bool) -> None: ...

    def _move(self, to: State) -> None:
        if to not in MOVES[self.state]:
            raise IllegalMoveError(f"from {self.state} to {to}")
        self.state = to

    def _go(self, side: Backend) -> None:
        self._move(OPENING)
        self.side = side
        self.ticket += 1
        pool = self.proxy.pools[side]
        # The pool tells in time by itself; this one is for the day it does not.
        self.deadline.set(TURNS * pool.connect + SLACK)
        take = pool.open if self.failures[side] else pool.take
        take(self.front.client, partial(self._ready, self.ticket))

    @guarded
    def _ready(self, ticket: int, connection: BackendConnection | None, why: CannotOpen | None) -> None:
        """A connection nobody waits for any more goes back to the pool that opened it."""
        if ticket != self.ticket or self.state != OPENING:
            if connection is not None:
                connection.pool.give_back(connection)
        elif connection is None:
            self._unreachable(replies.BACKEND_UNREACHABLE, str(why))
        elif missing := missing_extension(self.sender.parameters, connection.extensions):
            connection.pool.give_back(connection)
            self._unreachable(replies.NOT_CONVERTED, f"does not offer {missing.decode()}")
        else:
            connection.owner, self.connection = self, connection
            self._opened(connection)

    def _ask(self, state: State, command: bytes, then: Callable[[Reply], None]) -> None:
        self._move(state)
        if self.connection is not None:
            self.deadline.set(self.proxy.limits.command * PATIENCE)
            self.connection.ask(command, then)

    def _said_farewell(self, reply: Reply) -> None:
        self.failures[self.side] += 1
        self._leave()
        self._move(IDLE)
        self._fall_over(reply, f"said {reply.text}")

    @guarded
    def lost(self, connection: BackendConnection, why: str) -> None:
        if connection is self.first:
            self.first = None
        elif connection is self.connection:
            self._lost(why)

    def _lost(self, why: str) -> None:
        before, self.connection = self.state, None
        if before == DOT:
            self._unknown(why)
            return
        self.failures[self.side] += 1
        self.deadline.clear()
        self._move(IDLE)
        if before != READY:
            self._fall_over(replies.BACKEND_LOST, why)

    def _unreachable(self, refusal: Reply, why: str) -> None:
        self.failures[self.side] = ATTEMPTS
        self._move(IDLE)
        self._fall_over(refusal, why)

    @guarded
    def _silent(self) -> None:
        if self.awaits_journal:
            self._unjournaled()
        elif self.state == OPENING:
            self._unreachable(replies.BACKEND_UNREACHABLE, "no connection in time")
        elif self.connection is not None:
            self.failures[self.side] = ATTEMPTS
            self.connection.abort("no answer in time")

    def _fall_over(self, refusal: Reply, why: str) -> None:
        """Once more at the same side, then at the other, as far as that is allowed; else the refusal."""
        self._withdraw()
        other, client = OTHER[self.side], self.envelope.client
        if not self.may_begin_again:
            self.proxy.log("lost", backend=self.side, why=why, client=client)
            self._fail(refusal)
        elif self.failures[self.side] < ATTEMPTS:
            self._go(self.side)
        elif self._has_way_to(other):
            self.proxy.row[FAILOVERS] += 1
            self.proxy.row[MOVED[self.side]] += 1
            self.proxy.log("failover", to=other, why=why, client=client)
            self._go_over(other, "failover")
        else:
            self.proxy.row[DEFERRED[self.side]] += 1
            self.proxy.log("unreachable", backend=self.side, why=why, client=client)
            self._fail(refusal)

    def _has_way_to(self, side: Backend) -> bool:
        has_way = self.first is not None or self.failures[side] < ATTEMPTS
        return has_way and self.proxy.may_fall_over(self.choice, side)

    def _go_over(self, side: Backend, rule: str) -> None:
        """To the other side; back to it where the transaction was ready there."""
        self.rule = rule
        if self.first is None:
            self._go(side)
            return
        self.connection, self.first, self.side = self.first, None, side
        self._move(READY)
        self._try()

    def _leave(self) -> None:
        """Gives the connection back with its transaction undone; ends it where something is under way."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        if self.state == READY:
            connection.pool.reset(connection)
        elif self.state == OPENING:
            connection.pool.give_back(connection)
        else:
            connection.owner = None
            connection.abort("the transaction was given up")

    def _leave_first(self) -> None:
        first, self.first = self.first, None
        if first is not None:
            first.pool.reset(first)

    def _give_up(self) -> None:
        """Nothing is left of it at either side."""
        self._leave_first()
        self._leave()
        self._withdraw()
        self._release()

    def _finish(self) -> None:
        self._move(OVER)
        self._forget()

    def _forget(self) -> None:
        self.deadline.close()
        self.proxy.under_way.discard(self)
        self.proxy.row[TRANSACTIONS_OPEN] -= 1

    def broke(self, error: Exception) -> None:
        """A fault of the proxy itself: what is under way ends as it must, whatever was meant to follow."""
        self.proxy.tell_fault(error, self.envelope.client, state=self.state)
        before, self.state = self.state, OVER
        for connection in (self.connection, self.first):
            if connection is not None and connection.owner in {self, None}:
                connection.owner = None
                connection.abort("a fault of the proxy")
        self.connection = self.first = None
        if before != OVER:
            self._forget()
        self.front.close(replies.FAULT)
        if self.attempt in self.proxy.journal.transactions:
            self.proxy.journal.conclude(self.attempt, "unknown" if before == DOT else "refused", b"")
