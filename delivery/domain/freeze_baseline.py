"""What the mail logs of discovery say of Postfix, frozen: what the new route is held against after the cutover."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import canonical, record
from core.errors import Conflict, DomainError
from core.numbering import next_number
from delivery.models import Baseline
from delivery.watch.baseline import ALL_DAY, LogHour, cells_of, stream_cells_of, stream_wholes_of, wholes_of
from delivery.watch.book import load_watch
from discovery.measured import volume_of
from discovery.models import LogDay, LogReading
from discovery.models import LogHour as StoredHour
from discovery.storable import storable
from engagements.domain.lock_engagement import lock_living

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from engagements.models import Engagement

MOST_STREAMS = 50
Counted = frozenset[tuple[int, date]]  # days of logs that stand in the sums


@transaction.atomic
def freeze_baseline(engagement: Engagement, *, actor: User) -> Baseline:
    """Raises DomainError where no log has been read, Conflict where the newest baseline says the same already."""
    engagement = lock_living(engagement.pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    if reasons := freeze_blockers(engagement):
        raise DomainError(*reasons)
    counted = volume_of(engagement).counted
    content = storable(_content(list(_logs(counted)), counted))
    days, digest = sorted({day for _, day in counted}), hashlib.sha256(canonical(content)).hexdigest()
    baselines = Baseline.objects.filter(engagement=engagement)
    if (newest := baselines.first()) and newest.digest == digest:
        raise Conflict(f"{newest} says the same already: no mail log was read since. Nothing was frozen.")
    baseline = Baseline.objects.create(
        engagement=engagement,
        number=next_number(baselines),
        content=content,
        digest=digest,
        first_day=days[0],
        last_day=days[-1],
        day_count=len(days),
        is_short=len(days) < load_watch().baseline_days,
        frozen_at=timezone.now(),
        frozen_by=actor,
    )
    span = {"first": str(days[0]), "last": str(days[-1]), "days": len(days), "short": baseline.is_short}
    record("baseline.frozen", subject=baseline, actor=actor, digest=digest, **span)
    return baseline


def freeze_blockers(engagement: Engagement) -> list[str]:
    """What keeps every baseline from being frozen, as whole sentences."""
    read = LogReading.objects.filter(engagement=engagement).read()
    if LogDay.objects.filter(reading__in=read).exists():
        return []
    return ["No mail log of Postfix has been read yet. Upload one under Volumes, then freeze it."]


def _logs(counted: Counted) -> Iterable[LogReading]:
    return LogReading.objects.filter(pk__in={log for log, _ in counted}).order_by("number")


def _content(logs: list[LogReading], counted: Counted) -> dict[str, Any]:
    rows = _rows(logs, counted)
    zone = _zone(rows)
    figures = [log.figures for log in logs]
    return {
        "zone": zone,
        "is_hourly": all(row.hour != ALL_DAY for row in rows),
        "cells": cells_of(rows, zone),
        "wholes": wholes_of(group for each in figures for group in each["providers"]),
        **_by_stream(rows, zone, figures),
        "classes": _classes(figures),
        "ended": sum(each["sent"] + each["bounced"] + each["expired"] for each in figures),
        "streams": _streams(figures),
        "waits": [_wait(log) for log in logs],
        "logs": [[log.number, log.host_label, log.sha256, log.covered_from, log.covered_to] for log in logs],
    }


def _by_stream(rows: list[LogHour], zone: str, figures: list[dict[str, Any]]) -> dict[str, Any]:
    """Nothing for logs that were read before hours had streams."""
    cells = stream_cells_of(rows, zone)
    groups = (group for each in figures for group in each.get("stream_groups", ()))
    days = [len({row.day for row in rows if row.stream}), len({row.day for row in rows})]
    return {"stream_cells": cells, "stream_wholes": stream_wholes_of(groups), "stream_days": days} if cells else {}


def _rows(logs: list[LogReading], counted: Counted) -> list[LogHour]:
    """Hours with their providers; days where a log was read before hours had providers."""
    zones = {log.pk: log.zone for log in logs}
    hours = StoredHour.objects.filter(reading__in=zones).exclude(provider="")
    kept = [row for row in hours.order_by() if (row.reading_id, row.day) in counted]
    with_hours = {(row.reading_id, row.day) for row in kept}
    days = LogDay.objects.filter(reading__in=zones)
    rest = [row for row in days if (row.reading_id, row.day) in counted - with_hours]
    return [
        *(_row(row, row.hour, zones[row.reading_id]) for row in kept),
        *(_row(row, ALL_DAY, zones[row.reading_id]) for row in rest),
    ]


def _row(row: StoredHour | LogDay, hour: int, zone: str) -> LogHour:
    stream = row.stream if isinstance(row, StoredHour) else ""
    return LogHour(row.day, hour, zone, row.provider, row.delivered, row.bounced, row.deferred, stream)


def _zone(rows: list[LogHour]) -> str:
    """Of the hosts that sent most."""
    sent: Counter[str] = Counter()
    for row in rows:
        sent[row.zone] += row.delivered + row.bounced
    return min(sent, key=lambda zone: (-sent[zone], zone))


def _classes(figures: list[dict[str, Any]]) -> dict[str, int]:
    """Recipients that were refused for good, by what that means: hard, soft or block."""
    found: Counter[str] = Counter()
    for each in figures:
        for outcome, _, means, count in each["categories"]:
            found[means] += count if outcome == "bounced" else 0
    return dict(sorted(found.items()))


def _streams(figures: list[dict[str, Any]]) -> list[list[Any]]:
    """[sender's domain, sent, bounced], largest first: of all deliveries over all days, those in the house too."""
    sums: dict[str, Counter[str]] = {}
    for each in figures:
        for group in each["sender_domains"]:
            sums.setdefault(group["name"], Counter()).update(sent=group["sent"], bounced=group["bounced"])
    rows = sorted(sums.items(), key=lambda row: (-row[1]["sent"] - row[1]["bounced"], row[0]))
    return [[name, counts["sent"], counts["bounced"]] for name, counts in rows[:MOST_STREAMS]]


def _wait(log: LogReading) -> list[Any]:
    """[log, half within, 95 % within], in seconds from Postfix's acceptance, over all attempts."""
    delay: dict[str, Any] = next((each for each in log.figures["latency"] if each["name"] == "delay"), {})
    return [log.number, delay.get("p50"), delay.get("p95")]
