from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from pricing.intake_book import intake_book
from pricing.models.request import Request

if TYPE_CHECKING:
    from accounts.models import User


class RequestDraftQuerySet(models.QuerySet["RequestDraft"]):
    def visible_to(self, user: User) -> Self:
        """One's own, as long as one sees the request. Nobody else's words are anybody's."""
        seen = Q(request__isnull=True) | Q(request__in=Request.objects.visible_to(user))
        return self.filter(seen, author=user)

    def of(self, request: Request | None, author: User) -> Self:
        """None: of a request that is not recorded yet."""
        return self.filter(request=request, author=author)

    def forgotten(self) -> Self:
        """Not touched for as long as an unfinished request of the website is kept."""
        return self.filter(saved_at__lte=timezone.now() - timedelta(days=intake_book().keep_days))


class RequestDraft(models.Model):
    """What one person has typed into the form of a request and not saved. `version` is the one they were looking at.

    `typed` holds the words that are not blank, as they were typed, right or wrong.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(Request, null=True, blank=True, on_delete=models.PROTECT, related_name="drafts")
    version = models.PositiveIntegerField(default=0)
    typed: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    saved_at = models.DateTimeField()

    objects = RequestDraftQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "author"], condition=Q(request__isnull=False), name="request_draft_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["author"], condition=Q(request__isnull=True), name="request_draft_one_new_a_person"
            ),
            models.CheckConstraint(
                condition=Q(request__isnull=False) | Q(version=0), name="request_draft_of_new_has_no_version"
            ),
        ]
        indexes = [models.Index(fields=["saved_at"], name="request_draft_age")]

    def __str__(self) -> str:
        return f"Draft of {self.author} on {self.request or 'a new request'}"

    @property
    def audit_chain(self) -> str:
        return self.request.audit_chain if self.request else ""

    @property
    def is_outdated(self) -> bool:
        """Whether the request was changed since these words were typed."""
        return self.request is not None and self.request.version != self.version
