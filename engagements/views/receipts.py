"""Receipts of signatures, each at an address that stays."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import Permission, allowed
from accounts.reader import reader_of
from core.counting import counted
from core.navigation import stand_inside
from engagements import gates
from engagements.conditions import conditions_let_fall, conditions_under, no_longer_held
from engagements.models import Condition, Gate, HeldPart, SignOff
from engagements.parties import party_name
from engagements.records import sealed_receipt, shows_address
from engagements.signing_order import signing_order
from engagements.statements import language_of
from engagements.steps import OVER
from engagements.views.page_context import page_context
from engagements.views.signing import what_follows


@require_safe
@login_required
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Proof of a signature, at an address that stays."""
    visible = SignOff.objects.visible_to(reader_of(request)).select_related(
        "gate__engagement__organization",
        "gate__current_document",
        "document__engagement__organization",
        "signed_by",
        "revocation",
        "replaces__revocation",
        "replaced_by",
    )
    signoff = get_object_or_404(visible, reference=reference)
    stand_inside(request, signoff.gate.engagement.code)
    context = page_context(signoff.gate.engagement, **_proof(signoff, reader_of(request)))
    return render(request, "engagements/receipt.html", context)


def _proof(signoff: SignOff, reader: User) -> dict[str, Any]:
    document, gate, order = signoff.document, signoff.gate, signing_order(signoff.document)
    own = next((row for row in order if row.person == signoff.signed_by), None)
    return dict(
        gate=gate,
        signoff=signoff,
        **_standing(signoff),
        declared_in=language_of(signoff.statement),
        revoked_in=language_of(signoff.revocation.statement) if hasattr(signoff, "revocation") else "",
        document=document,
        sealed=sealed_receipt(document, reader),
        order=order,
        waiting=[row.person for row in order if row.signoff is None],
        stands_in=own.stands_in if own else None,
        **what_follows(gate),
        shows_address=shows_address(reader, gate.engagement, signoff.signed_by_id),
        may_sign=bool(allowed(reader, Permission.SIGN, gate.engagement.organization, phase=gate.number)),
        may_revoke=_may_revoke(signoff, reader),
        passed=gates.passed_by_decision(gate, until=signoff.signed_at),
        **_reservations(signoff),
    )


def _standing(signoff: SignOff) -> dict[str, Any]:
    """How the signature stands now, and what overtook it."""
    document, gate = signoff.document, signoff.gate
    newer = gate.current_document if gate.current_document_id != document.pk else None
    stale = signoff.stale_marks.first()
    sent_back = document.change_requests.select_related("requested_by").order_by("pk").last()
    word = _word_of(signoff, is_out_of_date=bool(stale or newer), is_sent_back=sent_back is not None)
    return {"word": word, "newer": newer, "stale": stale, "sent_back": sent_back}


def _reservations(signoff: SignOff) -> dict[str, Any]:
    conditions, held = conditions_under(signoff), signoff.held_parts.select_related("release__released_by")
    organization = str(signoff.gate.engagement.organization)
    return {
        "conditions": [(one, party_name(one.task.party, organization)) for one in conditions],
        "let_fall": conditions_let_fall(signoff),
        "held": held,
        "held_on": _held_on(signoff),
        "no_longer_held": no_longer_held(signoff),
        "reserved": _reserved(signoff.gate, conditions, held),
    }


def _held_on(signoff: SignOff) -> set[str]:
    """What the signature that took its place holds back as well, by key."""
    later = getattr(signoff, "replaced_by", None)
    return {part.key for part in later.held_parts.all()} if later else set()


def _reserved(gate: Gate, conditions: Iterable[Condition], held: Iterable[HeldPart]) -> list[str]:
    """What of a signature waits for something still, in sentences."""
    waiting = sum(not condition.task.is_done and condition.task.fell_at is None for condition in conditions)
    parts = sum(not hasattr(part, "release") for part in held)
    said = []
    if waiting:
        are = "is" if waiting == 1 else "are"
        said.append(f"{counted(waiting, 'condition')} {are} open: phase {gate.number + 1} cannot be signed before.")
    if parts:
        said.append(f"{counted(parts, 'part')} {'is' if parts == 1 else 'are'} held back: not approved yet.")
    return said


def _word_of(signoff: SignOff, *, is_out_of_date: bool, is_sent_back: bool) -> str:
    """How a signature stands now, for the head of its receipt."""
    if hasattr(signoff, "revocation"):
        return "Revoked"
    if hasattr(signoff, "replaced_by"):
        return "Replaced"
    if is_out_of_date:
        return "Out of date"
    return "Signed, then the document was sent back" if is_sent_back else "Signed"


def _may_revoke(signoff: SignOff, reader: User) -> bool:
    """Whether this is their own signature, holds something, and the engagement is not over."""
    gate = signoff.gate
    holds = gate.current_document_id == signoff.document_id and gate.state in {Gate.State.SUBMITTED, Gate.State.SIGNED}
    holds = holds and gate.engagement.phase not in OVER
    return holds and signoff.signed_by_id == reader.pk and not hasattr(signoff, "revocation")
