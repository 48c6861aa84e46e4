"""The handoff pack, made by a worker. Loaded by ReportsConfig.ready()."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.jobs import Handle, JobKind, job
from engagements.models import Engagement
from reports.domain.request_handoff import MAKE_HANDOFF, Papers, draw_missing, make_handoff


def _engagement_of(handle: Handle) -> Engagement:
    engagements = Engagement.objects.select_related("organization")
    engagement: Engagement = engagements.get(pk=handle.job.subject_id)
    return engagement


@job(MAKE_HANDOFF, label="Making the handoff pack")
class MakeHandoff(JobKind[Papers]):
    """Draws first what is not drawn yet; the pack is made and kept in the transaction that ends the job."""

    def prepare(self, handle: Handle) -> Papers:
        return draw_missing(_engagement_of(handle), handle.progress)

    def apply(self, handle: Handle, result: Papers) -> dict[str, Any]:
        if not isinstance(handle.actor, User):
            raise TypeError("a handoff pack is asked for by a person")
        pack = make_handoff(_engagement_of(handle), result, actor=handle.actor)
        return {"digest": pack.digest, "bytes": pack.byte_count, "files": pack.file_count}
