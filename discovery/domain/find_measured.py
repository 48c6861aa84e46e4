"""Brings the findings of mail logs up to date: what each host's latest log says, and which hosts are without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.domain.merge_findings import Look, merge_findings
from discovery.maillog.remarks import remark, remarks
from discovery.models import Domain, Finding, LogReading, Upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from discovery.postfix import Finding as Said
    from engagements.models import Engagement


def find_measured(engagement: Engagement, *, actor: User) -> None:
    """Called under the lock of the engagement. Before the first mail log, nothing is said of hosts without one."""
    logs = latest_logs(engagement)
    if not logs:
        return
    current = Upload.objects.filter(engagement=engagement).current()
    configured = set(current.values_list("host_label", flat=True))
    domains = {name.lower() for name in Domain.objects.filter(upload__in=current).values_list("name", flat=True)}
    for host in sorted(configured | logs.keys()):
        said = list(_said(host, logs.get(host), configured, domains))
        merge_findings(Look(engagement, Finding.Source.LOGS, host), said, actor=actor)


def latest_logs(engagement: Engagement) -> dict[str, LogReading]:
    """Of each host the log that reaches furthest: what it says holds now."""
    rows = LogReading.objects.filter(engagement=engagement).read().order_by("covered_to", "number")
    return {log.host_label: log for log in rows}


def _said(host: str, log: LogReading | None, configured: set[str], domains: set[str]) -> Iterator[Said]:
    if log is None:
        yield remark("measured-host-silent", host)
        return
    if configured and host not in configured:
        yield remark("measured-host-unknown", host)
    yield from remarks(log.figures, domains if configured else _all_of(log))


def _all_of(log: LogReading) -> set[str]:
    """Without any configuration, no sender domain is missing in one."""
    return {group["name"] for group in log.figures["sender_domains"]}
