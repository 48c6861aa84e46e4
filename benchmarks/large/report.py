"""Asks for every page and prints what it took, page by page."""

import argparse
import statistics
from collections.abc import Callable
from typing import Any

import psutil
from django.conf import settings

from benchmarks.large.pages import Page, address_for, measured_engagement, pages, readers
from benchmarks.large.queries import queries_of_all, signed_in
from benchmarks.large.servers import Measured, load

FEW, MANY = 2, 8  # who ask at once: one for each process; and enough that none ever waits
AIM_P95, AIM_LIST, AIM_ROUTE = 100, 1.7, 1.5
PLAIN_THERE = 12  # ms of a processor, where the aims were set: 166 answers a second by two processors
HEAD = f"{'reader: page':<44}{'n':>5}{'p50':>7}{'p95':>7}{'cpu':>7}{'/s':>7}{'x peer':>8}{'queries':>10}"

Tell = Callable[[str], None]


def measure_all(
    asked: argparse.Namespace,
    before: dict[str, Any],
    watched: dict[int, list[psutil.Process]],
    ports: tuple[int, int],
    tell: Tell,
) -> None:
    """p50 and p95 in ms with one asker a process, answers a second with four; the peer before and after."""
    engagement = measured_engagement()
    people = readers(engagement)
    sessions = {name: session_of(person) for name, person in people.items()}
    now = queries_of_all(asked.only)
    port, peer_port = ports

    def rate(port: int, address: str, session: str) -> tuple[Measured, Measured]:
        few, many = (
            load(port, address, session, askers=count, seconds=asked.seconds, watched=watched[port])
            for count in (FEW, MANY)
        )
        return few, many

    def peer() -> tuple[Measured, Measured]:
        return rate(peer_port, "/engagements/", sessions["owner"])

    tell(HEAD)
    peers = [peer()]
    tell(row("the straightforward page", *peers[0], ""))
    rows: list[tuple[Page, str, str, Measured, Measured]] = []
    for page in pages(engagement):
        for reader in page.readers if page.name.startswith(asked.only) else ():
            addresses = {page.name: address_for(page, people[reader]), f"{page.name}, API": page.route}
            for name, address in addresses.items():
                if not address:
                    continue
                key = f"{reader}: {name}"
                few, many = rate(port, address, sessions[reader])
                rows.append((page, reader, name, few, many))
                tell(row(key, few, many, queries(before["queries"].get(key), now[key]), peers[0][1]))
    peers.append(peer())
    tell(row("the straightforward page", *peers[1], ""))
    summary(rows, peers, before["queries"], now, tell)


def session_of(person: Any) -> str:
    return str(signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value)


def queries(before: int | None, now: int) -> str:
    return f"{now}" if before == now else f"{before}->{now}"


def row(key: str, few: Measured, many: Measured, asked: str, peer: Measured | None = None) -> str:
    ratio = f"{peer.processor / many.processor:.2f}" if peer else ""
    return (
        f"{key:<44}{few.n + many.n:>5}{few.p50:>7.1f}{few.p95:>7.1f}{many.processor:>7.1f}{many.a_second:>7.0f}"
        f"{ratio:>8}{asked:>10}"
    )


def summary(rows: Any, peers: Any, before: dict[str, int], now: dict[str, int], tell: Tell) -> None:
    """What of the aims was reached, with the names of what was not.

    Two processors are all there is, so the rate is what an answer costs of them; measured so, other work on the
    machine bends it least.
    """
    plain = statistics.mean(many.processor for _, many in peers)
    slow = {f"{reader}: {name}": few.p95 for _, reader, name, few, _ in rows if few.p95 > AIM_P95}
    tell(told(f"p95 under {AIM_P95} ms", len(rows), slow, "ms"))
    slowness = plain / PLAIN_THERE
    too_slow = {key: p95 for key, p95 in slow.items() if p95 > AIM_P95 * slowness}
    aim = f"the same on a machine where the straightforward page costs {PLAIN_THERE} ms ({slowness:.1f} times here)"
    tell(told(aim, len(rows), too_slow, "ms here"))
    lists = [one for one in rows if one[0].is_list]
    behind = {f"{reader}: {name}": plain / many.processor for _, reader, name, _, many in lists}
    tell(told(f"lists at {AIM_LIST} times the rate of the straightforward page", len(lists), _below(behind), "times"))
    by_name = {(reader, name): many for _, reader, name, _, many in rows}
    pairs = {
        f"{reader}: {name}": many.processor / by_name[reader, name].processor
        for (reader, api), many in by_name.items()
        if api.endswith(", API")
        for name in [api.removesuffix(", API")]
        if (reader, name) in by_name
    }
    slower = {key: ratio for key, ratio in pairs.items() if ratio > AIM_ROUTE}
    tell(told(f"routes within {AIM_ROUTE} times their page", len(pairs), slower, "times"))
    more = {key: float(now[key] - count) for key, count in before.items() if key in now and now[key] != count}
    tell(told("as many queries as before the copying", len(now), more, "more"))


def _below(ratios: dict[str, float]) -> dict[str, float]:
    return {key: ratio for key, ratio in ratios.items() if ratio < AIM_LIST}


def told(aim: str, count: int, missed: dict[str, float], unit: str) -> str:
    named = "".join(f"\n  not {key} ({value:.1f} {unit})" for key, value in missed.items())
    return f"{aim}: {count - len(missed)} of {count}{named}"
