from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, people_who_may, require
from core import outbox
from core.audit import record
from engagements.content import title_of
from engagements.domain.lock_engagement import lock_living
from engagements.models import Gate
from reports.domain.request_freeze import refuse_nothing_new
from reports.drafts import next_version, review_of
from reports.models import DraftReview


@transaction.atomic
def open_review(gate: Gate, *, actor: User) -> DraftReview:
    """Let everybody on the engagement read the draft and comment on it. Opening it again changes nothing.

    Raises Conflict when there is no draft: the phase has not begun, or the last version says it all.
    """
    lock_living(gate.engagement_id)
    gate = Gate.objects.select_related("engagement__organization", "current_document").get(pk=gate.pk)
    require(actor, Permission.FREEZE, gate.engagement.organization)
    if found := review_of(gate):
        return found
    refuse_nothing_new(gate)
    review: DraftReview = DraftReview.objects.create(
        gate=gate, version=next_version(gate), opened_by=actor, opened_at=timezone.now()
    )
    record("document.review_opened", subject=gate, actor=actor, title=title_of(gate), version=review.version)
    _announce(review)
    return review


def _announce(review: DraftReview) -> None:
    """To whoever works for the customer or may ask for changes."""
    gate = review.gate
    organization = gate.engagement.organization
    people = [
        *people_who_may(organization, Permission.REQUEST_CHANGES),
        *people_who_may(organization, Permission.ANSWER_TASK),
    ]
    path = reverse("reports:document", args=[gate.engagement.code, gate.number])
    facts = {"review": review, "gate": gate, "title": title_of(gate), "url": f"{settings.PORTAL_URL}{path}"}
    for person in dict.fromkeys(people):
        why = f"You work on {gate.engagement.code} for {organization}."
        subject, text, html = outbox.render_mail("review_opened", {**facts, "person": person, "why": why})
        outbox.post("review_opened", to=person, subject=subject, text=text, html=html, reference=review)
