"""The slow work of delivery. Loaded by DeliveryConfig.ready()."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.jobs import Handle, JobKind, job
from delivery.domain.ask_dns import Preflight, ask_dns, configured_source, store_run
from discovery.models import TranslationSet


@job("ask_dns", label="Asking DNS")
class AskDns(JobKind[Preflight]):
    def prepare(self, handle: Handle) -> Preflight:
        return ask_dns(_set_of(handle), source=configured_source(), tell=handle.progress)

    def apply(self, handle: Handle, result: Preflight) -> dict[str, Any]:
        run = store_run(_set_of(handle), result, actor=User.objects.get(jobs=handle.job))
        return {"run": run.number}


def _set_of(handle: Handle) -> TranslationSet:
    return TranslationSet.objects.select_related("engagement__organization").get(pk=handle.job.subject_id)
