from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import outbox
from core.audit import digest_of, record
from core.documents import RenderedDocument, render_sealed
from engagements.domain.announce import team_of
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement, FrozenDocument
from engagements.signing_order import given_up_to
from reports.content.receipt import receipt_content, receipt_reference


@dataclass(frozen=True, slots=True)
class PreparedReceipt:
    """A receipt as drawn, not yet filed."""

    content: dict[str, Any]
    rendered: RenderedDocument


def prepare_receipt(document: FrozenDocument) -> PreparedReceipt:
    """Draw and seal the receipt of a signed document. Slow, writes nothing."""
    content = receipt_content(document)
    return PreparedReceipt(content, render_sealed(FrozenDocument.Kind.RECEIPT.value, content))


@transaction.atomic
def issue_receipt(document: FrozenDocument, prepared: PreparedReceipt, *, actor: User) -> FrozenDocument | None:
    """File the receipt beside its document and send both to everybody who signed, or handed that over, and to the team.

    None, and nothing is filed or sent, when a signature was revoked since the document was signed.
    """
    engagement = lock_engagement(document.engagement_id)
    if not _still_holds(document, prepared):
        return None
    receipt: FrozenDocument = FrozenDocument.objects.create(
        engagement=engagement,
        gate=document.gate,
        kind=FrozenDocument.Kind.RECEIPT,
        reference=receipt_reference(document),
        version=document.version,
        title=f"Receipt of {document.title[:1].lower()}{document.title[1:]}",
        pdf=prepared.rendered.pdf,
        digest=prepared.rendered.digest,
        byte_count=len(prepared.rendered.pdf),
        page_count=prepared.rendered.page_count,
        snapshot=prepared.content,
        snapshot_digest=digest_of(prepared.content),
        frozen_at=timezone.now(),
        frozen_by=actor,
    )
    about = {"title": document.title, "version": document.version, "of": document.digest}
    record("document.receipt_issued", subject=receipt, actor=None, digest=receipt.digest, **about)
    _send(document, receipt)
    return receipt


def _still_holds(document: FrozenDocument, prepared: PreparedReceipt) -> bool:
    """Whether the signatures that were drawn are those that stand now."""
    standing = document.signoffs.filter(revocation=None).values_list("reference", flat=True)
    return sorted(drawn["reference"] for drawn in prepared.content["signatures"]) == sorted(standing)


def _send(document: FrozenDocument, receipt: FrozenDocument) -> None:
    signers = [one.signed_by for one in document.signoffs.select_related("signed_by").order_by("pk")]
    engagement = document.engagement
    handed_over = given_up_to(document).filter(given_to__in=signers).select_related("given_by")
    signers += [given.given_by for given in handed_over if _still_reads(given.given_by, engagement)]
    files = [outbox.Attachment(one.filename, bytes(one.pdf), "application/pdf") for one in (document, receipt)]
    url = f"{settings.PORTAL_URL}{reverse('engagements:documents', args=[engagement.code])}"
    for person in dict.fromkeys([*signers, *team_of(engagement)]):
        attached = files if person in signers else []
        words = {"person": person, "document": document, "receipt": receipt, "engagement": engagement, "url": url}
        subject, text, html = outbox.render_mail("sealed_copy", {**words, "attached": attached})
        outbox.post(
            "sealed_copy", to=person, subject=subject, text=text, html=html, reference=receipt, attachments=attached
        )


def _still_reads(person: User, engagement: Engagement) -> bool:
    """Whoever hands a signature over may leave before it is given; the receipt names addresses."""
    return bool(Engagement.objects.visible_to(person).filter(pk=engagement.pk).exists())
