"""Everything that steers one process of the proxy, put together.

    steering = Steering(configuration, number=0, run=run, adopted=..., decided=..., refused=...)
    await steering.start()
    steering.chooser.provisional(envelope)
    steering.figures.row[SESSIONS] += 1
    await steering.close()

Process 0 of a host answers for all of them.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from delivery.proxy.choice.caps import Caps
from delivery.proxy.choice.chooser import Chooser
from delivery.proxy.control.board import Board
from delivery.proxy.control.posting import post_counters
from delivery.proxy.control.server import ControlServer
from delivery.proxy.control.standing import Standing
from delivery.proxy.control.watching import Watch
from delivery.proxy.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from delivery.proxy.control.standing import Decisions
    from delivery.proxy.envelope import Backend
    from delivery.proxy.settings import Configuration


class Steering:
    """`run` is the same for all processes of one start of the proxy, and another at the next start."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        number: int,
        run: str,
        adopted: Callable[[Configuration], None],
        decided: Callable[[Decisions], None],
        refused: Callable[[tuple[str, ...]], None],
    ) -> None:
        """Raises OSError and ConfigurationError."""
        folder = configuration.journal.folder
        self.standing, self.caps, self.figures = Standing(folder), Caps(folder), Figures(folder, number)
        self.chooser = Chooser(configuration.split, self.standing, self.caps)
        self._number, self._run, self._adopted = number, run, adopted
        self.watch = Watch(
            configuration, self.standing, self.figures, adopted=self._adopt, decided=decided, refused=refused
        )
        self.troubles: Callable[[], dict[Backend, str]] = dict  # why a side cannot be reached, as this process met it
        self._server: ControlServer | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def _adopt(self, configuration: Configuration) -> None:
        self.chooser.adopt(configuration.split)
        self._adopted(configuration)

    async def start(self) -> None:
        """Raises OSError where control cannot listen."""
        self._tasks.append(asyncio.create_task(self.watch.run()))
        if self._number == 0:
            board = Board(self.watch, self.standing, self.caps, self.figures, self._run, self.troubles)
            self._server = ControlServer(board)
            await self._server.start()
            self._tasks.append(asyncio.create_task(post_counters(self.watch, self.figures)))

    async def close(self) -> None:
        if self._server:
            await self._server.close()
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self.standing.close()
        self.caps.close()
        self.figures.close()
