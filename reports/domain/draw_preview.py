from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from reports.drafts import draft_of, render_draft
from reports.models import Preview, PreviewPage
from reports.pictures import picture_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from core.models import Job
    from engagements.models import Gate


def draw_preview(gate: Gate, *, job: Job, actor: User, tell: Callable[[int, int | None, str], object]) -> Preview:
    """Lay out the draft, then store the picture of each page as it is drawn: a page that waits shows them as they come.

    Beware: it stores as it goes, unlike other slow work. What an attempt that was killed left is taken away first.
    """
    tell(0, None, "Laying out the pages")
    draft = draft_of(gate)
    rendered = render_draft(gate, draft)
    preview = _begin(gate, job, actor, rendered.pdf, rendered.page_count, draft["stamp"]["snapshot_digest"])
    for number in range(1, preview.page_count + 1):
        tell(number - 1, preview.page_count, f"Page {number} of {preview.page_count}")
        PreviewPage.objects.create(preview=preview, number=number, png=picture_of(rendered.pdf, number))
    tell(preview.page_count, preview.page_count, f"{preview.page_count} pages")
    return preview


@transaction.atomic
def _begin(gate: Gate, job: Job, actor: User, pdf: bytes, page_count: int, digest: str) -> Preview:
    Preview.objects.filter(job=job).delete()
    return Preview.objects.create(
        gate=gate,
        job=job,
        pdf=pdf,
        page_count=page_count,
        content_digest=digest,
        made_by=actor,
        made_at=timezone.now(),
    )


def keep_only(preview: Preview) -> None:
    """Take the gate's earlier previews away. Part of the transaction in which this one is complete."""
    Preview.objects.filter(gate=preview.gate_id).exclude(pk=preview.pk).delete()
