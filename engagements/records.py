"""What of an engagement's documents and history a reader is shown: pages and evidence packs tell the same."""

from django.db.models import QuerySet

from accounts.models import Organization, User
from accounts.permissions import Permission, allowed, consultancy_role, is_staff
from core.models import AuditEvent
from engagements.models import Engagement, FrozenDocument

_MONEY_KINDS = (FrozenDocument.Kind.QUOTE, FrozenDocument.Kind.STAY_ADVICE)


def is_about_money(document: FrozenDocument) -> bool:
    return document.kind in _MONEY_KINDS


def readable_documents(reader: User, engagement: Engagement) -> QuerySet[FrozenDocument]:
    """The frozen documents this person may open, latest first."""
    documents = FrozenDocument.objects.visible_to(reader).filter(engagement=engagement).order_by("-pk")
    if may_read_money(reader, engagement.organization):
        return documents
    return documents.exclude(kind__in=_MONEY_KINDS)


def may_read_money(reader: User, organization: Organization) -> bool:
    return bool(allowed(reader, Permission.VIEW_QUOTE, organization))


def told_events(reader: User, engagement: Engagement) -> QuerySet[AuditEvent]:
    """The history as far as this reader may know it: evidence needs its permission, drafts are the practice's."""
    events = AuditEvent.objects.filter(chain=engagement.audit_chain)
    if not allowed(reader, Permission.VIEW_EVIDENCE, engagement.organization):
        events = events.exclude(subject_type__startswith="discovery.")
    if not is_staff(reader):
        events = events.exclude(action="quote.drafted").exclude(action__startswith="request.")
    return events


def shows_origin(reader: User, event: AuditEvent) -> bool:
    """Whether this reader may know from where an act came: owner and lead of all, everybody of their own."""
    return consultancy_role(reader) in {"owner", "lead"} or event.actor_id == reader.pk
