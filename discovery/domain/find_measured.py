"""Brings the findings of mail logs up to date: what each host's latest log says, and which hosts are without one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from discovery.configured_hosts import configured_hosts
from discovery.domain.merge_findings import Look, merge_findings
from discovery.maillog.configured import Configured
from discovery.maillog.remarks import remark, remarks
from discovery.maillog.service_remarks import Spoken, service_remarks
from discovery.models import Domain, Finding, LogReading, Upload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from accounts.models import User
    from discovery.postfix import Finding as Said
    from engagements.models import Engagement


def find_measured(engagement: Engagement, *, actor: User) -> None:
    """Called under the lock of the engagement. Before the first mail log, nothing is said of hosts without one."""
    logs = latest_logs(engagement)
    if not logs:
        return
    current = Upload.objects.filter(engagement=engagement).current()
    configured = configured_hosts(current)
    domains = {name.lower() for name in Domain.objects.filter(upload__in=current).values_list("name", flat=True)}
    every = _figures_of_hosts(engagement)
    for host in sorted(configured.keys() | logs.keys()):
        said = list(_said(host, logs.get(host), configured, domains))
        if host in logs:
            known = configured.get(host, Configured())
            said += service_remarks(logs[host].figures, known, Spoken(every[host]))
        merge_findings(Look(engagement, Finding.Source.LOGS, host), said, actor=actor)


def latest_logs(engagement: Engagement) -> dict[str, LogReading]:
    """Of each host the log that reaches furthest: what it says holds now."""
    rows = LogReading.objects.filter(engagement=engagement).read().order_by("covered_to", "number")
    return {log.host_label: log for log in rows}


def _figures_of_hosts(engagement: Engagement) -> dict[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = LogReading.objects.filter(engagement=engagement).read()
    for host, figures in rows.values_list("host_label", "figures"):
        found[host].append(figures)
    return found


def _said(host: str, log: LogReading | None, configured: Mapping[str, Configured], domains: set[str]) -> Iterator[Said]:
    if log is None:
        yield remark("measured-host-silent", host)
        return
    if configured and host not in configured:
        yield remark("measured-host-unknown", host)
    yield from remarks(log.figures, domains if configured else _all_of(log))


def _all_of(log: LogReading) -> set[str]:
    """Without any configuration, no sender domain is missing in one."""
    return {group["name"] for group in log.figures["sender_domains"]}
