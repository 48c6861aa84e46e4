from core.models.audit import AuditEvent, AuditOrigin, ChainHead
from core.models.counter import Counter

__all__ = ["AuditEvent", "AuditOrigin", "ChainHead", "Counter"]
