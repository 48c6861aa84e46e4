"""The split over many messages, the way back under full load, and memory over all of it.

    .venv/bin/python -m benchmarks.proxy_split [messages]

smtp-source sends as fast as it can, each message with a Message-ID of its own, to two smtp-sinks; the journal
says where each went. Then a rollback is asked for under load. The last line is JSON.
"""

import json
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

from benchmarks.proxy_stage import Used, proxy, pushed, sinks
from tests.delivery.proxy.running import Part, Proxy

MESSAGES, STEPS = 100_000, 5
SHARE = 25


def split(part: Proxy, count: int) -> dict[str, object]:
    used, memory, began = Used(part), [], time.monotonic()
    for _ in range(STEPS):
        pushed(part.port, count // STEPS, is_persistent=True)
        memory.append(round(used.memory(), 1))
    entries = part.entries()
    sides = Counter(one["backend"] for one in entries)
    by_message: dict[str, set[str]] = {}
    for one in entries:
        by_message.setdefault(one["message_id"], set()).add(one["backend"])
    return {
        "messages": len(entries),
        "new %": round(100 * sides["new"] / len(entries), 3),
        "wanted %": SHARE,
        "on two sides": sum(len(one) > 1 for one in by_message.values()),
        "outcomes": dict(Counter(one["outcome"] for one in entries)),
        "memory MB": memory,
        "rate": round(count / (time.monotonic() - began)),
    }


def way_back(part: Proxy, count: int) -> dict[str, object]:
    """Under load: how long the command takes, and what began on the new side after it was answered."""
    load = threading.Thread(target=pushed, args=(part.port, count), kwargs={"is_persistent": True})
    load.start()
    time.sleep(1)
    asked = time.time()
    part.ask("rollback")
    told = time.time()
    load.join()
    after = [one for one in part.entries() if stamp(one["time"]) > told]
    return {
        "command answered after s": round(told - asked, 3),
        "began after the answer": len(after),
        "of these on the new side": sum(one["backend"] == "new" for one in after),
        "last on the new side s": round(last_new(part, asked), 3),
    }


def last_new(part: Proxy, asked: float) -> float:
    """When the last intent for the new side was written, in seconds after the command was typed."""
    return max(stamp(one["time"]) for one in part.entries() if one["backend"] == "new") - asked


def stamp(text: str) -> float:

    return datetime.fromisoformat(text).timestamp()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory(prefix="gatepost-split-") as name:
        folder = Path(name)
        behind: list[Part] = [sink.start() for sink in sinks(folder)]
        part = proxy(folder, behind[0].port, behind[1].port, 1)
        part.start()
        try:
            said = {"split": split(part, count), "rollback": way_back(part, count // 4)}
        finally:
            for one in (part, *behind):
                one.end()
    for facts in said.values():
        for fact, value in facts.items():
            print(f"{fact:30s} {value}")
    print(json.dumps(said))


if __name__ == "__main__":
    main()
