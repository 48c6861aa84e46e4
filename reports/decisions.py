"""What the documents of gates ask of people, on their home page. Loaded by ReportsConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from accounts.permissions import Permission, allowed, allowed_any, is_staff
from core.counting import counted
from core.models import Job
from core.wording import told
from engagements.content import AT_WORK, title_of
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement, FrozenDocument, Gate
from reports.job_kinds import FREEZE
from reports.models import DraftReview

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User

READERS = (Permission.ANSWER_TASK, Permission.REQUEST_CHANGES)  # whom the mail of a review goes to as well


@register_decisions(Permission.FREEZE, *READERS)
def reviews_open(user: User) -> Iterator[Decision]:
    """Drafts that are open for reading: to the customer's people who work on it, and to the team."""
    frozen = FrozenDocument.objects.filter(gate=OuterRef("gate"), version__gte=OuterRef("version"))
    found = (
        DraftReview.objects.filter(
            ~Exists(frozen),
            gate__engagement__in=Engagement.objects.worked_on_by(user),
            gate__state__in=AT_WORK,
        )
        .annotate(open_comments=Count("gate__comments", filter=Q(gate__comments__resolved_at=None)))
        .select_related("gate__engagement__organization", "opened_by")
    )
    wanted = (Permission.FREEZE,) if is_staff(user) else READERS
    for review in found:
        gate = review.gate
        if allowed_any(user, wanted, gate.engagement.organization):
            comments = counted(review.open_comments, "comment")
            yield Decision(
                title=f"A draft is in review: {title_of(gate)}",
                text=f"Version {review.version}, opened by {review.opened_by} on {told(review.opened_at)}; "
                f"{comments} {'is' if review.open_comments == 1 else 'are'} open. Nobody signs a draft.",
                action="Open the draft" if is_staff(user) else "Read it and comment",
                url=reverse("reports:document", args=[gate.engagement.code, gate.number]),
                engagement=gate.engagement,
                open_to_questions=False,
            )


@register_decisions(Permission.FREEZE)
def builds_failed(user: User) -> Iterator[Decision]:
    """Documents whose last build failed, for whoever may build them again."""
    if not is_staff(user):
        return
    gates = Gate.objects.filter(engagement__in=Engagement.objects.worked_on_by(user), state__in=AT_WORK)
    by_id = {str(gate.pk): gate for gate in gates.select_related("engagement__organization")}
    jobs = Job.objects.filter(kind=FREEZE, subject_type=Gate._meta.label, subject_id__in=by_id)
    for job in jobs.order_by("subject_id", "-pk").distinct("subject_id"):
        gate = by_id[job.subject_id]
        if job.state == Job.State.FAILED and allowed(user, Permission.FREEZE, gate.engagement.organization):
            yield Decision(
                title=f"The document of phase {gate.number} was not built",
                text=job.error_sentence,
                action="Open the document",
                url=reverse("reports:document", args=[gate.engagement.code, gate.number]) + "#freeze",
                engagement=gate.engagement,
            )
