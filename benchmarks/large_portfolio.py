"""Key pages and routes on a portfolio of 10,000 engagements and 1,000,000 findings, by two real web processes.

The demo is built by the doors of its pages, told stories are put beside it, and both are copied until there are as
many (`benchmarks.large`). Each page is asked for by a session of the owner, of a consultant and of a customer, the
last two behind row-level security; its queries are counted before the copying and after. In the same run a plain list
view of Django answers from the same table. The time of the processor (web and database together) stands beside that
of the clock, which other work on the machine lengthens; "x peer" and the ratios compare it.

python -m benchmarks.large_portfolio                # everything: minutes, and some GB of disk
python -m benchmarks.large_portfolio --small        # 100 engagements, 10,000 findings: two minutes of a processor
    --keep FOLDER     the database stays there, and a later run measures the same again
    --only NAME       pages whose name begins so
    --seconds 2       how long each page is asked for
"""

import argparse
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from portal.embedded import Hold

SETTINGS, PEER = "benchmarks.large.settings", "benchmarks.large.peer.settings"
PORT, PEER_PORT = 8190, 8191


@contextmanager
def stage(folder: Path | None) -> Iterator[Path]:
    """Settings, database and Django, ready to import models; the folder stays only when it was named."""
    place = folder or Path(tempfile.mkdtemp(prefix="gatepost-bench-"))
    place.mkdir(parents=True, exist_ok=True)
    hold = Hold(place, throwaway=folder is None)
    told = {"DJANGO_SETTINGS_MODULE": SETTINGS, "DATABASE_URL": hold.url, "PYTHONWARNINGS": "ignore"}
    os.environ.update(told, GATEPOST_VAR=str(place / "var"))
    from portal.prepare import prepare

    prepare(lambda _: None)
    logging.disable(logging.INFO)
    yield place
    hold.release()


def say(sentence: str) -> None:
    print(sentence, flush=True)


def main(asked: argparse.Namespace) -> None:
    from benchmarks.large.build import Size, build, counted

    size = Size(100, 10_000, 500, 20) if asked.small else Size(10_000, 1_000_000, 5_000, 220)
    begun = time.monotonic()
    before = build(size, say, is_small=asked.small)
    say(f"{counted()}, made in {time.monotonic() - begun:.0f} s")
    from benchmarks.large.report import measure_all

    with stage_of_servers(Path(os.environ["GATEPOST_VAR"])) as watched:
        measure_all(asked, before, watched, (PORT, PEER_PORT), say)


@contextmanager
def stage_of_servers(folder: Path) -> Iterator[dict[int, list[psutil.Process]]]:
    """What works for whoever asks at a port: the two web processes, and the database."""
    from benchmarks.large.servers import database, web

    folder.mkdir(parents=True, exist_ok=True)
    with web(SETTINGS, PORT, folder / "web.log") as ours, web(PEER, PEER_PORT, folder / "peer.log") as peer:
        yield {PORT: [ours, database()], PEER_PORT: [peer, database()]}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large_portfolio")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=2.0)
    return parser.parse_args()


if __name__ == "__main__":
    told = arguments()
    with stage(told.keep):
        main(told)
