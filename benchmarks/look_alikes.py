"""How the time for an estate of look-alike instances grows: 200 against 20, in the same run.

    python -m benchmarks.look_alikes

The ratio of the times for one instance should stay near 1: what lies around the instances is looked at once.
"""

import time
from pathlib import Path

from discovery.postfix import Bundle
from discovery.postfix.inventory import build_instances

SAMPLE = Path(__file__).parent.parent / "tests" / "postfix_samples" / "multi_ip" / "etc" / "postfix"
SCRIPTS = 300
FEW, MANY = 20, 200


def estate(count: int) -> Bundle:
    contents = {}
    for number in range(count):
        for file in sorted(SAMPLE.iterdir()):
            text = (
                file.read_text().replace("out1.", f"out{number}.").replace("/etc/postfix/", f"/etc/postfix-{number}/")
            )
            contents[f"etc/postfix-{number}/{file.name}"] = text.encode()
    for number in range(SCRIPTS):
        contents[f"usr/local/bin/job{number}.sh"] = b"#!/bin/sh\npostqueue -p | tail -1\n" * 20
    return Bundle.of(contents)


def seconds_for_one(count: int) -> float:
    bundle = estate(count)
    began = time.perf_counter()
    instances, _ = build_instances(bundle)
    seconds = time.perf_counter() - began
    alike = len({instance.likeness for instance in instances})
    print(f"{count:4} instances: {seconds:6.2f} s, {seconds / count * 1000:6.1f} ms each, {alike} distinct")
    return seconds / count


if __name__ == "__main__":
    few, many = seconds_for_one(FEW), seconds_for_one(MANY)
    print(f"one of {MANY} takes {many / few:.2f} times what one of {FEW} takes")
