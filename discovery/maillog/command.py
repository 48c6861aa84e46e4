"""`gatepost volumes PATH... [--zone Z] [--json]`: what mail logs hold; no database, nothing leaves the machine."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.counting import counted
from core.shares import share_text
from discovery.maillog.figures import Figures, figures_of
from discovery.maillog.files import LogUnreadable
from discovery.maillog.reading import put_together, read_paths, without_copies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discovery.maillog.shapes import Group, Period

REFUSED = 2
MOST_DAYS = 31
COPY = "{} begins with the same lines as {}: it is a copy, or an earlier state, and was left out."


def main(argv: Sequence[str]) -> int:
    """0 when something was read; 2 with one sentence when not."""
    options = parser().parse_args(list(argv))
    key = secrets.token_bytes(32)
    try:
        paths, copies = without_copies(options.paths)
        files = read_paths(paths, key=key)
    except LogUnreadable as error:
        return refuse(str(error))
    figures = figures_of(put_together(files, key=key, zone=options.zone))
    if not figures.understood:
        why = f"There is no line about a message of Postfix among {figures.lines:,} lines."
        return refuse(" ".join([why, *figures.troubles]))
    sys.stderr.writelines(f"{COPY.format(copy, kept)}\n" for copy, kept in copies)
    text = json.dumps(figures.as_json(), indent=2) if options.json else "\n".join(describe(figures))
    sys.stdout.write(text + "\n")
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="gatepost volumes", description="Measure the volumes in Postfix mail logs.")
    made.add_argument("paths", nargs="+", type=Path, help="logs as they lie there: plain, .gz, .bz2, .xz or .zst")
    made.add_argument("--zone", type=zone, help="time zone of the figures where stamps carry one, e.g. Europe/Paris")
    made.add_argument("--json", action="store_true", help="print all figures as JSON")
    return made


def refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return REFUSED


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(f"{name} is no time zone; write it as Europe/Paris") from error


def describe(figures: Figures) -> Iterator[str]:
    """The figures as text for people."""
    yield from overview(figures)
    yield ""
    yield from periods_and_groups(figures)
    yield ""
    for each in figures.latency:
        yield f"  {each.name:12}  p50 {seconds(each.p50)}  p95 {seconds(each.p95)}"
    yield ""
    ids = f"{figures.ids_different:,} different, {figures.ids_repeated:,} reused, {figures.without_id:,} absent"
    yield f"Message-ID: {ids}"


def overview(figures: Figures) -> Iterator[str]:
    """What was read, and how much was sent."""
    related = figures.understood + figures.not_understood
    yield f"{counted(figures.lines, 'line')}, {figures.understood:,} of {related:,} about messages understood"
    yield f"{figures.first} to {figures.last}, hosts: {', '.join(figures.hosts) or 'not named'}"
    yield from (f"  nothing between {before} and {after}" for before, after in figures.gaps)
    yield from (f"  not understood: {each['file']}:{each['line']} {each['text']}" for each in figures.samples)
    yield from (f"  {trouble}" for trouble in figures.troubles)
    yield ""
    yield f"{counted(figures.accepted, 'message')} handed in, {counted(figures.sent, 'recipient')} sent to outside"
    yield f"bounce rate {percent(figures.bounce_rate)}, put off at least once {percent(figures.deferral_rate)}"
    yield from peaks(figures)


def periods_and_groups(figures: Figures) -> Iterator[str]:
    """Months, the last days, providers, and what streams can be told by."""
    yield from (period_line(month) for month in figures.months)
    yield ""
    yield from (period_line(day) for day in figures.days[-MOST_DAYS:])
    yield ""
    yield from (group_line(group) for group in figures.providers)
    yield ""
    yield "by transport"
    yield from (group_line(group) for group in figures.services)
    yield "by sender domain"
    yield from (group_line(group) for group in figures.sender_domains)


def peaks(figures: Figures) -> Iterator[str]:
    if figures.peak_day:
        yield f"peak day {figures.peak_day.name}: {counted(figures.peak_day.ended, 'recipient')}"
    if figures.peak_hour:
        yield f"peak hour {figures.peak_hour.name}: {counted(figures.peak_hour.ended, 'recipient')}"


def period_line(period: Period) -> str:
    return f"  {period.name:10}  accepted {period.accepted:,}  sent {period.sent:,}  bounced {period.bounced:,}"


def group_line(group: Group) -> str:
    bounced = f"bounced {percent(group.bounce_rate):>7}"
    return f"  {group.name:28}  sent {group.sent:>10,}  {bounced}  put off {group.put_off:,}"


def percent(share: float | None) -> str:
    return "unknown" if share is None else share_text(share)


def seconds(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3g} s"
