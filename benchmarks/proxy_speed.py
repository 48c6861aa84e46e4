"""The routing proxy beside its peers in one run: messages a second, added latency at a pace, memory.

    .venv/bin/python -m benchmarks.proxy_speed [rounds] [messages]

smtp-source -> X -> smtp-sink with 10 KB messages, X being nothing, HAProxy (TCP, 75/25), Postfix with randmap (until
its queue is empty), and the proxy with its durable journal in one and in two processes. Ratios are of medians. The
machine should do nothing else. The last line is JSON.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.proxy_paced import paced
from benchmarks.proxy_stage import Postfix, Used, haproxy, proxy, pushed, sinks
from tests.delivery.proxy.running import Part

ROUNDS, MESSAGES = 3, 10_000
PACES = ((694, 10.0), (2776, 8.0))
SHARE_FOR_POSTFIX = 4  # it gets a fourth of the messages, or it alone would take minutes


def rates(parts: dict[str, Part], rounds: int, count: int) -> dict[str, dict[str, float]]:
    """Messages a second, and microseconds of the processors for each message, which say most on a busy machine.

    Peers take turns, so that what else the machine does meets all of them.
    """
    kinds = ("persistent", "single", "us, persistent", "us, single")
    found: dict[str, dict[str, list[float]]] = {name: {kind: [] for kind in kinds} for name in parts}
    for _ in range(rounds):
        for name, part in parts.items():
            for kind, share in (("persistent", 1), ("single", 2)):
                used = Used(part)
                found[name][kind].append(rate(part, count // share, is_persistent=kind == "persistent"))
                found[name][f"us, {kind}"].append(used.taken() / (count // share) * 1e6)
    return {name: {kind: statistics.median(each) for kind, each in kinds.items()} for name, kinds in found.items()}


def rate(part: Part, count: int, *, is_persistent: bool) -> float:
    if not isinstance(part, Postfix):
        return pushed(part.port, count, is_persistent=is_persistent)
    few, began = count // SHARE_FOR_POSTFIX, time.perf_counter()
    pushed(part.port, few, is_persistent=is_persistent)
    part.drained()
    return few / (time.perf_counter() - began)


def at_a_pace(parts: dict[str, Part]) -> dict[str, dict[str, float]]:
    """Milliseconds; `idle` is the share of the machine that nobody used, client and backends included."""
    found: dict[str, dict[str, float]] = {}
    for pace, seconds in PACES:
        for name, part in parts.items():
            if isinstance(part, Postfix):
                continue
            for kind in ("persistent", "single"):
                used = Used(part)
                psutil.cpu_percent()
                timing = paced(part.port, pace, seconds, is_persistent=kind == "persistent")
                for why, times in timing.why.items():
                    print(f"{name}, {kind}, {pace}/s: {times} x {why}")
                found[f"{name}, {kind}, {pace}/s"] = {
                    "p50": timing.quantile(0.5) * 1e3,
                    "p99": timing.quantile(0.99) * 1e3,
                    "failed": timing.failed,
                    "rate": len(timing.took) / timing.lasted,
                    "idle": 1 - psutil.cpu_percent() / 100,
                    "own processors": used.share(),
                    "memory MB": used.memory(),
                }
    return found


def show(found: dict[str, dict[str, float]]) -> None:
    for name, kinds in found.items():
        print(f"{name:44s}" + "".join(f"  {kind} {value:,.2f}" for kind, value in kinds.items()))


def ratios(found: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Of rates only: more is better."""
    ours = {name: kinds for name, kinds in found.items() if name.startswith("proxy")}
    return {
        f"{name} to {peer}": {kind: ours[name][kind] / found[peer][kind] for kind in ("persistent", "single")}
        for name in ours
        for peer in found
        if peer not in ours
    }


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    count = int(sys.argv[2]) if len(sys.argv) > 2 else MESSAGES
    with tempfile.TemporaryDirectory(prefix="gatepost-speed-") as name:
        folder = Path(name)
        behind = [sink.start() for sink in sinks(folder)]
        old, new = (sink.port for sink in behind)
        parts: dict[str, Part] = {"direct": behind[0], "HAProxy": haproxy(folder, old, new)}
        parts |= {"Postfix randmap": Postfix(folder, old, new)}
        parts |= {f"proxy, {number} processes": proxy(folder, old, new, number) for number in (1, 2)}
        try:
            for part in list(parts.values())[1:]:
                part.start()
            speed = rates(parts, rounds, count)
            show(speed)
            compared = ratios(speed)
            show(compared)
            pace = at_a_pace(parts)
            show(pace)
        finally:
            for part in [*list(parts.values())[1:], *behind]:
                part.end()
    print(json.dumps({"rates": speed, "ratios": compared, "paced": pace}))


if __name__ == "__main__":
    main()
