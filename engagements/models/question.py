from django.conf import settings
from django.db import models

from core.constraints import together
from engagements.models.engagement import Engagement
from engagements.models.visible import EngagementPartQuerySet


class Question(models.Model):
    """A thread on an engagement, or on one thing in it. Blocks a signature only when it says so."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="questions")
    about = models.CharField(max_length=160, blank=True)  # what it is about, in words: "Finding F-012"
    about_url = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    is_blocking = models.BooleanField("blocks the signature", default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = EngagementPartQuerySet["Question"].as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [together("resolved_by", "resolved_at", name="question_resolved_whole")]

    def __str__(self) -> str:
        return f"Question {self.pk}"

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
