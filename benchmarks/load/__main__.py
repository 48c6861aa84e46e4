"""Many people at once in a real portal, and what a kill -9 in the middle of it loses or doubles.

python -m benchmarks.load steady [--users 200] [--seconds 300] [--think 15] [--seed 1]
python -m benchmarks.load kill   [the same] [--redis]

Starts a portal of its own (`./gatepost up` with an embedded PostgreSQL, on 127.0.0.1), puts the people in, lets them
walk the journey pages and act, and with `kill` ends one web process, one worker, PostgreSQL and with `--redis` the
broker by kill -9 meanwhile; without it the broker is PostgreSQL. What broke off is sent again: a page is reloaded with
its form, a program repeats under the same Idempotency-Key. At the end each act is counted in the database. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.load.faults import Harm
from benchmarks.load.running import Portal, Redis, busy, free_port
from benchmarks.load.walk import Pace, Walked, walk_all

LONGEST_SECONDS, MOST_USERS = 1800, 500


def words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("mode", choices=("steady", "kill"))
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--think", type=float, default=15, help="seconds that a person looks at a page, on average")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--redis", action="store_true", help="Redis as the broker, killed and started again")
    parser.add_argument("--var", type=Path, help="the folder of a portal that stands already, to begin sooner")
    told = parser.parse_args()
    if not (0 < told.users <= MOST_USERS and 0 < told.seconds <= LONGEST_SECONDS):
        parser.error(f"at most {MOST_USERS} users and {LONGEST_SECONDS} seconds")
    return told


def main() -> int:
    told = words()
    folder = told.var or Path(tempfile.mkdtemp(prefix="gatepost-load-"))
    print(f"The portal stands in {folder}.", file=sys.stderr)
    redis = Redis(folder / "redis") if told.redis else None
    portal = Portal(folder, free_port(), redis)
    try:
        found = measure(portal, redis, told)
    finally:
        portal.stop()
        if redis:
            redis.stop()
    print(json.dumps(found))
    return 0 if is_well(found) else 1


def measure(portal: Portal, redis: Redis | None, told: argparse.Namespace) -> dict[str, Any]:
    os.environ.update(portal.environment, DATABASE_URL=portal.database, PORTAL_URL=portal.url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    import django

    django.setup()
    from django.db import connections
    from django.utils import timezone

    from benchmarks.load.count import count_all
    from benchmarks.load.people import furnish, writes_of
    from benchmarks.load.tally import per_page, summary

    walkers = furnish(told.users, secrets.token_hex(2))
    connections.close_all()
    connections["default"].close_pool()  # the database may be killed
    pace, since, loaded = Pace(told.seconds, told.think, seed=told.seed), timezone.now(), busy()
    harm = Harm(portal, redis, pace, walkers[0]) if told.mode == "kill" else None
    print(f"{len(walkers)} people walk for {told.seconds:.0f} s.", file=sys.stderr)
    walked = asyncio.run(walk_all(portal.url, walkers, pace, harm.run if harm else None))
    busy_after = busy()
    counted = count_all(walked.deeds, since, portal.var / "mail")
    for name, row in per_page(walked).items():
        print(f"{name:<28}" + "".join(f"{key} {value:>6}  " for key, value in row.items()))
    print_refusals(walked)
    head = {"mode": told.mode, "broker": "redis" if redis else "pgmq", "users": told.users, "seconds": told.seconds}
    return {
        **head,
        "think_s": told.think,
        "seed": told.seed,
        "machine_load_before_and_after": [loaded, busy_after],
        "not_tried": sorted({each for walker in walkers for each in writes_of(walker)} - counted["acts"].keys()),
        "load": summary(walked, harm.faults if harm else []),
        "counted": counted,
    }


def print_refusals(walked: Walked) -> None:
    for deed in walked.deeds:
        if deed.said:
            print(f"refused: {deed.kind} {deed.mark} {' '.join(deed.said.split())[:300]}")


def is_well(found: dict[str, Any]) -> bool:
    """Nothing lost, doubled, unknown or failed. A walk that did nothing, or was shown out, proves nothing."""
    load, counted = found["load"], found["counted"]
    acts = counted["acts"].values()
    if found["not_tried"] or not all(row["done"] for row in acts) or load["shown_out"]:
        return False
    if any(row["unknown_at_last"] or row["done_though_refused"] for row in acts):
        return False
    is_kept = not (counted["lost"] or counted["doubled"] or counted["ledger"]["faults"])
    mail, jobs = counted["mail"], counted["jobs"]["states"]
    is_worked_off = counted["is_quiet"] and not jobs.get("failed") and not mail["sent_without_a_mail"]
    return is_kept and is_worked_off and not load["errors_outside_of_a_fault"]


if __name__ == "__main__":
    sys.exit(main())
