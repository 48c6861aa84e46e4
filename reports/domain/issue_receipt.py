from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import outbox
from core.audit import record
from core.documents import render_sealed
from engagements.domain.announce import team_of
from engagements.domain.file_paper import Paper, file_paper
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement, FrozenDocument
from engagements.signing_order import given_up_to
from reports.content.receipt import receipt_content, receipt_reference


def prepare_receipt(document: FrozenDocument) -> Paper:
    """Draw and seal the receipt of a signed document. Slow, writes nothing."""
    content = receipt_content(document)
    kind = FrozenDocument.Kind.RECEIPT
    title = f"Receipt of {document.title[:1].lower()}{document.title[1:]}"
    rendered = render_sealed(kind.value, content)
    return Paper(kind, receipt_reference(document), document.version, title, content, rendered)


@transaction.atomic
def issue_receipt(document: FrozenDocument, prepared: Paper, *, actor: User) -> FrozenDocument | None:
    """File the receipt beside its document and send both to everybody who signed, or handed that over, and to the team.

    None, and nothing is filed or sent, when a signature was revoked since the document was signed.
    """
    engagement = lock_engagement(document.engagement_id)
    if not _still_holds(document, prepared):
        return None
    receipt = file_paper(engagement, prepared, gate=document.gate, actor=actor, at=timezone.now())
    about = {"title": document.title, "version": document.version, "of": document.digest}
    record("document.receipt_issued", subject=receipt, actor=None, digest=receipt.digest, **about)
    _send(document, receipt)
    return receipt


def _still_holds(document: FrozenDocument, prepared: Paper) -> bool:
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
