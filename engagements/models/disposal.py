"""Legal holds, what was erased, what was given out, and the rounds that erase what has had its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organization
from accounts.models.visible import OrganizationPartQuerySet
from accounts.permissions import Permission, allowed
from core.constraints import together
from core.models import Job
from engagements.models.engagement import Engagement

if TYPE_CHECKING:
    from accounts.models import User


class LegalHoldQuerySet(OrganizationPartQuerySet["LegalHold"]):
    def standing(self) -> LegalHoldQuerySet:
        return self.filter(lifted_at=None)


class LegalHold(models.Model):
    """Nothing of the customer, or of the engagement, is erased while it stands."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="legal_holds")
    engagement = models.ForeignKey(
        Engagement, null=True, blank=True, on_delete=models.PROTECT, related_name="legal_holds"
    )
    reason = models.TextField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holds_set")
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="holds_lifted"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True)

    objects: ClassVar[LegalHoldQuerySet] = LegalHoldQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs names it Manager

    class Meta:
        ordering = ["-pk"]
        constraints = [
            together("lifted_by", "lifted_at", name="legal_hold_lifted_whole"),
            models.UniqueConstraint(
                fields=["organization", "engagement"],
                condition=Q(lifted_at=None),
                nulls_distinct=False,
                name="legal_hold_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold on {self.scope}"

    @property
    def scope(self) -> str:
        return str(self.engagement.code if self.engagement else self.organization)

    @property
    def audit_chain(self) -> str:
        return self.engagement.audit_chain if self.engagement else ""


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def visible_to(self, user: User) -> ErasureQuerySet:
        """For the owner of the practice."""
        own = Organization.objects.filter(kind=Organization.Kind.CONSULTANCY).first()
        return self.all() if own and allowed(user, Permission.ERASE_RECORDS, own) else self.none()


class Erasure(models.Model):
    """A customer or a person that was erased. What stood in place of which name is sealed, and gone when it is done."""

    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="erasures"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="erasures"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasures_asked")
    asked_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    sealed_names = models.BinaryField(blank=True)
    counts = models.JSONField(default=dict)  # {model: rows removed}
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ErasureQuerySet] = ErasureQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs names it Manager

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=True, person__isnull=False)
                | Q(organization__isnull=False, person__isnull=True),
                name="erasure_of_a_customer_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(sealed_names=b""), name="erasure_done_keeps_no_names"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure of {self.organization or self.person}"


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def visible_to(self, user: User) -> DataExportQuerySet:
        """What they asked for, as long as they may: a pack holds what its asker may see, which is more or less."""
        may = [one.pk for one in Organization.objects.visible_to(user) if allowed(user, Permission.EXPORT_RECORDS, one)]
        return self.filter(Q(person_id=user.pk) | Q(organization__in=may), asked_by_id=user.pk)

    def ready(self) -> DataExportQuerySet:
        return self.filter(done_at__isnull=False, expires_at__gt=timezone.now())


class DataExport(models.Model):
    """Everything kept about a customer, or about a person, as one ZIP that is there for a while."""

    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="exports"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="exports"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports_asked")
    asked_at = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    byte_count = models.PositiveBigIntegerField(default=0)
    row_count = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[DataExportQuerySet] = DataExportQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs names it Manager

    class Meta:
        ordering = ["-pk"]
        constraints = [
            together("done_at", "expires_at", name="data_export_done_expires"),
            models.CheckConstraint(
                condition=Q(organization__isnull=True, person__isnull=False)
                | Q(organization__isnull=False, person__isnull=True),
                name="data_export_of_a_customer_or_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"export of {self.organization or self.person}"

    @property
    def is_ready(self) -> bool:
        return self.expires_at is not None and self.expires_at > timezone.now()


class DataExportPieceQuerySet(models.QuerySet["DataExportPiece"]):
    def visible_to(self, user: User) -> DataExportPieceQuerySet:
        return self.filter(export__in=DataExport.objects.visible_to(user))


class DataExportPiece(models.Model):
    """Some bytes of it, sealed."""

    export = models.ForeignKey(DataExport, on_delete=models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    objects: ClassVar[DataExportPieceQuerySet] = DataExportPieceQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs names it Manager

    class Meta:
        ordering = ["export", "position"]
        constraints = [models.UniqueConstraint(fields=["export", "position"], name="data_export_piece_once")]

    def __str__(self) -> str:
        return f"piece {self.position} of {self.export}"


class RetentionRound(models.Model):
    """What a round will erase, told before it does; `erased` is there once it did."""

    told_at = models.DateTimeField()  # nothing whose time came later is erased by this round
    due_at = models.DateTimeField()
    planned = models.JSONField(default=dict)  # {class: rows}
    done_at = models.DateTimeField(null=True, blank=True)
    erased = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(done_at=None), name="retention_round_one_at_a_time")
        ]

    def __str__(self) -> str:
        return f"round of {self.told_at:%Y-%m-%d}"
