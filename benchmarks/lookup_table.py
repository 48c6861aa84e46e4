"""Reads and asks a transport table of a million rows, beside postmap in the same run; prints ratios and peak memory.

    python -m benchmarks.lookup_table [rows]

Ours starts from the text each time, as `postmap -q` on texthash: does; hash:, lmdb: and cdb: are built by postmap
first, as far as it knows them here. The last row is asked for: the slowest for whoever reads from the start.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROWS = 1_000_000
MOST_MEGABYTES = 400
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
MAIN = "myhostname = mx.north.example\nmydestination =\ntransport_maps = hash:/etc/postfix/transport\n"
OURS = "import sys; from discovery.lookup.command import main; sys.exit(main(sys.argv[1:]))"
BUILT = ("hash", "lmdb", "cdb")


def write_table(folder: Path, rows: int) -> Path:
    etc = folder / "etc" / "postfix"
    etc.mkdir(parents=True)
    (etc / "main.cf").write_text(MAIN)
    table = etc / "transport"
    with table.open("w", buffering=1 << 20) as out:
        out.write("# routes\n")
        for number in range(rows):
            out.write(
                f"user{number}@customer{number % 50000}.example\tslow{number % 7}:[relay{number % 31}.example]:2525\n"
            )
    return table


def run(words: Sequence[str]) -> tuple[float, int, str]:
    """`(seconds, peak in MB, what it printed)` of one program."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        child = subprocess.Popen(words, stdout=said)
        _, _, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = 0
        said.seek(0)
        return seconds, used.ru_maxrss // 1024, said.read().decode()


def report(name: str, seconds: float, peak: int, beside: float) -> None:
    print(f"{name:28} {seconds:7.2f} s   peak {peak:4} MB   ratio to ours {seconds / beside:.2f}")


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    postmap = shutil.which("postmap", path=PATH)
    with tempfile.TemporaryDirectory() as folder:
        table = write_table(Path(folder), rows)
        last = f"user{rows - 1}@customer{(rows - 1) % 50000}.example"
        print(f"{rows:,} rows, {table.stat().st_size // 2**20} MB; asked for {last}")
        ours, peak, said = run([sys.executable, "-c", OURS, folder, "transport_maps", last])
        report("gatepost lookup, a hit", ours, peak, ours)
        missed, more, _ = run([sys.executable, "-c", OURS, folder, "transport_maps", "nobody+x@a.b.nowhere.example"])
        report("gatepost lookup, no hit", missed, more, ours)
        if postmap:
            beside_postmap(postmap, table, last, said, ours)
        fits = max(peak, more) < MOST_MEGABYTES
        print(f"peak {max(peak, more)} MB, {'under' if fits else 'OVER'} {MOST_MEGABYTES} MB")
        return 0 if fits else 1


def beside_postmap(postmap: str, table: Path, key: str, said: str, ours: float) -> None:
    seconds, peak, value = run([postmap, "-q", key, f"texthash:{table}"])
    report("postmap -q texthash:", seconds, peak, ours)
    print("the same answer" if value.strip() and f": {value.strip()} " in said else "ANOTHER ANSWER")
    known = subprocess.run(
        [shutil.which("postconf", path=PATH) or "postconf", "-m"], capture_output=True, text=True, check=True
    )
    for kind in (kind for kind in BUILT if kind in known.stdout.split()):
        seconds, peak, _ = run([postmap, f"{kind}:{table}"])
        report(f"postmap {kind}: (build)", seconds, peak, ours)
        seconds, peak, _ = run([postmap, "-q", key, f"{kind}:{table}"])
        report(f"postmap -q {kind}:", seconds, peak, ours)


if __name__ == "__main__":
    sys.exit(main())
