"""The slow work of delivery. Loaded by DeliveryConfig.ready()."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.jobs import Handle, JobKind, job
from delivery.domain.ask_dns import Preflight, ask_dns, configured_source, store_run
from delivery.domain.reconcile_traffic import Reconciled, read_traffic
from delivery.domain.reconcile_traffic import store_run as store_reconciliation
from discovery.models import TranslationSet
from engagements.models import Engagement


@job("ask_dns", label="Asking DNS")
class AskDns(JobKind[Preflight]):
    def prepare(self, handle: Handle) -> Preflight:
        return ask_dns(_set_of(handle), source=configured_source(), tell=handle.progress)

    def apply(self, handle: Handle, result: Preflight) -> dict[str, Any]:
        run = store_run(_set_of(handle), result, actor=User.objects.get(jobs=handle.job))
        return {"run": run.number}


@job("reconcile_traffic", label="Reconciling the logs")
class ReconcileTraffic(JobKind[Reconciled]):
    def prepare(self, handle: Handle) -> Reconciled:
        return read_traffic(_engagement_of(handle), tell=handle.progress)

    def apply(self, handle: Handle, result: Reconciled) -> dict[str, Any]:
        actor = User.objects.get(jobs=handle.job)
        run = store_reconciliation(_engagement_of(handle), result, asked_at=handle.job.created_at, actor=actor)
        return {"run": run.number}


def _engagement_of(handle: Handle) -> Engagement:
    engagement: Engagement = Engagement.objects.select_related("organization").get(pk=handle.job.subject_id)
    return engagement


def _set_of(handle: Handle) -> TranslationSet:
    return TranslationSet.objects.select_related("engagement__organization").get(pk=handle.job.subject_id)
