from django.conf import settings
from django.db import models

from core.triggers import append_only


class CurrentTransaction(models.Func):
    """The number of the transaction that PostgreSQL is in."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class ChainHead(models.Model):
    """Where a chain of audit events stands. Its row lock puts the events of one chain in one order."""

    chain = models.CharField(primary_key=True, max_length=80)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.chain} #{self.sequence}"


class AuditEvent(models.Model):
    """One fact of who did what, chained by digest to the one before it in the same chain.

    Personal circumstances (address, browser) stand in AuditOrigin; the chain holds only their salted digest,
    so that they can be erased when their retention ends and the chain still verifies. Names in its words are replaced
    by `redact_events` alone, which leaves the digest and takes the salt: then nobody can guess what stood here.
    """

    chain = models.CharField(max_length=80)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="audit_events"
    )
    actor_label = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=250)
    data = models.JSONField(default=dict)
    origin_digest = models.CharField(max_length=64, blank=True)
    salt = models.CharField(max_length=32, blank=True)  # part of what the digest is taken of; earlier events have none
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    # Events of one transaction are one act. Stands in no digest: it only says what is shown together.
    act = models.BigIntegerField(null=True, db_default=CurrentTransaction(), editable=False)

    class Meta:
        ordering = ["chain", "sequence"]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_event_one_per_place")]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject")]
        triggers = append_only("audit_event_append_only")

    def __str__(self) -> str:
        return f"{self.chain} #{self.sequence} {self.action}"


class AuditOrigin(models.Model):
    """From where an event was caused. Kept apart from the chain because it is personal and expires."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="origin", primary_key=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    session_digest = models.CharField(max_length=64, blank=True)
    authentication = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"origin of event {self.event_id}"


class Redaction(models.Model):
    """Words of an event were replaced: the digest of what it says since, told by a later event of the same chain."""

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="redactions")
    told_by = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="redacted")
    body_digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["told_by", "event"]
        constraints = [models.UniqueConstraint(fields=["event", "told_by"], name="redaction_once_an_act")]
        triggers = append_only("redaction_append_only")

    def __str__(self) -> str:
        return f"redaction of event {self.event_id}"
