"""Kills parts of a portal under load, at moments drawn from a seed, and notes when each was back."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.load.browser import Browser, Seen
from benchmarks.load.running import Portal, Redis, clock, kill

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.load.people import Walker
    from benchmarks.load.walk import Pace

PROBE_SECONDS = 0.25
LONGEST = 120.0  # seconds for a part to be back
WITHOUT_BROKER = 5.0  # seconds until the killed Redis is started again
AFTER = 3.0  # seconds after it serves again: what was sent while it was away may break off as late
WELL = 4  # probes in a row


@dataclass
class Fault:
    what: str
    at: float
    part_back: float = 0.0
    serves: float = 0.0


@dataclass
class Harm:
    """What is killed when. Run beside the walkers."""

    portal: Portal
    redis: Redis | None
    pace: Pace
    walker: Walker
    faults: list[Fault] = field(default_factory=list)
    probes: list[Seen] = field(default_factory=list)

    async def run(self, began: float) -> None:
        probing = asyncio.create_task(self._probe())
        chance = random.Random(f"{self.pace.seed} faults")
        names = ["web", "worker", "database", *(["broker"] if self.redis else [])]
        chance.shuffle(names)
        span = self.pace.seconds / (len(names) + 1)
        for number, name in enumerate(names):
            await asyncio.sleep(max(began + span * (number + chance.uniform(0.5, 1.0)) - clock(), 0))
            await self._do(name)
        await asyncio.sleep(max(began + self.pace.seconds - clock(), 0))
        probing.cancel()

    async def _do(self, name: str) -> None:
        fault = Fault(name, clock())
        self.faults.append(fault)
        if name == "broker" and self.redis:
            self.redis.kill()
            await asyncio.sleep(WITHOUT_BROKER)
            self.redis.start_again()
        else:
            who = {"web": self.portal.web, "worker": self.portal.worker, "database": self.portal.postmaster}[name]
            await _kill_one_of(who)
        fault.part_back = clock()
        await _until(lambda: self._is_well(fault.part_back))
        fault.serves = self._serves_after(fault.at)

    def _serves_after(self, moment: float) -> float:
        """When the first answer was there to who asked after the kill, and the last one that was none."""
        since = [probe for probe in self.probes if probe.began >= moment]
        first = min((probe.ended for probe in since if probe.status == 200), default=clock())
        return max([first, *(probe.ended for probe in since if probe.status != 200)])

    def _is_well(self, since: float) -> bool:
        last = [probe for probe in self.probes if probe.began > since][-WELL:]
        return len(last) == WELL and all(probe.status == 200 for probe in last)

    async def _probe(self) -> None:
        """Whether the portal says that it serves, over and over, on a connection of its own each time."""
        async with Browser(self.portal.url, self.walker, self.probes) as browser:
            while True:
                await browser.ask("probe", "GET", "/readyz", headers={"Connection": "close"})
                await asyncio.sleep(PROBE_SECONDS)


async def _kill_one_of(who: Callable[[], list[int]]) -> None:
    """And wait until another has taken its place."""
    before = who()
    kill(before[0])
    assert await _until(lambda: len(now := who()) >= len(before) and before[0] not in now), "nothing took its place"


async def _until(condition: Callable[[], bool]) -> bool:
    deadline = clock() + LONGEST
    while not condition():
        if clock() > deadline:
            return False
        await asyncio.sleep(PROBE_SECONDS)
    return True
