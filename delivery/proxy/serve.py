"""One process of the proxy: its listeners, what they share, and how it stops."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from delivery.proxy.control.steering import Steering
from delivery.proxy.figures import JOURNAL_AVAILABLE, PINS, STARTED, UNKNOWN_NEW, UNKNOWN_OLD
from delivery.proxy.journal import Journal
from delivery.proxy.smtp.deadline import Deadlines
from delivery.proxy.smtp.entrance import Entrance
from delivery.proxy.smtp.front import Session
from delivery.proxy.smtp.outgoing import Outgoing
from delivery.proxy.smtp.pool import Pool
from delivery.proxy.smtp.proxy import Proxy

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from delivery.proxy.control.standing import Decisions
    from delivery.proxy.log import Log
    from delivery.proxy.settings import Configuration, Limits

TICK = 1.0
FIRST_LOOK = 2.0  # seconds in which the backends are asked what they offer before anybody is let in
PROBES_EVERY = 10  # ticks, for a backend that never answered, or did not the last time
STEP = 0.02


class Process:
    """`run` is the same for all processes of one start; `number` tells them apart."""

    def __init__(self, configuration: Configuration, *, number: int, run: str, log: Log, parent: int = 0) -> None:
        self.configuration, self.number, self.run, self.log, self.parent = configuration, number, run, log, parent
        self.servers: list[asyncio.Server] = []
        self.released: dict[str, int] | None = None
        self.asked_to_stop, self.is_ready = asyncio.Event(), asyncio.Event()
        self.entrances = {one.name: Entrance(one) for one in configuration.listeners}

    async def serve(self, sockets: Sequence[socket.socket]) -> None:
        """Until a signal ends it. `sockets` are bound, one for each listener."""
        await self._start()
        for listener, bound in zip(self.configuration.listeners, sockets, strict=True):
            await self._listen(listener.name, bound)
        self.log("ready", listeners=[str(one.address) for one in self.configuration.listeners], run=self.run)
        freeze()
        self.is_ready.set()
        ticking = asyncio.create_task(self._tick())
        await self.asked_to_stop.wait()
        await self._drain()
        ticking.cancel()
        await self._stop()

    async def _start(self) -> None:
        """Raises OSError, JournalError, ConfigurationError."""
        loop, configuration = asyncio.get_running_loop(), self.configuration
        loop.set_exception_handler(self._tell_fault)
        journal = Journal.open(
            configuration.journal.folder,
            configuration.journal.settings,
            process=self.number,
            processes=configuration.processes,
            redis=configuration.redis,
        )
        self.steering = self._steering()
        self._count_recovered(journal)
        self.proxy = self._proxy(loop, journal)
        self.steering.troubles = lambda: {side: pool.trouble for side, pool in self.proxy.pools.items()}
        self._decided(self.steering.standing.read())
        self.proxy.deadlines.adopt(shortest_of(configuration.limits))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.asked_to_stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._hear_hangup)
        await self.steering.start()
        await self._look_at_backends()

    def _steering(self) -> Steering:
        found = Steering(
            self.configuration,
            number=self.number,
            run=self.run,
            adopted=self._adopted,
            decided=self._decided,
            refused=lambda why: self.log("configuration refused", why=why),
        )
        found.figures.row[STARTED], found.figures.row[JOURNAL_AVAILABLE] = int(time.time()), 1
        return found

    def _count_recovered(self, journal: Journal) -> None:
        """What a process that was killed had under way, it could not count."""
        for one in (journal, *journal.wards):
            self.steering.figures.row[UNKNOWN_OLD] += one.recovered["old"]
            self.steering.figures.row[UNKNOWN_NEW] += one.recovered["new"]

    def _proxy(self, loop: asyncio.AbstractEventLoop, journal: Journal) -> Proxy:
        configuration, row = self.configuration, self.steering.figures.row
        name, outgoing = configuration.host_name.encode(), Outgoing(loop, journal.commits)
        return Proxy(
            loop=loop,
            limits=configuration.limits,
            host_name=name,
            trace_header=configuration.trace_header.encode(),
            pools={
                "old": Pool("old", configuration.old, name, row, outgoing, processes=configuration.processes),
                "new": Pool("new", configuration.new, name, row, outgoing, processes=configuration.processes),
            },
            chooser=self.steering.chooser,
            journal=journal,
            row=row,
            deadlines=Deadlines(loop),
            outgoing=outgoing,
            log=self.log,
        )

    async def _look_at_backends(self) -> None:
        for pool in self.proxy.pools.values():
            pool.limit(self.configuration.limits)
            pool.probe()
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_LOOK):
                await asyncio.gather(*(pool.was_seen.wait() for pool in self.proxy.pools.values()))

    async def _listen(self, name: str, bound: socket.socket) -> None:
        server = await self.proxy.loop.create_server(partial(self._enter, name), sock=bound, backlog=4096)
        self.servers.append(server)

    def _enter(self, name: str) -> Session:
        return Session(self.proxy, self.entrances[name])

    def _adopted(self, configuration: Configuration) -> None:
        """Another configuration: sessions under way go on by what they began with."""
        self.configuration = configuration
        proxy = self.proxy
        proxy.limits, proxy.trace_header = configuration.limits, configuration.trace_header.encode()
        proxy.deadlines.adopt(shortest_of(configuration.limits))
        self._take_up(lambda: self.entrances.update({one.name: Entrance(one) for one in configuration.listeners}))
        for side, settings in (("old", configuration.old), ("new", configuration.new)):
            pool = proxy.pools["new" if side == "new" else "old"]
            pool.limit(configuration.limits)
            if settings != pool.settings or settings.authority:  # whose file may hold something else by now
                self._take_up(partial(pool.adopt, settings))
        self.log("configuration read", digest=configuration.digest)

    def _take_up(self, change: Callable[[], None]) -> None:
        """A certificate that cannot be used leaves the one in force, until its file changes again."""
        try:
            change()
        except (OSError, ValueError) as error:
            self.log("not taken up", why=str(error))

    def _decided(self, decisions: Decisions) -> None:
        self.proxy.is_leaving = self.asked_to_stop.is_set() or decisions.draining == self.run
        if self.proxy.is_leaving:
            self._retire()
        self.log("decided", everything=decisions.everything, by=decisions.by, draining=self.proxy.is_leaving)
        self._release(decisions.released)

    def _release(self, counts: dict[str, int]) -> None:
        """What was let go before this process began was let go by the one before it."""
        before, self.released = self.released, counts
        for side in [one for one, count in counts.items() if before is not None and count != before.get(one, 0)]:
            try:
                self.log("released", backend=side, transactions=self.proxy.journal.hearings.release(side))
            except OSError as error:
                self.log("not released", backend=side, why=error.strerror)

    def _retire(self) -> None:
        for session in list(self.proxy.sessions):
            session.retire()

    def _tell_fault(self, _loop: asyncio.AbstractEventLoop, said: dict[str, Any]) -> None:
        """What nobody else took care of."""
        self.log("fault", why=said.get("message"), error=repr(said.get("exception")))

    def _hear_hangup(self) -> None:
        self.proxy.keep(self.proxy.loop.create_task(self.steering.watch.follow_files()))

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(TICK)
            ticks += 1
            self._look_at_journal()
            self._look_at_parent()
            if ticks % PROBES_EVERY == 0:
                for pool in self.proxy.pools.values():
                    if pool.extensions is None or pool.trouble:
                        pool.probe()

    def _look_at_journal(self) -> None:
        self.proxy.row[PINS] = len(self.proxy.journal.unknowns.places)
        is_available = int(self.proxy.journal.available)
        if is_available != self.proxy.row[JOURNAL_AVAILABLE]:
            self.proxy.row[JOURNAL_AVAILABLE] = is_available
            self.log("journal available" if is_available else "journal not available")

    def _look_at_parent(self) -> None:
        """Who started this process watches over its siblings too: alone it does not go on."""
        if self.parent and os.getppid() != self.parent:
            self.asked_to_stop.set()

    async def _drain(self) -> None:
        """Nobody new; who is in a transaction may end it."""
        proxy = self.proxy
        proxy.is_leaving = True
        for server in self.servers:
            server.close()
        self.log("stopping", transactions=len(proxy.under_way), sessions=len(proxy.sessions))
        self._retire()
        until = proxy.loop.time() + proxy.limits.drain
        while (proxy.under_way or proxy.sessions) and proxy.loop.time() < until:  # noqa: ASYNC110 (looked at while stopping)
            await asyncio.sleep(STEP)

    async def _stop(self) -> None:
        proxy = self.proxy
        for session in list(proxy.sessions):
            session.abort()
        for pool in proxy.pools.values():
            await pool.close()
        proxy.deadlines.close()
        await proxy.journal.close()
        await self.steering.close()
        self.log("stopped")


def freeze() -> None:
    """What is there now stays, and a message leaves no cycles: the collector need not look often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def shortest_of(limits: Limits) -> float:
    return min(limits.command, limits.block, limits.dot)
