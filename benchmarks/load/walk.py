"""Walks the journey pages with everybody at once, at the pace of people."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.load.browser import Browser, Seen
from benchmarks.load.people import Walker, journeys
from benchmarks.load.running import clock
from benchmarks.load.writes import ACTS, ONCE, Deed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@dataclass(frozen=True)
class Pace:
    """How long, and how long people look at a page on average; how many of their steps are acts."""

    seconds: float
    think: float
    acts: float = 0.2
    seed: int = 1


@dataclass
class Walked:
    seen: list[Seen] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0


async def walk_all(
    url: str, walkers: list[Walker], pace: Pace, harm: Callable[[float], Awaitable[None]] | None = None
) -> Walked:
    """Everybody walks until the time is over. `harm` runs beside them and is told when they began."""
    walked = Walked(began=clock())
    walks = [_walk(url, walker, number, pace, walked) for number, walker in enumerate(walkers)]
    await asyncio.gather(*walks, *([harm(walked.began)] if harm else []))
    walked.ended = clock()
    return walked


async def _walk(url: str, walker: Walker, number: int, pace: Pace, walked: Walked) -> None:
    chance, facts = random.Random(f"{pace.seed} {number}"), journeys()["kinds"][walker.kind]
    deadline, done, place = walked.began + pace.seconds, 0, vars(walker)
    acts = list(facts["writes"])
    async with Browser(url, walker, walked.seen) as browser:
        await asyncio.sleep(chance.uniform(0, min(pace.think, pace.seconds)))
        while clock() < deadline:
            if acts and chance.random() < pace.acts:
                act, done = chance.choice(acts), done + 1
                deed = await ACTS[act](browser, f"mark-{walker.name.replace(' ', '-')}-{done}")
                walked.deeds += [deed] if deed else []
                acts = [one for one in acts if one != act or act not in ONCE]
            else:
                name = chance.choice(facts["pages"])
                await browser.read(name, journeys()["pages"][name].format(**place))
            await asyncio.sleep(min(chance.uniform(0.5, 1.5) * pace.think, max(deadline - clock(), 0)))
