"""Compares hosts with the uploads that the signed plan was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.domain.merge_findings import Look, merge_findings
from discovery.models import Finding, Upload
from discovery.run_queries import configuration_runs
from discovery.runs.drift import drift_between
from engagements.plan import signed_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from engagements.models import Engagement


def find_drift(engagement: Engagement, *, actor: User, hosts: Iterable[str] | None = None) -> None:
    """Bring the drift findings of these hosts, or of all, up to date. Called under the lock of the engagement.

    The same bytes are no drift, even where a newer parser sees more in them.
    """
    plan = signed_plan(engagement)
    if plan is None:
        return
    uploads = Upload.objects.filter(engagement=engagement)
    planned = {upload.host_label: upload for upload in uploads.current_at(plan.frozen_at)}
    now = {upload.host_label: upload for upload in uploads.current()}
    chosen = now if hosts is None else {host: now[host] for host in hosts if host in now}
    moved = [host for host in chosen if not _is_as_planned(planned.get(host), now[host])]
    runs = configuration_runs([*(now[host] for host in moved), *(planned[host] for host in moved if host in planned)])
    for host in chosen:
        before = runs[planned[host].number] if host in moved and host in planned else None
        said = drift_between(before, runs[now[host].number]) if host in moved else ()
        merge_findings(Look(engagement, Finding.Source.DRIFT, host), said, actor=actor)


def _is_as_planned(planned: Upload | None, now: Upload) -> bool:
    return planned is not None and planned.bundle_digest == now.bundle_digest
