"""The slow work of the spine. Loaded by EngagementsConfig.ready()."""

from typing import Any

from core.jobs import Handle, JobKind, job
from engagements.domain.ask_erasure import ERASE
from engagements.domain.erase_records import erase_records, finish


@job(ERASE, label="Erasing", max_attempts=5)
class EraseRecords(JobKind[None]):
    """Unlike others it writes as it goes: what it removes stays removed, and beginning again finds only the rest."""

    def prepare(self, handle: Handle) -> None:
        erase_records(int(handle.job.subject_id), lambda done, sentence: handle.progress(done, None, sentence))

    def apply(self, handle: Handle, result: None) -> dict[str, Any]:  # noqa: ARG002 (everything is in the row)
        erasure = finish(int(handle.job.subject_id))
        return {"rows": erasure.counts.get("rows", {})}
