from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.constraints import together
from engagements.models.engagement import Engagement
from engagements.models.visible import EngagementPartQuerySet


class QuestionQuerySet(EngagementPartQuerySet["Question"]):
    def comments(self) -> Self:
        """Those on a section of a gate's document."""
        return self.filter(gate__isnull=False)

    def unresolved(self) -> Self:
        return self.filter(resolved_at=None)


class Question(models.Model):
    """A thread on an engagement, or on one thing in it. Blocks a signature only when it says so.

    One on a section of a gate's document is a comment: it stands beside the document and never in it.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveIntegerField()  # within the engagement
    about = models.CharField(max_length=160, blank=True)  # what it is about, in words: "Finding F-012"
    about_url = models.CharField(max_length=200, blank=True)
    gate = models.ForeignKey(
        "engagements.Gate", null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    section = models.CharField(max_length=40, blank=True)  # the key of a section of the gate's document
    text = models.TextField()
    is_blocking = models.BooleanField("blocks the signature", default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="question_number_once"),
            together("resolved_by", "resolved_at", name="question_resolved_whole"),
            models.CheckConstraint(
                condition=Q(gate__isnull=True, section="") | Q(gate__isnull=False) & ~Q(section=""),
                name="question_on_a_section_of_a_gate",
            ),
        ]

    def __str__(self) -> str:
        return f"Question {self.number}"

    @property
    def heading(self) -> str:
        """What its page is called: a comment is no question."""
        return f"Comment {self.number}" if self.section else str(self)

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class ReplyQuerySet(EngagementPartQuerySet["Reply"]):
    path_to_engagement = "question__engagement"


class Reply(models.Model):
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"Reply {self.pk}"
