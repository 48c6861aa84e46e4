from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class KeptAnswer(models.Model):
    """What was answered to a request with an Idempotency-Key, sealed, so that the same request is told the same.

    It is empty where the one given was a file, or showed a secret.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="kept_answers"
    )
    caller_and_key = models.CharField(max_length=64, unique=True)
    request_digest = models.CharField(max_length=64)
    answer = models.BinaryField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"answered at {self.at:%Y-%m-%d %H:%M}"
