"""Mail about the NDA: outbox rows in the transaction of the fact, delivered after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from accounts.models import Organization
from accounts.permissions import Permission, is_staff, people_who_may
from core import outbox
from core.wording import span_text
from pricing.models import Request
from pricing.nda_files import pdf_of
from pricing.nda_standing import due_text, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from core.components import ClockReading
    from engagements.models import Engagement
    from pricing.models import Nda, NdaSignature


def signers_of(organization: Organization) -> list[User]:
    """Everybody who may sign the NDA for this organization, by name."""
    return people_who_may(organization, Permission.SIGN_NDA)


def practice_people(engagement: Engagement) -> list[User]:
    """Who answers for the engagement at the practice: the owner of its request and its lead; else all who may sign."""
    request = Request.objects.filter(engagement=engagement).select_related("owner").first()
    named = [request.owner if request else None, engagement.lead]
    people = [person for person in named if person is not None and person.is_working]
    return list(dict.fromkeys(people)) or signers_of(Organization.objects.consultancy())


def _tell(
    people: Iterable[User], template: str, nda: Nda, files: Iterable[outbox.Attachment] = (), **context: Any
) -> None:
    url = f"{settings.PORTAL_URL}{reverse('pricing:nda', args=[nda.engagement.code])}"
    facts = {"nda": nda, "organization": nda.engagement.organization, "url": url, **context}
    for person in dict.fromkeys(people):
        subject, text, html = outbox.render_mail(template, {"person": person, **facts})
        outbox.post(template, to=person, subject=subject, text=text, html=html, reference=nda, attachments=files)


def announce_nda_clock(nda: Nda, reading: ClockReading, people: Iterable[User], *, hours: int) -> None:
    """That the practice's time runs low, or out where `hours` is 0. Nobody can switch it off."""
    due = due_text(reading.due_at) if reading.due_at else ""
    facts: dict[str, Any] = {"due": due, "hours": hours, "left": span_text(reading.left)}
    why = "A request of the practice has an owner and a lead; both are told when the clock of its NDA runs low."
    turn = standing_of(nda.engagement).whose_turn
    _tell(people, "nda_low" if hours else "nda_late", nda, whose_turn=turn, why=why, **facts)


def announce_choice(nda: Nda, *, actor: User) -> None:
    """What the customer asked for goes to the practice, what the practice put up to whoever signs for the customer."""
    if is_staff(actor) and nda.state == nda.State.OPEN:
        announce_to_sign(nda)
    else:
        turn = standing_of(nda.engagement).whose_turn
        _tell(practice_people(nda.engagement), "nda_asked", nda, actor=actor, whose_turn=turn)


def announce_to_sign(nda: Nda) -> None:
    _tell(signers_of(nda.engagement.organization), "nda_to_sign", nda)


def announce_return(nda: Nda) -> None:
    _tell([nda.asked_by, *signers_of(nda.engagement.organization)], "nda_sent_back", nda)


def announce_paper(nda: Nda) -> None:
    _tell(signers_of(nda.engagement.organization), "nda_recorded", nda)


def announce_nda_signature(nda: Nda, signed: NdaSignature) -> None:
    """A receipt to the signer and the news to the other side; with the second signature the signed PDF to both."""
    customer, practice = signers_of(nda.engagement.organization), practice_people(nda.engagement)
    receipt = _receipt(signed)
    if nda.state != nda.State.SIGNED:
        people = [signed.signed_by, *(customer if signed.side == signed.Side.PRACTICE else practice)]
        turn = standing_of(nda.engagement).whose_turn
        _tell(people, "nda_signed_once", nda, signed=signed, whose_turn=turn, receipt=receipt)
        return
    signatures = list(nda.signatures.select_related("signed_by"))
    copy = outbox.Attachment(nda.filename, pdf_of(nda), "application/pdf")
    people = [*(each.signed_by for each in signatures), *customer, *practice]
    _tell(people, "nda_signed", nda, [copy], signatures=signatures, receipt=receipt)


def _receipt(signed: NdaSignature) -> str:
    return f"{settings.PORTAL_URL}{reverse('pricing:nda_receipt', args=[signed.reference])}"
