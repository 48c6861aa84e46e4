"""What tests of the NDA look at."""

from core.models import AuditEvent, OutboxMessage


def actions(engagement):
    events = AuditEvent.objects.filter(chain=engagement.audit_chain, action__startswith="nda.")
    return list(events.order_by("sequence").values_list("action", flat=True))


def mails(kind):
    return sorted(OutboxMessage.objects.filter(kind=kind).values_list("address", flat=True))
