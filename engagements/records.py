"""What of an engagement's documents and history a reader is shown: pages and evidence packs tell the same."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission, allowed, allowed_any, consultancy_role, is_staff
from core.models import AuditEvent
from engagements.models import Engagement, FrozenDocument

# Actions that not every member is told of: the permission they need, or None where they are the practice's own.
# One that ends in a dot stands for all actions of its noun.
_told_only: list[tuple[str, Permission | None]] = []
_MONEY_KINDS = (FrozenDocument.Kind.QUOTE, FrozenDocument.Kind.STAY_ADVICE)


def readable_documents(reader: User, engagement: Engagement) -> QuerySet[FrozenDocument]:
    """The frozen documents this person may open, latest first."""
    documents = FrozenDocument.objects.visible_to(reader).filter(engagement=engagement).order_by("-pk")
    kinds = [kind for kind in FrozenDocument.Kind if allowed_any(reader, opened_by(kind), engagement.organization)]
    return documents.filter(kind__in=kinds)


def sealed_receipt(document: FrozenDocument, reader: User) -> FrozenDocument | None:
    """The receipt of this document, once it is written; None for whoever may not open it."""
    found = readable_documents(reader, document.engagement).filter(
        kind=FrozenDocument.Kind.RECEIPT, gate=document.gate_id, snapshot__digest=document.digest
    )
    return found.defer("pdf", "snapshot").first()


def opened_by(kind: str) -> tuple[Permission, ...]:
    """Any of these opens a document of the kind. Receipts name addresses: they are for those who sign and prepare."""
    if kind in _MONEY_KINDS:
        return (Permission.VIEW_QUOTE,)
    if kind == FrozenDocument.Kind.RECEIPT:
        return (Permission.REQUEST_CHANGES, Permission.FREEZE)
    return (Permission.VIEW,)


def tell_only_with(permission: Permission, *actions: str) -> None:
    """Keep these actions from readers without the permission. The app that registers the actions says so."""
    _told_only.extend((action, permission) for action in actions)


def tell_only_the_practice(*actions: str) -> None:
    _told_only.extend((action, None) for action in actions)


def told_events(reader: User, engagement: Engagement) -> QuerySet[AuditEvent]:
    """The history as far as this reader may know it: evidence and money need their permission."""
    events = AuditEvent.objects.filter(chain=engagement.audit_chain)
    if not allowed(reader, Permission.VIEW_EVIDENCE, engagement.organization):
        events = events.exclude(subject_type__startswith="discovery.")
    for action, permission in _told_only:
        if not (allowed(reader, permission, engagement.organization) if permission else is_staff(reader)):
            events = events.exclude(action__startswith=action) if action[-1] == "." else events.exclude(action=action)
    return events


def shows_address(reader: User, engagement: Engagement, signer_id: int | None) -> bool:
    """Whether a page may tell this reader from where somebody signed: the signer, and whoever may open receipts."""
    may_open = opened_by(FrozenDocument.Kind.RECEIPT)
    return reader.pk == signer_id or allowed_any(reader, may_open, engagement.organization)


def shows_origin(reader: User, event: AuditEvent) -> bool:
    """Whether this reader may know from where an act came: owner and lead of all, everybody of their own."""
    return consultancy_role(reader) in {"owner", "lead"} or event.actor_id == reader.pk
