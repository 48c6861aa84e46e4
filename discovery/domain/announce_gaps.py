"""Mail about gaps that wait for the customer: outbox rows in the transaction of the fact. No line stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from accounts.permissions import Permission, people_who_may
from core import outbox
from discovery.gaps import waiting_gaps

if TYPE_CHECKING:
    from engagements.models import Engagement


def announce_gaps(engagement: Engagement) -> None:
    """Tell whoever decides how many wait. Nothing is sent when none does."""
    count = waiting_gaps(engagement).count()
    if not count:
        return
    url = settings.PORTAL_URL + reverse("discovery:translation_gaps", args=[engagement.code])
    for person in people_who_may(engagement.organization, Permission.DECIDE_GAP):
        context = {"person": person, "engagement": engagement, "count": count, "url": url}
        subject, text, html = outbox.render_mail("gaps_waiting", context)
        outbox.post("gaps_waiting", to=person, subject=subject, text=text, html=html, reference=engagement)
