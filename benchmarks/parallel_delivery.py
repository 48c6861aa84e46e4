"""A parallel delivery from the first log to 100 %, with a rollback in the middle, by people in front of a browser.

    python -m benchmarks.parallel_delivery [COUNT] [--recipients N] [--lost-replies CHANCE] [--portal FOLDER]

COUNT messages (50,000) go by SMTP to `./gatepost proxy`. Its old side is a Postfix of its own (`postfix -c`, own queue
and log) that hands everything to a sink on loopback; its new side is a stand-in that writes logs as KumoMTA does. A
portal of its own (`./gatepost up`) is driven in Chromium by Ada of the consultancy and the signatory of the customer:
the line to the proxy, the ramp, uploads, runs, a drill, every yes and every step 10, 25, 50, the rollback under
traffic, 10 to 90 again, gate 3, 100. Nothing leaves the machine. It takes Postfix, Chromium, a C compiler, and root for
Postfix.

No rule is bent: 72 hours of hold, clean time, two checks in a row, the minimum weeks. Weeks pass because portal,
PostgreSQL, Postfix, proxy and new side live by one calendar that is moved ahead while nothing is on its way
(parallel/calendar.c). Messages are sent in windows between these moves, and all through drill and rollback.

The checks of the ramp want some 400 recipients on the new route in each window, which at 10 % is 4,000: with fewer than
30,000 messages give each more recipients (`2000 --recipients 15`). `--lost-replies` (0.0002) is the chance with which
the new side takes a message and the reply is lost: it arrives twice, opens a case, and is confirmed there with its
cause. `--portal` takes a copy of a folder that a portal has made ready before, and saves its start.

Cases are closed only where the logs name a cause that was planted; any other stays open. The exit code is 1 where the
ledger leaves anything unexplained, a case is open, or what the sides took is not what the sender was told.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.parallel.calendar import Calendar, MovedCalendar
from benchmarks.parallel.journey import Journey
from benchmarks.parallel.people import people_of
from benchmarks.parallel.servers import Servers
from tests.browser.conftest import COLD_START_SECONDS, ROOT, _wait_for
from tests.delivery.proxy.running import free_ports

STOP_SECONDS = 30


@contextmanager
def portal(var: Path, calendar: Calendar) -> Iterator[str]:
    (port,) = free_ports(1)
    own = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "CELERY_BROKER_URL", "EMAIL_URL"}
    environment = {name: value for name, value in calendar.around().items() if name not in own}
    words = [str(ROOT / "gatepost"), "up", "--port", str(port)]
    with (var / "up.txt").open("w") as out:
        running = subprocess.Popen(
            words,
            env=environment | {"GATEPOST_VAR": str(var), "DEMO_HAS_TRAFFIC": "no"},
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", running, COLD_START_SECONDS)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(STOP_SECONDS)


def words_of() -> argparse.Namespace:
    asks = argparse.ArgumentParser()
    asks.add_argument("count", type=int, nargs="?", default=50_000)
    asks.add_argument("--recipients", type=int, default=1)
    asks.add_argument("--lost-replies", type=float, default=0.0002)
    asks.add_argument("--portal", type=Path)
    return asks.parse_args()


def main() -> int:
    words = words_of()
    folder = Path(tempfile.mkdtemp(prefix="gatepost-parallel-"))
    folder.chmod(0o755)  # Postfix reads its own part as an account of its own
    var = folder / "portal"
    if words.portal:
        subprocess.run(["cp", "-a", words.portal, var], check=True)  # with the owners of the database's files
    var.mkdir(exist_ok=True)
    calendar = MovedCalendar(folder)
    servers = Servers(folder, calendar, recipients=words.recipients, lost_replies=words.lost_replies)
    with portal(var, calendar) as url, servers, people_of(url, var) as people:
        journey = Journey(servers, people, words.count)
        journey.run()
        is_good = journey.report()
    if is_good:
        shutil.rmtree(folder, ignore_errors=True)  # the database ends with its last user, and takes files away itself
    else:
        sys.stdout.write(f"Logs and portal are kept in {folder}\n")
    return 0 if is_good else 1


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    sys.exit(main())
