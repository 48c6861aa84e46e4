"""What can be asked of a running proxy and said to it. The words are the same for HTTP, socket and command line."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from delivery.proxy.choice.caps import most_of
from delivery.proxy.configuration import ConfigurationError
from delivery.proxy.control.reach import side_rows
from delivery.proxy.control.standing import (
    KEEP,
    Decisions,
    Weight,
    drain_run,
    drain_side,
    read_again,
    release_side,
    resume,
    roll_back,
    set_weights,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from delivery.proxy.choice.caps import Caps
    from delivery.proxy.choice.split import Rule
    from delivery.proxy.control.standing import Standing
    from delivery.proxy.control.watching import Watch
    from delivery.proxy.envelope import Backend
    from delivery.proxy.figures import Figures

ALL = 100


class RefusedError(Exception):
    """The text says why nothing was changed."""


class Board:
    """`run` is the name of this run of the proxy, the same for all its processes; `troubles` says why of each side."""

    def __init__(
        self,
        watch: Watch,
        standing: Standing,
        caps: Caps,
        figures: Figures,
        run: str,
        troubles: Callable[[], dict[Backend, str]],
    ) -> None:
        self.watch, self.figures = watch, figures
        self._standing, self._caps, self._run, self._troubles = standing, caps, run, troubles

    async def act(self, verb: str, words: dict[str, Any], generation: int = 0) -> dict[str, Any]:
        """`generation` orders commands; 0 is of no order.

        Raises RefusedError for what is wrong with the words or overtaken, OSError for what could not be made durable.
        """
        if verb == "reload":
            await self._read_again()
            return self.status()
        count = _counted if verb == "rollback" else _in_order
        await self._decide(count(self._change(verb, words), generation))
        return self.status()

    def _change(self, verb: str, words: dict[str, Any]) -> Callable[[Decisions], Decisions]:
        match verb:
            case "set":
                return self._set(dict(words))
            case "rollback":
                return roll_back
            case "drain":
                return self._drain(words)
            case "release":
                return release_side(_side(words))
            case "resume":
                return resume
            case _:
                raise RefusedError(f"{verb} is not known: status, set, rollback, drain, release, resume or reload.")

    async def _decide(self, change: Callable[[Decisions], Decisions]) -> None:
        """Beside the loop, because a disk may be slow; it counts for every process before it is durable."""
        await asyncio.to_thread(self._standing.decide, change)
        self.watch.follow_decisions()

    def _set(self, words: dict[str, Any]) -> Callable[[Decisions], Decisions]:
        is_kept = words.pop(KEEP, False)
        if not isinstance(is_kept, bool):
            raise RefusedError(f"{KEEP} is true or false.")
        change = set_weights(self._weights(words))
        return _only_without_rollback(change) if is_kept else change

    def _weights(self, words: dict[str, Any]) -> dict[str, Weight]:
        rules = {rule.name: rule for rule in self._rules()}
        if not words:
            raise RefusedError("Nothing was set: say new=50, or the name of a rule and its share.")
        return {name: _weight(rules, name, share) for name, share in ((_full(k), v) for k, v in words.items())}

    def _rules(self) -> tuple[Rule, ...]:
        split = self.watch.configuration.split
        return (*split.rules, split.rest)

    def _drain(self, words: dict[str, Any]) -> Callable[[Decisions], Decisions]:
        if words.get("side") is None:
            return drain_run(self._run)
        return drain_side(_side(words, ", or nothing for the whole proxy"))

    async def _read_again(self) -> None:
        try:
            await self.watch.read_again()
        except ConfigurationError as error:
            raise RefusedError("\n".join((*error.sentences, "The configuration in force was kept."))) from error
        await self._decide(read_again)

    def status(self) -> dict[str, Any]:
        decisions, configuration = self._standing.read(), self.watch.configuration
        return {
            "everything": decisions.everything,
            "by": decisions.by,
            "since": decisions.since,
            "generation": decisions.generation,
            "draining": decisions.draining == self._run,
            "new": _in_force(decisions, configuration.split.rest),
            "weights": [_weight_row(decisions, rule) for rule in self._rules()],
            "caps": list(self._used()),
            "configuration": {
                "path": str(configuration.path),
                "digest": configuration.digest,
                "loaded_seconds_ago": round(time.time() - self.watch.loaded),
                "refused": list(self.watch.refused),
                "waits_for_restart": list(self.watch.waiting),
            },
            "processes": self._processes(),
            "sides": side_rows(self.figures.processes(), self._troubles()),
            "figures": self.figures.totals(),
        }

    def _used(self) -> Iterator[dict[str, Any]]:
        pools = {rule.cap.pool: rule.cap for rule in self.watch.configuration.split.rules if rule.cap}
        for pool, provider, window, used in sorted(self._caps.used()):
            most = most_of(pools[pool], window, self._caps.now()) if pool in pools else None
            yield {"pool": pool, "provider": provider, "window": window, "used": used, "most": most}

    def _processes(self) -> list[dict[str, Any]]:
        now, mine = time.time(), self.watch.number
        seen = ((one, round(now - one["seen"], 1)) for one in self.figures.processes())
        return [
            {
                "number": one["number"],
                "pid": one["pid"],
                "seen_seconds_ago": ago,
                "has_this_configuration": one["configuration"] == mine,
                "sessions_open": one["sessions_open"],
                "transactions_open": one["transactions_open"],
                "journal_available": bool(one["journal_available"]),
            }
            for one, ago in seen
        ]


def _in_order(change: Callable[[Decisions], Decisions], generation: int) -> Callable[[Decisions], Decisions]:
    """Asked under the lock of the decisions, so that what was sent first and came last does not count."""

    def changed(before: Decisions) -> Decisions:
        if generation and generation < before.generation:
            raise RefusedError("A later command came before this one: nothing was changed.")
        return _counted(change, generation)(before)

    return changed


def _counted(change: Callable[[Decisions], Decisions], generation: int) -> Callable[[Decisions], Decisions]:
    """A rollback comes this way alone: it counts whatever its number."""
    return lambda before: replace(change(before), generation=max(generation, before.generation))


def _only_without_rollback(change: Callable[[Decisions], Decisions]) -> Callable[[Decisions], Decisions]:
    """Asked under the lock of the decisions, so that no rollback comes between."""

    def changed(before: Decisions) -> Decisions:
        if before.by == "rollback":
            raise RefusedError("A rollback stands, and this keeps it: nothing was set.")
        return change(before)

    return changed


def _side(words: dict[str, Any], otherwise: str = "") -> Backend:
    match words.get("side"):
        case "old" | "new" as side:
            return side
        case said:
            raise RefusedError(f"{said} is no side: old or new{otherwise}.")


def _full(name: str) -> str:
    return "split" if name == "new" else name


def _weight(rules: dict[str, Rule], name: str, share: object) -> Weight:
    if name not in rules:
        raise RefusedError(f"There is no rule {name}: say {', '.join(['new', *rules][:-1])}.")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= ALL or math.isnan(share):
        raise RefusedError(f"{share!r} is no share: a number from 0 to 100, percent for the new side.")
    return Weight(float(share), rules[name].new)


def _in_force(decisions: Decisions, rule: Rule) -> float:
    if decisions.everything:
        return 100.0 if decisions.everything == "new" else 0.0
    return decisions.weight_of(rule.name, rule.new)


def _weight_row(decisions: Decisions, rule: Rule) -> dict[str, Any]:
    """`pool` is that of the cap that bounds the rule, or None."""
    pool = rule.cap.pool if rule.cap else None
    return {
        "rule": rule.name,
        "new": decisions.weight_of(rule.name, rule.new),
        "configured": rule.new,
        "pool": pool,
    }
