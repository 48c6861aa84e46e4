"""Mail about what happened at a gate: outbox rows in the transaction of the fact, delivered after it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model
from django.urls import reverse

from accounts.models import Duty, User
from accounts.permissions import who_gave
from core import outbox
from core.wording import moment_text
from engagements.conditions import conditions_let_fall, conditions_under, no_longer_held
from engagements.models import (
    ChangeRequest,
    Condition,
    Delegation,
    Engagement,
    FrozenDocument,
    Gate,
    PartRelease,
    RequiredSigner,
    Revocation,
    SignOff,
)
from engagements.signing_order import given_up_to


def _tell(people: Sequence[User], template: str, reference: Model, **context: Any) -> None:
    for person in people:
        subject, text, html = outbox.render_mail(template, {"person": person, **context})
        outbox.post(template, to=person, subject=subject, text=text, html=html, reference=reference)


def _url(name: str, *arguments: object) -> str:
    return f"{settings.PORTAL_URL}{reverse(name, args=arguments)}"


def _at(moment: datetime | None, reader: User) -> str:
    return moment_text(moment, ZoneInfo(reader.time_zone)) if moment else ""


def team_of(engagement: Engagement) -> list[User]:
    """The consultancy's people on an engagement, lead first; whoever has left the practice is not among them."""
    lead = User.objects.filter(led_engagements=engagement).order_by().values("pk")
    assigned = Engagement.consultants.through.objects.filter(engagement=engagement).values("user")
    people = User.objects.working().filter(pk__in=lead.union(assigned, all=True))
    staff = people.filter(memberships__organization_kind="consultancy").distinct()
    return sorted(staff, key=lambda person: (person.pk != engagement.lead_id, person.full_name))


def announce_submission(gate: Gate, document: FrozenDocument, signers: Sequence[User]) -> None:
    """Ask each signer for a signature: what, why they, the fingerprint."""
    url = _url("engagements:sign", gate.engagement.code, gate.number)
    for signer in signers:
        handed_over = given_up_to(document).filter(given_to=signer).select_related("given_by").last()
        context = {
            "handed_over": handed_over,
            "named_by": who_gave(signer, Duty.Kind.SIGN_PHASE, gate.engagement.organization, phase=gate.number),
            "why": why_signing(gate),
        }
        _tell([signer], "sign_request", gate, gate=gate, document=document, url=url, **context)


def why_signing(gate: Gate) -> str:
    return (
        f"You have the duty to sign phase {gate.number} of {gate.engagement.code} for {gate.engagement.organization}. "
        "Whoever manages your people can take the duty back."
    )


def announce_delegation(delegation: Delegation) -> None:
    gate = delegation.gate
    url = _url("engagements:gate", gate.engagement.code, gate.number)
    why = f"You are on the team of {gate.engagement.code}."
    people = team_of(gate.engagement)
    _tell(people, "signature_delegated", delegation, delegation=delegation, gate=gate, url=url, why=why)


def announce_signature(gate: Gate, signoff: SignOff) -> None:
    """A receipt to the signer, the news to the other signers and to the team."""
    url = _url("engagements:receipt", signoff.reference)
    people = [*_signers(signoff.document), *team_of(gate.engagement)]
    why = f"You sign, or work on, {gate.engagement.code}."
    reserved = {
        "conditions": list(conditions_under(signoff)),
        "let_fall": list(conditions_let_fall(signoff)),
        "no_longer_held": no_longer_held(signoff),
    }
    _tell(list(dict.fromkeys(people)), "signed", signoff, gate=gate, signoff=signoff, url=url, why=why, **reserved)


def announce_reminder(gate: Gate, row: RequiredSigner) -> None:
    url = _url("engagements:sign", gate.engagement.code, gate.number)
    asked = _at(row.asked_at, row.user)
    why = why_signing(gate)
    _tell([row.user], "sign_reminder", gate, gate=gate, document=row.document, asked=asked, url=url, why=why)


def announce_escalation(gate: Gate, row: RequiredSigner) -> None:
    """To the lead, when nothing came of two reminders."""
    _tell_lead(gate, row, "sign_escalation")


def announce_lost_duty(gate: Gate, row: RequiredSigner) -> None:
    """To the lead, when somebody who was asked may not sign any more."""
    _tell_lead(gate, row, "sign_duty_lost")


def _tell_lead(gate: Gate, row: RequiredSigner, template: str) -> None:
    engagement = gate.engagement
    if engagement.lead is None:
        return
    url = _url("engagements:gate", engagement.code, gate.number)
    why = f"You lead {engagement.code}."
    asked = _at(row.asked_at, engagement.lead)
    _tell([engagement.lead], template, gate, gate=gate, row=row, asked=asked, url=url, why=why)


def announce_standstill(gate: Gate, lead: User, moved: datetime, reasons: Sequence[str]) -> None:
    why = f"You lead {gate.engagement.code}. It comes once a day while nothing moves."
    url = _url("engagements:gate", gate.engagement.code, gate.number)
    context = {"person": lead, "gate": gate, "moved": _at(moved, lead), "reasons": reasons, "url": url, "why": why}
    subject, text, html = outbox.render_mail("gate_standstill", context)
    outbox.post("gate_standstill", to=lead, subject=subject, text=text, html=html, reference=gate)


def announce_release(release: PartRelease) -> None:
    held = release.held
    gate = held.signoff.gate
    url = _url("engagements:gate", gate.engagement.code, gate.number)
    people = _besides(release.released_by, [held.signoff.signed_by, *team_of(gate.engagement)])
    why = f"You held this back, or are on the team of {gate.engagement.code}."
    _tell(people, "part_released", release, release=release, held=held, gate=gate, url=url, why=why)


def announce_revocation(revocation: Revocation) -> None:
    """To everybody whose signature the document asked for, and to the team."""
    signoff = revocation.signoff
    gate = signoff.gate
    url = _url("engagements:receipt", signoff.reference)
    people = list(dict.fromkeys([*_signers(signoff.document), *team_of(gate.engagement)]))
    why = f"You sign, or work on, {gate.engagement.code}."
    _tell(people, "signature_revoked", revocation, revocation=revocation, signoff=signoff, gate=gate, url=url, why=why)


def announce_change_request(request: ChangeRequest) -> None:
    engagement = request.document.engagement
    url = _url("engagements:detail", engagement.code)
    people = _besides(request.requested_by, [*_signers(request.document), *team_of(engagement)])
    _tell(people, "changes_requested", request, request=request, engagement=engagement, url=url)


def announce_stale(document: FrozenDocument, changes: Sequence[str], *, actor: User) -> None:
    """To everybody who signed a document, or was asked to, that it does not tell what holds any more."""
    signed = {signoff.signed_by_id: signoff for signoff in document.signoffs.all()}
    asked = document.required_signers.exclude(asked_at=None).select_related("user").order_by("pk")
    url = _url("engagements:gate", document.engagement.code, document.gate.number if document.gate else 1)
    for person in _besides(actor, [row.user for row in asked]):
        context = {"document": document, "signoff": signed.get(person.pk), "changes": changes, "actor": actor}
        why = f"You sign for {document.engagement.organization}."
        _tell([person], "document_stale", document, url=url, why=why, **context)


def announce_condition_done(condition: Condition) -> None:
    """To whoever signed under it."""
    task, signoff = condition.task, condition.signoff
    url = _url("engagements:receipt", signoff.reference)
    people = [signoff.signed_by] if signoff.signed_by != task.done_by else []
    why = f"You signed {signoff.document} on this condition."
    _tell(people, "condition_done", condition, condition=condition, task=task, signoff=signoff, url=url, why=why)


def _signers(document: FrozenDocument) -> list[User]:
    return [row.user for row in document.required_signers.select_related("user")]


def _besides(actor: User, people: Iterable[User]) -> list[User]:
    """Everybody once, without whoever did it."""
    return [person for person in dict.fromkeys(people) if person != actor]
