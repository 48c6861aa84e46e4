from core.models.audit import AuditEvent, AuditOrigin, ChainHead, Redaction
from core.models.counter import Counter
from core.models.failing_address import FailingAddress
from core.models.jobs import Job
from core.models.outbox import MailMute, OutboxAttachment, OutboxMessage, ToldOnce
from core.models.repeats import KeptAnswer
from core.models.webhook import Delivery, DeliveryQuerySet, Receiver

__all__ = [
    "AuditEvent",
    "AuditOrigin",
    "ChainHead",
    "Counter",
    "Delivery",
    "DeliveryQuerySet",
    "FailingAddress",
    "Job",
    "KeptAnswer",
    "MailMute",
    "OutboxAttachment",
    "OutboxMessage",
    "Receiver",
    "Redaction",
    "ToldOnce",
]
