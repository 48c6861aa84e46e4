"""What all sessions of a process share."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from delivery.proxy.figures import SESSIONS, SESSIONS_OPEN
from delivery.proxy.smtp.extensions import shared_extensions

if TYPE_CHECKING:
    import asyncio

    from delivery.proxy.choice.chooser import Choice, Chooser
    from delivery.proxy.envelope import Backend
    from delivery.proxy.journal import Journal
    from delivery.proxy.log import Log
    from delivery.proxy.settings import Limits
    from delivery.proxy.smtp.deadline import Deadlines
    from delivery.proxy.smtp.extensions import Extensions
    from delivery.proxy.smtp.front import Session
    from delivery.proxy.smtp.outgoing import Outgoing
    from delivery.proxy.smtp.passage import Passage
    from delivery.proxy.smtp.pool import Pool

PLACES = 4  # of a fault's way through the code, the message among them
OTHER: dict[Backend, Backend] = {"old": "new", "new": "old"}


@dataclass(slots=True)
class Proxy:
    """`held` counts the bytes of messages that are kept for a second attempt; `is_leaving` asks sessions to end.

    `row` is where this process counts: `delivery.proxy.figures`.
    """

    loop: asyncio.AbstractEventLoop
    limits: Limits
    host_name: bytes
    trace_header: bytes
    pools: dict[Backend, Pool]
    chooser: Chooser
    journal: Journal
    row: memoryview[int]
    deadlines: Deadlines
    outgoing: Outgoing
    log: Log
    sessions: set[Session] = field(default_factory=set)
    clients: dict[str, int] = field(default_factory=dict)
    held: int = 0
    is_leaving: bool = False
    under_way: set[Passage] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def keep(self, task: asyncio.Task[None]) -> None:
        """The loop itself forgets tasks that nobody holds."""
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def tell_fault(self, error: Exception, client: str, state: str | None = None) -> None:
        """What should not have happened, with the last places it came from."""
        told = "".join(traceback.format_exception(error)[-PLACES:])
        self.log("fault", why=told, client=client, state=state)

    def entered(self, session: Session) -> None:
        self.sessions.add(session)
        self.row[SESSIONS] += 1
        self.row[SESSIONS_OPEN] += 1

    def left(self, session: Session, *, knew: bool) -> None:
        """It is over, which may be said more than once; `knew` says whether its client was counted."""
        if session not in self.sessions:
            return
        self.sessions.discard(session)
        self.row[SESSIONS_OPEN] -= 1
        address = session.client.address
        count = self.clients.get(address, 0) - knew
        if count > 0:
            self.clients[address] = count
        else:
            self.clients.pop(address, None)

    def offered(self) -> Extensions:
        return shared_extensions((pool.extensions for pool in self.pools.values()), self.limits.message)

    def may_fall_over(self, choice: Choice, side: Backend) -> bool:
        """Whether a transaction that was meant for the other side may go to this one while that is out of reach.

        The new side gets only what its rule sends there in part; what stays, or was sent to one side by control, waits.
        """
        self.chooser.refresh()
        if self.chooser.decisions.everything is not None:
            return False
        rule = next((route.rule for route in self.chooser.routes if route.rule.name == choice.rule), None)
        if rule is None or rule in self.chooser.split.stay:
            return False
        return side == "old" or (rule.new > 0 and rule.cap is None)
