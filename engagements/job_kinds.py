"""The slow work of the spine. Loaded by EngagementsConfig.ready()."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.jobs import Handle, JobKind, job
from core.models import Job
from core.queues import OUTSIDE
from core.spools import SealedSpool
from core.webhooks.posting import Answer
from engagements.domain.ask_erasure import ERASE
from engagements.domain.ask_export import EXPORT, keep_export, prepare_export
from engagements.domain.erase_records import erase_records, finish
from engagements.domain.send_endpoint import note_answers, note_given_up, send_due
from engagements.domain.tell_endpoints import KIND as POST_ENDPOINT
from engagements.export_pack import Packed
from engagements.models import DataExport, Endpoint, EndpointDelivery


@job(ERASE, label="Erasing", max_attempts=5)
class EraseRecords(JobKind[None]):
    """Unlike others it writes as it goes: what it removes stays removed, and beginning again finds only the rest."""

    def prepare(self, handle: Handle) -> None:
        erase_records(int(handle.job.subject_id), lambda done, sentence: handle.progress(done, None, sentence))

    def apply(self, handle: Handle, result: None) -> dict[str, Any]:  # noqa: ARG002 (everything is in the row)
        erasure = finish(int(handle.job.subject_id))
        return {"rows": erasure.counts.get("rows", {})}


@job(EXPORT, label="Packing everything that is kept")
class ExportRecords(JobKind[tuple[SealedSpool, Packed, datetime]]):
    def prepare(self, handle: Handle) -> tuple[SealedSpool, Packed, datetime]:
        def tell(done: int, sentence: str) -> None:
            handle.progress(done, None, sentence)

        return prepare_export(_export_of(handle), tell)

    def apply(self, handle: Handle, result: tuple[SealedSpool, Packed, datetime]) -> dict[str, Any]:
        keep_export(_export_of(handle), *result)
        return {"rows": result[1].row_count, "bytes": result[1].byte_count, "digest": result[1].sha256}


def _export_of(handle: Handle) -> DataExport:
    found = DataExport.objects.select_related("organization", "person", "asked_by")
    export: DataExport = found.get(pk=handle.job.subject_id)
    return export


@job(POST_ENDPOINT, label="Telling an organization's systems", queue=OUTSIDE)
class PostEndpoint(JobKind[list[tuple[EndpointDelivery, Answer]]]):
    """Nothing is sent, and nothing noted, where the endpoint was removed before its turn."""

    def prepare(self, handle: Handle) -> list[tuple[EndpointDelivery, Answer]]:
        endpoint = _endpoint_of(handle.job)
        return send_due(endpoint) if endpoint else []

    def apply(self, handle: Handle, result: list[tuple[EndpointDelivery, Answer]]) -> dict[str, Any]:
        if endpoint := _endpoint_of(handle.job):
            note_answers(endpoint, result)
        return {"sent": len(result), "taken": sum(answer.is_taken for _, answer in result)}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        if endpoint := _endpoint_of(job):
            note_given_up(endpoint, said=" ".join(reasons))


def _endpoint_of(job: Job) -> Endpoint | None:
    return Endpoint.objects.filter(pk=job.subject_id).first()
