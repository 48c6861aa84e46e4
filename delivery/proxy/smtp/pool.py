"""Connections to one backend, kept for the next transaction while that is safe.

One goes back only when its last command was answered, nothing was refused on it and nobody waits: whoever takes it next
finds it as after EHLO. See docs/proxy.md.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING

from delivery.proxy.figures import CONNECTS_NEW, CONNECTS_OLD, DEFERRED, FAILURES_NEW, FAILURES_OLD, MOVED, UNREACHABLE
from delivery.proxy.settings import Limits
from delivery.proxy.smtp.back import BackendConnection
from delivery.proxy.smtp.client import NOBODY, key_of
from delivery.proxy.smtp.holding import Holders
from delivery.proxy.smtp.opening import CannotOpen, Opening
from delivery.proxy.smtp.tls import backend_context

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from delivery.proxy.envelope import Backend
    from delivery.proxy.settings import BackendSettings
    from delivery.proxy.smtp.client import Client
    from delivery.proxy.smtp.extensions import Extensions
    from delivery.proxy.smtp.outgoing import Outgoing
    from delivery.proxy.smtp.replies import Reply

    OnReady = Callable[[BackendConnection | None, CannotOpen | None], object]
    Key = tuple[object, ...]

MOST_MESSAGES = 1_000  # on one connection, so that none grows old
MOST_RESETS = 20  # in a row; Postfix counts them as junk from 100 on
LOOK = 0.5  # seconds between two looks at what is idle, and at who keeps a connection from others
SHUN = 2.0  # seconds in which one that did not answer at all is not waited for again


class Waiter:
    """`is_fresh` for one that takes no connection which was used before."""

    __slots__ = ("client", "is_fresh", "on_ready", "timer")

    def __init__(self, client: Client, on_ready: OnReady, *, is_fresh: bool) -> None:
        self.client, self.on_ready, self.is_fresh = client, on_ready, is_fresh
        self.timer: asyncio.TimerHandle | None = None


class Pool:
    def __init__(
        self,
        side: Backend,
        settings: BackendSettings,
        host_name: bytes,
        row: memoryview[int],
        outgoing: Outgoing,
        *,
        processes: int = 1,
    ) -> None:
        """`processes` share the connections the settings allow. Raises OSError where TLS cannot be set up."""
        self.side, self.host_name, self.row, self.outgoing = side, host_name, row, outgoing
        self.processes = processes
        self.limit(Limits())
        self.loop = asyncio.get_running_loop()
        self.idle: dict[Key, list[BackendConnection]] = {}
        self.connections: set[BackendConnection] = set()
        self.waiters: deque[Waiter] = deque()
        self.opening: set[asyncio.Task[None]] = set()
        self.awaited: dict[BackendConnection, Waiter] = {}  # those being opened, and for whom
        self.holders = Holders()
        self.generation = 0
        self.shunned_until = self.heard_at = 0.0
        self.extensions: Extensions | None = None
        self.trouble = ""
        self.was_seen = asyncio.Event()  # it has answered or failed
        self.adopt(settings)
        self.timer = self.loop.call_later(LOOK, self._look)

    def limit(self, limits: Limits) -> None:
        """A slow client has to be seen while others still wait for its connection."""
        self.connect, self.hold = limits.connect, min(limits.hold, limits.connect / 2)

    def adopt(self, settings: BackendSettings) -> None:
        """Other settings, for connections opened from now on. Raises OSError where TLS cannot be set up."""
        self.context: ssl.SSLContext | None = backend_context(settings) if settings.security != "none" else None
        self.settings = settings
        self.most = max(1, settings.connections // self.processes)
        self.generation += 1
        self.serves_all = settings.identity == "none"
        self.plain_key: Key = (self.generation, None)
        self.close_idle()

    def key_of(self, client: Client) -> Key:
        if self.serves_all and client.credentials is None:
            return self.plain_key
        return (self.generation, *key_of(client, self.settings))

    def take(self, client: Client, on_ready: OnReady) -> None:
        """`on_ready` comes once, perhaps at once: with a connection, or with why there is none."""
        is_plain = self.serves_all and client.credentials is None
        kept = self.idle.get(self.plain_key if is_plain else self.key_of(client))
        while kept:
            connection = kept.pop()
            if not connection.is_closing:
                on_ready(connection, None)
                return
        self._wait(Waiter(client, on_ready, is_fresh=False))

    def open(self, client: Client, on_ready: OnReady) -> None:
        """As `take`, but never one that was used before."""
        self._wait(Waiter(client, on_ready, is_fresh=True))

    def _wait(self, waiter: Waiter) -> None:
        if self.loop.time() < self.shunned_until:
            waiter.on_ready(None, CannotOpen(self.trouble))
        elif len(self.connections) < self.most or self._evict():
            self._open(waiter)
        else:
            waiter.timer = self.loop.call_later(self.connect, self._give_up, waiter)
            self.waiters.append(waiter)

    def _give_up(self, waiter: Waiter) -> None:
        self.waiters.remove(waiter)
        waiter.on_ready(None, CannotOpen(f"all {self.most} connections are in use"))

    def _evict(self) -> bool:
        """Ends the connection that is idle longest, to make room for one of another key."""
        oldest = min((kept[0] for kept in self.idle.values() if kept), key=lambda one: one.idle_since, default=None)
        if oldest is not None:
            self.idle[oldest.key].remove(oldest)
            self.connections.discard(oldest)
            oldest.quit()
        return oldest is not None

    def _open(self, waiter: Waiter) -> None:
        connection = BackendConnection(self, self.key_of(waiter.client))
        self.connections.add(connection)
        self.awaited[connection] = waiter
        task = self.loop.create_task(self._opened(connection, waiter.client))
        self.opening.add(task)
        task.add_done_callback(self.opening.discard)

    async def _opened(self, connection: BackendConnection, client: Client) -> None:
        self.row[CONNECTS_NEW if self.side == "new" else CONNECTS_OLD] += 1
        began = self.loop.time()
        opening = Opening(connection, self.settings, client, self.host_name)
        try:
            async with asyncio.timeout(self.connect):
                await opening.open(self.context)
        except TimeoutError:
            if self.heard_at < began:  # otherwise it is full, and whom it serves will make room
                self.shunned_until = self.loop.time() + SHUN
            self._failed(connection, CannotOpen(f"no answer within {self.connect:g} s"))
        except CannotOpen as error:
            self._failed(connection, error)
        except OSError as error:
            self._failed(connection, CannotOpen(error.strerror or str(error) or type(error).__name__))
        else:
            self.shunned_until, self.trouble = 0.0, ""
            self._note_reach(0)
            self.extensions = connection.extensions
            self.was_seen.set()
            connection.owner = None
            if waiter := self.awaited.pop(connection, None):
                waiter.on_ready(connection, None)
            else:
                self.give_back(connection)

    def _failed(self, connection: BackendConnection, why: CannotOpen) -> None:
        self.row[FAILURES_NEW if self.side == "new" else FAILURES_OLD] += 1
        self.trouble = str(why)
        if not self.row[UNREACHABLE[self.side]]:
            self._note_reach(int(time.time()))
        self.was_seen.set()
        connection.owner = None
        connection.abort(self.trouble)
        waiter = self.awaited.pop(connection, None)
        self.gone(connection)
        if waiter is not None:
            waiter.on_ready(None, why)

    def _note_reach(self, unreachable_since: int) -> None:
        """What moved and what heard 451 is counted from here."""
        self.row[UNREACHABLE[self.side]] = unreachable_since
        self.row[MOVED[self.side]] = self.row[DEFERRED[self.side]] = 0

    def gone(self, connection: BackendConnection) -> None:
        kept = self.idle.get(connection.key, [])
        if connection in kept:
            kept.remove(connection)
        self.connections.discard(connection)
        if self.waiters and len(self.connections) < self.most:
            self._open(self._next())

    def _next_for(self, key: Key) -> Waiter | None:
        """Who has waited longest, if a connection with this key serves them: for one being opened, or in the queue.

        A server that serves no more connections leaves those being opened without a greeting, as Postfix does above its
        default_process_limit. Whoever waits for one of these has the next that comes free.
        """
        for opened, waiter in self.awaited.items():
            if opened.key == key and not waiter.is_fresh:
                return self.awaited.pop(opened)
        first = self.waiters[0] if self.waiters else None
        if first is not None and not first.is_fresh and self.key_of(first.client) == key:
            return self._next()
        return None

    def _next(self) -> Waiter:
        waiter = self.waiters.popleft()
        if waiter.timer is not None:
            waiter.timer.cancel()
        return waiter

    def give_back(self, connection: BackendConnection) -> None:
        """After a transaction that ended well, or where none began."""
        connection.owner = None
        if connection.is_closing:
            return
        self.heard_at = self.loop.time()
        is_worn = connection.messages >= MOST_MESSAGES or connection.resets >= MOST_RESETS
        is_clean = connection.is_reusable and not connection.waiting and connection.reader.is_empty
        if is_worn or not is_clean or connection.key[0] != self.generation:
            connection.quit()
        elif waiter := self._next_for(connection.key):
            waiter.on_ready(connection, None)
        else:
            connection.idle_since = self.loop.time()
            self.idle.setdefault(connection.key, []).append(connection)
            if self.waiters and self._evict():
                self._open(self._next())

    def reset(self, connection: BackendConnection) -> None:
        """After a transaction that was begun and is not to be ended: RSET, then as `give_back`."""
        connection.owner = None
        connection.resets += 1
        silent = self.loop.call_later(self.connect, connection.abort, "no answer to RSET")

        def answered(_reply: Reply) -> None:
            silent.cancel()
            self.give_back(connection)

        connection.ask(b"RSET\r\n", answered)

    def probe(self) -> None:
        """Learns what the backend offers, and keeps the connection for the first who needs one."""
        self.open(NOBODY, self._probed)

    def _probed(self, connection: BackendConnection | None, _why: CannotOpen | None) -> None:
        if connection is not None:
            self.give_back(connection)

    def close_idle(self) -> None:
        for kept in self.idle.values():
            for connection in kept:
                connection.quit()
        self.idle.clear()

    async def close(self) -> None:
        self.timer.cancel()
        self.close_idle()
        for task in self.opening:
            task.cancel()
        await asyncio.gather(*self.opening, return_exceptions=True)
        for connection in list(self.connections):
            connection.abort("the proxy stops")

    def _look(self) -> None:
        """Ends what was idle for too long, and takes from slow clients what others wait for."""
        self.timer = self.loop.call_later(LOOK, self._look)
        self._look_at_holders()
        before = self.loop.time() - self.settings.idle
        for key, kept in list(self.idle.items()):
            while kept and kept[0].idle_since < before:
                kept.pop(0).quit()
            if not kept:
                del self.idle[key]

    def _look_at_holders(self) -> None:
        if not self.waiters:
            self.holders.forget()
            return
        self.holders.look(self.connections, LOOK)
        for transaction in self.holders.slowest(self.hold, len(self.waiters)):
            transaction.make_room()
