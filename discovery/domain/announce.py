"""Mail about an upload: outbox rows in the transaction of the fact. No line of the configuration stands in them."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import outbox
from discovery.models import Upload
from engagements.domain.announce import team_of

LONG_WAIT = timedelta(seconds=60)


def announce_reading(upload: Upload) -> None:
    """Tell the uploader when it took long or was refused, and the team that there is something new to review."""
    waited = timezone.now() - upload.uploaded_at
    if upload.state == Upload.State.REFUSED:
        _tell(upload.uploaded_by, "upload_refused", upload)
        return
    if waited > LONG_WAIT:
        _tell(upload.uploaded_by, "upload_read", upload)
    for person in team_of(upload.engagement):
        if person != upload.uploaded_by:
            _tell(person, "upload_new", upload)


def _tell(person: User, template: str, upload: Upload) -> None:
    url = settings.PORTAL_URL + reverse("discovery:upload", args=[upload.engagement.code, upload.number])
    context = {"person": person, "upload": upload, "engagement": upload.engagement, "url": url}
    subject, text, html = outbox.render_mail(template, context)
    outbox.post(template, to=person, subject=subject, text=text, html=html, reference=upload)
