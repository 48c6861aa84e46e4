"""What of an engagement's documents and history a reader is shown: pages and evidence packs tell the same."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from accounts.models import User
from accounts.permissions import (
    Permission,
    allowed,
    allowed_any,
    consultancy_role,
    is_staff,
    organizations_where,
    people_who_may,
    require_any,
)
from accounts.reach import is_given_everywhere
from core.errors import Refused
from core.languages import FIRST, LANGUAGES
from core.models import AuditEvent
from engagements.models import Engagement, FrozenDocument
from engagements.signed_elsewhere import Agreement, agreements_to

# Actions that not every member is told of: the permission they need, or None where they are the practice's own.
# One that ends in a dot stands for all actions of its noun.
_told_only: list[tuple[str, Permission | None]] = []
_MONEY_KINDS = (FrozenDocument.Kind.QUOTE, FrozenDocument.Kind.STAY_ADVICE)


def readable_documents(reader: User, engagement: Engagement) -> QuerySet[FrozenDocument]:
    """The frozen documents this person may open, latest first."""
    return documents_read_by(reader).filter(engagement=engagement).order_by("-pk")


def documents_read_by(reader: User) -> QuerySet[FrozenDocument]:
    """Every frozen document this person may open: of whichever customers, by their role at each."""
    documents = FrozenDocument.objects.visible_to(reader)
    if all(is_given_everywhere(reader, *opened_by(kind)) for kind in FrozenDocument.Kind):
        return documents
    kinds: defaultdict[tuple[Permission, ...], list[str]] = defaultdict(list)
    for kind in FrozenDocument.Kind:
        kinds[opened_by(kind)].append(kind)
    opened = [
        Q(kind__in=of_these, engagement__organization__in=organizations_where(reader, *permissions))
        for permissions, of_these in kinds.items()
    ]
    return documents.filter(reduce(or_, opened))


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document of the list, and the version that took its place."""

    document: FrozenDocument
    language: str
    agreed: Agreement | None
    newer: FrozenDocument | None

    @property
    def language_label(self) -> str:
        return LANGUAGES[self.language]


def document_rows(reader: User, engagement: Engagement) -> list[DocumentRow]:
    """Latest first. The language is asked of the database, which holds large snapshots."""
    found = readable_documents(reader, engagement).annotate(written_in=KeyTextTransform("language", "snapshot"))
    documents = list(found.defer("pdf", "snapshot").prefetch_related("signoffs__revocation"))
    agreed = agreements_to(documents)
    later: dict[str, FrozenDocument] = {}
    rows = []
    for document in documents:
        language = document.written_in if document.written_in in LANGUAGES else FIRST
        rows.append(DocumentRow(document, language, agreed.get(document.pk), later.get(document.reference)))
        if document.kind != FrozenDocument.Kind.RECEIPT:  # of each version there is one, which holds
            later[document.reference] = document
    return rows


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


def require_readable(document: FrozenDocument, reader: User) -> None:
    """Raise Refused with the reason; for a receipt also with who reads it, and whom to ask."""
    organization = document.engagement.organization
    may = opened_by(document.kind)
    if document.kind == FrozenDocument.Kind.RECEIPT and not allowed_any(reader, may, organization):
        raise Refused(*_why_not_the_receipt(document.engagement))
    require_any(reader, may, organization)


def _why_not_the_receipt(engagement: Engagement) -> Iterator[str]:
    customer = [str(person) for person in people_who_may(engagement.organization, Permission.REQUEST_CHANGES)]
    named = f" ({', '.join(customer)})" if customer else ""
    lead = f"{engagement.lead}, who leads this engagement" if engagement.lead else "a consultant of this engagement"
    yield (
        "A sealed receipt says from which address and with which browser somebody signed. It is read by whoever may "
        f"ask for changes at {engagement.organization}{named}, and by the consultants and leads of the practice."
    )
    yield f"Who signed what, and when, stands on the page of each signature. For more, ask {lead}."


def tell_only_with(permission: Permission, *actions: str) -> None:
    """Keep these actions from readers without the permission. The app that registers the actions says so."""
    _told_only.extend((action, permission) for action in actions)


def tell_only_the_practice(*actions: str) -> None:
    _told_only.extend((action, None) for action in actions)


def told_events(reader: User, engagement: Engagement) -> QuerySet[AuditEvent]:
    """The history as far as this reader may know it: evidence and money need their permission."""
    organization = engagement.organization
    held = {each for each in Permission if allowed(reader, each, organization)}
    return events_told_to(engagement, held, is_of_practice=is_staff(reader))


def events_told_to(
    engagement: Engagement, permissions: Collection[Permission], *, is_of_practice: bool = False
) -> QuerySet[AuditEvent]:
    """The same for whoever has these permissions."""
    events = AuditEvent.objects.filter(chain=engagement.audit_chain)
    if Permission.VIEW_EVIDENCE not in permissions:
        events = events.exclude(subject_type__startswith="discovery.")
    for action in _withheld(permissions, is_of_practice=is_of_practice):
        events = events.exclude(action__startswith=action) if action[-1] == "." else events.exclude(action=action)
    return events


def tells(action: str, permissions: Collection[Permission], *, is_of_practice: bool) -> bool:
    """Whether readers with these permissions are told of the action at all."""
    withheld = _withheld(permissions, is_of_practice=is_of_practice)
    return not any(action.startswith(each) if each[-1] == "." else action == each for each in withheld)


def _withheld(permissions: Collection[Permission], *, is_of_practice: bool) -> Iterator[str]:
    for action, permission in _told_only:
        if not (permission in permissions if permission else is_of_practice):
            yield action


def shows_address(reader: User, engagement: Engagement, signer_id: int | None) -> bool:
    """Whether a page may tell this reader from where somebody signed: the signer, and whoever may open receipts."""
    may_open = opened_by(FrozenDocument.Kind.RECEIPT)
    return reader.pk == signer_id or allowed_any(reader, may_open, engagement.organization)


def shows_origin(reader: User, event: AuditEvent) -> bool:
    """Whether this reader may know from where an act came: owner and lead of all, everybody of their own."""
    return consultancy_role(reader) in {"owner", "lead"} or event.actor_id == reader.pk
