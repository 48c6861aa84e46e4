"""What the pages of parallel delivery know of their reader and of the work that is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.permissions import EITHER_SIDE, Permission, allowed, allowed_any
from accounts.reader import reader_of
from core.models import Job
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.reader import AnyRequest
    from engagements.models import Engagement


def parallel_context(request: AnyRequest, engagement: Engagement, **more: Any) -> dict[str, Any]:
    """What every page of parallel delivery knows of its reader."""
    reader, organization = reader_of(request), engagement.organization
    return evidence_context(
        request,
        engagement,
        may_work=bool(allowed(reader, Permission.WORK_TASK, organization)),
        may_ask=allowed_any(reader, EITHER_SIDE, organization),
        **more,
    )


def unfinished_job(subject: Model, kind: str) -> Job | None:
    """The latest piece of work of a kind, as long as it is under way or has failed."""
    latest = Job.objects.of(subject).filter(kind=kind).first()
    return latest if latest and latest.state != Job.State.DONE else None
