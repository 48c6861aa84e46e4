from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from datetime import datetime


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def waiting(self) -> OutboxQuerySet:
        return self.filter(sent_at=None, parked_at=None)

    def due(self) -> OutboxQuerySet:
        return self.waiting().filter(available_at__lte=Now()).order_by("available_at", "pk")

    def parked(self) -> OutboxQuerySet:
        return self.filter(parked_at__isnull=False)

    def told_in(self, message_id: str) -> OutboxQuerySet:
        """What went out in the mail of that Message-ID: several rows of a batch."""
        return self.filter(message_id=message_id).exclude(message_id="").order_by("pk")

    def failed_since(self, address: str, moment: datetime) -> OutboxQuerySet:
        """What went to an address at that moment or later and came back, or was refused because of the address."""
        refused = Q(parked_for=OutboxMessage.ParkedFor.ADDRESS, attempts__gt=0, parked_at__gte=moment)
        failed = Q(came_back_at__isnull=False, sent_at__gte=moment) | refused
        return self.filter(failed, address__iexact=address)

    def about(self, reference: models.Model) -> OutboxQuerySet:
        return self.filter(reference_type=reference._meta.label, reference_id=str(reference.pk))


class OutboxMessage(models.Model):
    """A mail that goes out once the transaction it was written in is committed.

    Once it is sent the words are taken out of the row. Words with a link that opens a door lie sealed until then,
    and for as long as the mail is parked. Who was told what about which row, and when, stays.
    """

    class ParkedFor(models.TextChoices):
        """Empty for what a restore parks: its statement has to fit backups that are older than this column."""

        ADDRESS = "address", "Mail to the address fails"
        SERVER = "server", "The mail server was not reached, or refused for another reason"

    kind = models.CharField(max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="outbox_messages"
    )
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    is_sealed = models.BooleanField(default=False)
    reference_type = models.CharField(max_length=80)
    reference_id = models.CharField(max_length=40)
    is_required = models.BooleanField(default=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    parked_for = models.CharField(max_length=7, choices=ParkedFor, blank=True, default="")
    error_sentence = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, blank=True)  # of the mail it was last tried in
    came_back_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)  # when its report of arrival was first read

    objects: ClassVar[OutboxQuerySet] = OutboxQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs names it Manager

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(parked_at__isnull=True), name="outbox_sent_or_parked"
            ),
            models.CheckConstraint(
                condition=Q(parked_at__isnull=True) | ~Q(error_sentence=""), name="outbox_parked_says_why"
            ),
            models.CheckConstraint(
                condition=Q(parked_at__isnull=False) | Q(parked_for=""), name="outbox_parked_for_something"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(text="", html=""), name="outbox_sent_keeps_no_words"
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at", "id"], condition=Q(sent_at=None, parked_at=None), name="outbox_waiting"
            ),
            models.Index(fields=["reference_type", "reference_id"], name="outbox_reference"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="outbox_message_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"


class OutboxAttachment(models.Model):
    """A file that goes with a mail; deleted when it is sent."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="attachments")
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.filename


class MailMute(models.Model):
    """A kind of mail that a person switched off for themselves."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_mutes")
    kind = models.CharField(max_length=60)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="mail_mute_once")]

    def __str__(self) -> str:
        return self.kind


class ToldOnce(models.Model):
    """That somebody was told of an occasion by a round, so that the next round does not tell it again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="told_occasions")
    kind = models.CharField(max_length=60)
    occasion = models.CharField(max_length=80)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["person", "kind", "occasion"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion}"
