from collections.abc import Sequence

from django.conf import settings

from accounts.models import User
from core import outbox
from core.models import Job


def announce_failure(job: Job, *, about: str, path: str, reasons: Sequence[str]) -> None:
    """Tell whoever asked for a document that it was not made, for they may have left the page that says so.

    Part of the transaction in which the job fails.
    """
    if not isinstance(job.actor, User):
        return
    context = {
        "person": job.actor,
        "about": about,
        "reasons": reasons,
        "url": f"{settings.PORTAL_URL}{path}",
        "why": f"You had {about} made.",
    }
    subject, text, html = outbox.render_mail("document_failed", context)
    outbox.post("document_failed", to=job.actor, subject=subject, text=text, html=html, reference=job)
