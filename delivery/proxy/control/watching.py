"""Follows the configuration file and the decisions while the proxy runs.

A changed file is read as a whole; only when nothing is wrong with it does it take the place of the one in force.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from delivery.proxy.configuration import ConfigurationError, read_configuration
from delivery.proxy.control.standing import take_serial
from delivery.proxy.figures import CONFIGURATION, SEEN
from delivery.proxy.signature import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from delivery.proxy.control.standing import Decisions, Standing
    from delivery.proxy.figures import Figures
    from delivery.proxy.settings import Configuration

# Looking for decisions is one read of memory; looking at files is a system call for each.
DECISIONS_EVERY = 0.1
FILES_EVERY = 1.0

State = tuple[tuple[str, int, int, int], ...]


class Watch:
    """One for each process. It tells of another configuration, of every decision, and of a file it does not take.

    `refused` says why the last reading changed nothing, `waiting` what only a restart will change. The portal's key
    stays the one the proxy was started with, whatever a file says later.
    """

    def __init__(
        self,
        configuration: Configuration,
        standing: Standing,
        figures: Figures,
        *,
        adopted: Callable[[Configuration], None],
        decided: Callable[[Decisions], None],
        refused: Callable[[tuple[str, ...]], None],
    ) -> None:
        """Raises ConfigurationError where the portal signed a later one already."""
        self.key = configuration.portal.key
        self.refused: tuple[str, ...] = ()
        self._standing, self._figures = standing, figures
        self._tell_adopted, self._tell_decided, self._tell_refused = adopted, decided, refused
        self._look = asyncio.Lock()
        self.take_signed(configuration)
        self._turn, self.decisions = standing.turn, standing.read()
        self._reads, self._state = self.decisions.reads, state_of(configuration)
        self._put_in_force(configuration, configuration)

    async def run(self) -> None:
        """Until it is cancelled."""
        looked = time.monotonic()
        while True:
            self.follow_decisions()
            if self.decisions.reads != self._reads or time.monotonic() - looked >= FILES_EVERY:
                looked = time.monotonic()
                await self.follow_files()
            await asyncio.sleep(DECISIONS_EVERY)

    def follow_decisions(self) -> None:
        self._figures.row[SEEN] = int(time.time())
        if self._standing.turn != self._turn:
            self._turn, self.decisions = self._standing.turn, self._standing.read()
            self._tell_decided(self.decisions)

    async def follow_files(self) -> None:
        if self.decisions.reads != self._reads or state_of(self.configuration) != self._state:
            with suppress(ConfigurationError):  # told where it is raised
                await self.read_again()

    async def read_again(self) -> None:
        """Raises ConfigurationError, and then everything is as it was."""
        async with self._look:
            self._reads, self._state = self.decisions.reads, state_of(self.configuration)
            try:
                found = await asyncio.to_thread(read_configuration, self.configuration.path, key=self.key)
                self.take_signed(found)
            except (ConfigurationError, OSError) as error:
                self.refused = getattr(error, "sentences", (f"It could not be taken up ({error}).",))
                self._tell_refused(self.refused)
                raise ConfigurationError(*self.refused) from error
            self._put_in_force(found, self.configuration)
            self._tell_adopted(self.configuration)

    def take_signed(self, found: Configuration) -> None:
        """An older configuration that was signed once must not come back by being copied over a later one."""
        last = self._standing.read().serial
        if self.key is None or found.serial == last:
            return
        if found.serial < last:
            raise ConfigurationError(f"{found.path}: serial: is {found.serial}, but {last} was in force already.")
        self._standing.decide(take_serial(found.serial))

    def _put_in_force(self, found: Configuration, before: Configuration) -> None:
        """Sockets, folders and processes stay what they were made from when the proxy started."""
        kept = replace(found, journal=before.journal, processes=before.processes, redis=before.redis)
        if _sockets(found) != _sockets(before):
            kept = replace(kept, listeners=before.listeners)
        if (found.control.listen, found.control.socket) != (before.control.listen, before.control.socket):
            kept = replace(kept, control=replace(before.control, token=found.control.token))
        names = ("journal", "processes", "redis", "listeners", "control")
        self.waiting = tuple(name for name in names if getattr(kept, name) != getattr(found, name))
        self.configuration, self.loaded, self.refused = kept, time.time(), ()
        self.number = self._figures.row[CONFIGURATION] = int(found.digest[:15] or "0", 16)


def _sockets(configuration: Configuration) -> list[tuple[str, str]]:
    return [(one.name, str(one.address)) for one in configuration.listeners]


def state_of(configuration: Configuration) -> State:
    return tuple(_stamps(configuration))


def _stamps(configuration: Configuration) -> Iterator[tuple[str, int, int, int]]:
    for path in _files(configuration):
        try:
            found = path.stat()
        except OSError:
            yield str(path), 0, 0, 0
        else:
            yield str(path), found.st_mtime_ns, found.st_size, found.st_ino


def _files(configuration: Configuration) -> Iterator[Path]:
    yield configuration.path
    yield configuration.path.with_name(configuration.path.name + SUFFIX)
    listeners = (file for one in configuration.listeners for file in (one.certificate, one.key, one.users))
    backends = (configuration.old.authority, configuration.new.authority)
    yield from (file for file in (configuration.split.providers.path, *listeners, *backends) if file)
