"""Reconciles a generated set, with pflogsumm beside it on its Postfix part; prints lines a second, ratios, peak memory.

    .venv/bin/python -m benchmarks.reconcile [messages] [--longest-line BYTES] [--partitions N]

Journal, Postfix, PowerMTA and KumoMTA, 5.8 lines a message; what was planted has to be found exactly. The seconds of
the processors are printed too: on a machine that does other work they are what can be compared.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.planted.bulk import tell_in_bulk

OURS = """
import resource, sys
from delivery.reconciliation.command import main
if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
"""


def timed(words: list[str]) -> tuple[float, float, subprocess.CompletedProcess[str]]:
    """Seconds on the clock, of the processors, and the process."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, used, done


def reconcile(words: list[str]) -> tuple[float, float, dict[str, Any], int]:
    """Seconds on the clock, of the processors, the report, and the peak of memory in MB."""
    clock, used, done = timed([sys.executable, "-c", OURS, *words, "--json"])
    return clock, used, json.loads(done.stdout), int(done.stderr)


def measure(folder: Path, messages: int, partitions: int) -> None:
    planted = tell_in_bulk(folder, messages)
    clock, used, found, peak = reconcile([*planted.words(), *(["--partitions", str(partitions)] if partitions else [])])
    lines = sum(each["read"] for each in found["lines"].values())
    is_exact = all(
        {tuple(key) for key in found[state]} == getattr(planted.truth, state) for state in ("missing", "duplicate")
    )
    print(
        f"all four   {lines:,} lines in {clock:.1f} s, {used:.1f} s of processors: "
        f"{lines / clock:,.0f} lines/s, {peak} MB"
    )
    print(f"           {found['states']}; planted faults {'all found, no other' if is_exact else 'NOT FOUND EXACTLY'}")
    log = str(planted.files["postfix"][0])
    clock, used, found, peak = reconcile(["--postfix", log])
    print(f"Postfix    {found['lines'][log]['read']:,} lines in {clock:.1f} s, {used:.1f} s of processors, {peak} MB")
    if not shutil.which("pflogsumm"):
        print("pflogsumm is not installed: no ratio")
        return
    theirs, their_used, _ = timed(["pflogsumm", "--detail", "0", log])
    print(f"pflogsumm  {theirs:.1f} s, {their_used:.1f} s of processors")
    print(f"ratio      {theirs / clock:.1f} on the clock, {their_used / used:.1f} of processors")


def measure_long_line(folder: Path, longest: int) -> None:
    path = folder / "long.log"
    with path.open("wb") as out:
        for _ in range(longest >> 20):
            out.write(b"x" * (1 << 20))
        out.write(b"\n")
    clock, used, found, peak = reconcile(["--postfix", str(path)])
    print(
        f"one line   of {longest:,} bytes in {clock:.1f} s, {used:.1f} s of processors, {peak} MB: "
        f"{found['lines'][str(path)]}"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("messages", nargs="?", type=int, default=500_000)
    options.add_argument("--longest-line", type=int, default=0)
    options.add_argument("--partitions", type=int, default=0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.longest_line:
            measure_long_line(Path(folder), asked.longest_line)
        else:
            measure(Path(folder), asked.messages, asked.partitions)


if __name__ == "__main__":
    main()
