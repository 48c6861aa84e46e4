"""Whoever approves runbooks is told, once a revision, that its review is due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Permission, people_who_may
from core import outbox
from core.models import ToldOnce
from core.rounds import each
from core.wording import day_text
from engagements.models import Engagement
from engagements.today import day_of
from reports.models import RunbookRevision

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

KIND = "runbook_review"
_A_DAY = timedelta(days=1)  # where the customer is it may be tomorrow already


def tell_reviews(*, now: datetime | None = None) -> int:
    """Safe to run each hour and twice at once. The day is the customer's."""
    now = now or timezone.now()
    every = RunbookRevision.objects.filter(engagement__in=Engagement.objects.running())
    newest = every.order_by("engagement_id", "key", "-number").distinct("engagement_id", "key")
    due = RunbookRevision.objects.filter(pk__in=newest.values("pk"), review_on__lte=now.date() + _A_DAY)
    rows = due.select_related("engagement__organization", "engagement__lead").defer("content").order_by("pk")
    return each(lambda revision: _tell(revision, now), rows)


@transaction.atomic
def _tell(revision: RunbookRevision, now: datetime) -> int:
    if revision.review_on > day_of(revision.engagement, now):
        return 0
    return sum(_tell_person(person, revision) for person in _approvers(revision))


def _approvers(revision: RunbookRevision) -> list[User]:
    engagement = revision.engagement
    customer = people_who_may(engagement.organization, Permission.APPROVE_RUNBOOK)
    return list(dict.fromkeys([*([engagement.lead] if engagement.lead else []), *customer]))


def _tell_person(person: User, revision: RunbookRevision) -> int:
    _, is_new = ToldOnce.objects.get_or_create(person=person, kind=KIND, occasion=f"revision {revision.pk}")
    if not is_new:
        return 0
    engagement = revision.engagement
    path = reverse("runbooks:runbook", args=[engagement.code, revision.key])
    context = {
        "person": person,
        "revision": revision,
        "engagement": engagement,
        "day": day_text(revision.review_on),
        "url": f"{settings.PORTAL_URL}{path}",
        "why": f"You approve runbooks of {engagement.code}.",
    }
    subject, text, html = outbox.render_mail(KIND, context)
    outbox.post(KIND, to=person, subject=subject, text=text, html=html, reference=revision)
    return 1
