"""The slow work of the spine. Loaded by EngagementsConfig.ready()."""

from datetime import datetime
from typing import Any

from core.jobs import Handle, JobKind, job
from core.spools import SealedSpool
from engagements.domain.ask_erasure import ERASE
from engagements.domain.ask_export import EXPORT, keep_export, prepare_export
from engagements.domain.erase_records import erase_records, finish
from engagements.export_pack import Packed
from engagements.models import DataExport


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
