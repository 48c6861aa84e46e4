from core.models.audit import AuditEvent, AuditOrigin, ChainHead, Redaction
from core.models.counter import Counter
from core.models.failing_address import FailingAddress
from core.models.jobs import Job
from core.models.outbox import MailMute, OutboxAttachment, OutboxMessage, ToldOnce
from core.models.repeats import KeptAnswer

__all__ = [
    "AuditEvent",
    "AuditOrigin",
    "ChainHead",
    "Counter",
    "FailingAddress",
    "Job",
    "KeptAnswer",
    "MailMute",
    "OutboxAttachment",
    "OutboxMessage",
    "Redaction",
    "ToldOnce",
]
