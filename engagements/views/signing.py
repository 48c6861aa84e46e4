"""Reading, signing, and asking for changes."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Duty, User
from accounts.permissions import Permission, allowed, require, who_gave
from accounts.reader import reader_of
from core.counting import counted
from core.errors import Conflict
from core.forms import refusals_into, status_of
from core.navigation import stand_inside
from engagements import gates
from engagements.changes import Change, changed_fields
from engagements.conditions import conditions_let_fall, conditions_under, conditions_up_to
from engagements.content import both_sides, wording_of
from engagements.domain.request_changes import request_changes
from engagements.domain.sign_document import sign_document
from engagements.domain.submit_gate import submit_gate
from engagements.forms import ChangeRequestForm
from engagements.models import Condition, FrozenDocument, Gate, HeldPart, Question, SignOff
from engagements.parties import party_name
from engagements.records import sealed_receipt, shows_address
from engagements.signing_forms import GateSignForm, TurnsForm
from engagements.signing_order import SignerRow, earlier_signature, given_up_to, signers_of_gate, signing_order
from engagements.statements import language_of, statement_for
from engagements.steps import OVER, PHASE_LABELS
from engagements.views.found import find_gate, page_context
from engagements.views.fresh_signature import (
    ask_for_proof,
    asks_for_proof,
    is_freshly_authenticated,
    sign_form,
    signature_of,
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Everything a signer has to know on one page. The form carries the digest that was on screen."""
    gate = find_gate(request, code, number)
    reader = reader_of(request)
    require(reader, Permission.SIGN, gate.engagement.organization, phase=number)
    document = gate.current_document
    if document is None or gate.state not in {Gate.State.SUBMITTED, Gate.State.SIGNED}:
        return render(request, "engagements/nothing_to_sign.html", page_context(gate.engagement, gate=gate))
    if earlier := SignOff.objects.visible_to(reader).filter(document=document, signed_by=reader).first():
        return redirect("engagements:receipt", earlier.reference)
    form = _form_of(request, gate, document)
    if asks_for_proof(request):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        return _sign(request, gate, form)
    return _show(request, gate, document, form)


def _form_of(request: HttpRequest, gate: Gate, document: FrozenDocument) -> GateSignForm:
    """What the signature that this one takes the place of reserved is reserved again unless they say."""
    reader = reader_of(request)
    before = earlier_signature(document, reader)
    earlier = list(conditions_up_to(before, gate_id=gate.pk, signer_id=reader.pk).open())
    held = {} if before is None else dict(before.held_parts.filter(release=None).values_list("key", "reason"))
    form = sign_form(request, digest=document.digest, kind=partial(GateSignForm, gate=gate, held=held, earlier=earlier))
    if not isinstance(form, GateSignForm):
        raise TypeError("the form of a gate is of its own kind")
    return form


def _sign(request: HttpRequest, gate: Gate, form: GateSignForm) -> HttpResponse:
    if not is_freshly_authenticated(request):
        return ask_for_proof(request, form)
    shown = gate.engagement.documents.filter(gate=gate, digest=form.cleaned_data["shown_digest"]).first()
    if shown is None:
        raise Conflict("The text you were reading is not a document of this phase. Nothing was signed.")
    signature = signature_of(request, form, statement_for(gate, shown))
    reservations = form.reservations
    signoff = sign_document(shown, actor=reader_of(request), signature=signature, reservations=reservations)
    return redirect("engagements:receipt", signoff.reference)


def _show(request: HttpRequest, gate: Gate, document: FrozenDocument, form: GateSignForm) -> HttpResponse:
    engagement, reader = gate.engagement, reader_of(request)
    order, signed_before = signing_order(document), earlier_signature(document, reader)
    previous = _compared_with(document, signed_before, reader)
    own = next((row for row in order if row.person == reader), None)
    context = page_context(
        engagement,
        gate=gate,
        document=document,
        form=form,
        statement=statement_for(gate, document),
        accepts=document.snapshot.get("accepts", []),
        passed=gates.passed_by_decision(gate),
        order=order,
        own=own,
        **_why_asked(gate, document, reader, is_asked=own is not None),
        **_open_comments(gate, reader),
        **_what_follows(gate),
        previous=previous,
        signed_before=signed_before,
        changes=_changes(previous, document) if previous else [],
        is_fresh=is_freshly_authenticated(request),
        reasons=[*_not_yet(own), *map(str, gates.open_points(gate))],
    )
    status = 422 if form.is_bound else 200
    return render(request, "engagements/sign.html", context, status=status)


def _compared_with(document: FrozenDocument, signed_before: SignOff | None, reader: User) -> FrozenDocument | None:
    """What this reader signed before, or else the version before this one."""
    if signed_before:
        return signed_before.document
    before = FrozenDocument.objects.visible_to(reader).filter(gate=document.gate, version=document.version - 1)
    return before.first()


def _what_follows(gate: Gate) -> dict[str, Any]:
    if gate.number == gate.engagement.last_phase:
        return {"next_label": "", "next_phase": None}
    next_phase = gate.engagement.schedule.filter(number=gate.number + 1).first()
    return {"next_label": PHASE_LABELS[gate.number + 1], "next_phase": next_phase}


def _open_comments(gate: Gate, reader: User) -> dict[str, Any]:
    """What this reader said beside the document and nobody settled, and how much others did."""
    comments = Question.objects.visible_to(reader).filter(gate=gate).unresolved()
    own = comments.filter(asked_by=reader).order_by("pk")
    return {"own_comments": own, "other_comments": comments.exclude(asked_by=reader).count()}


def _why_asked(gate: Gate, document: FrozenDocument, reader: User, *, is_asked: bool) -> dict[str, Any]:
    """Who named this reader to sign; or their last word that a colleague signs in their place."""
    if not is_asked:
        return {"handed_over": given_up_to(document).filter(given_by=reader).select_related("given_to").last()}
    return {"named_by": who_gave(reader, Duty.Kind.SIGN_PHASE, gate.engagement.organization, phase=gate.number)}


def _not_yet(own: SignerRow | None) -> list[str]:
    return (
        [f"This waits for {own.waits_for} first. You are asked once they have signed."] if own and own.waits_for else []
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask_for_changes(request: HttpRequest, code: str, number: int) -> HttpResponse:
    gate = find_gate(request, code, number)
    require(reader_of(request), Permission.REQUEST_CHANGES, gate.engagement.organization)
    document = gate.current_document
    if document is None or gate.state != Gate.State.SUBMITTED:
        return render(request, "engagements/nothing_to_sign.html", page_context(gate.engagement, gate=gate))
    form = ChangeRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            shown = _shown_document(request, gate, form.cleaned_data["shown_digest"])
            request_changes(shown, actor=reader_of(request), reason=form.cleaned_data["reason"])
            messages.success(request, f"Your words went to the team. {shown} stays unsigned.")
            return redirect("engagements:detail", code)
        document = find_gate(request, code, number).current_document or document
    context = page_context(gate.engagement, gate=gate, document=document, form=form)
    return render(request, "engagements/request_changes.html", context, status=status_of(form))


def _shown_document(request: HttpRequest, gate: Gate, digest: str) -> FrozenDocument:
    """The document that was on screen, in whatever version. Raises Conflict when it is none of this gate's."""
    documents = FrozenDocument.objects.visible_to(reader_of(request))
    shown = documents.select_related("gate").filter(gate=gate, digest=digest).first()
    if shown is None:
        raise Conflict("The text you were reading is not a document of this phase. Nothing was sent; read it again.")
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def submit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Review what goes out for signature and to whom, then send it."""
    gate = find_gate(request, code, number)
    organization = gate.engagement.organization
    require(reader_of(request), Permission.FREEZE, organization)
    signers = signers_of_gate(gate)
    form = TurnsForm(request.POST if request.method == "POST" else None, signers=signers)
    if request.method == "POST" and form.is_valid():
        submit_gate(gate, actor=reader_of(request), turns=form.turns)
        messages.success(request, f"{gate.current_document} waits for signatures.")
        return redirect("engagements:detail", code)
    context = page_context(
        gate.engagement,
        gate=gate,
        form=form,
        reasons=[str(point) for point in gates.open_points(gate)],
        signers=signers,
    )
    return render(request, "engagements/submit.html", context, status=status_of(form))


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
    newer = gate.current_document if gate.current_document_id != document.pk else None
    stale = signoff.stale_marks.first()
    sent_back = document.change_requests.select_related("requested_by").order_by("pk").last()
    return dict(
        gate=gate,
        word=_word_of(signoff, is_out_of_date=bool(stale or newer), is_sent_back=sent_back is not None),
        sent_back=sent_back,
        signoff=signoff,
        declared_in=language_of(signoff.statement),
        revoked_in=language_of(signoff.revocation.statement) if hasattr(signoff, "revocation") else "",
        document=document,
        sealed=sealed_receipt(document, reader),
        order=order,
        waiting=[row.person for row in order if row.signoff is None],
        stands_in=own.stands_in if own else None,
        **_what_follows(gate),
        stale=stale,
        shows_address=shows_address(reader, gate.engagement, signoff.signed_by_id),
        may_sign=bool(allowed(reader, Permission.SIGN, gate.engagement.organization, phase=gate.number)),
        may_revoke=_may_revoke(signoff, reader),
        passed=gates.passed_by_decision(gate, until=signoff.signed_at),
        **_reservations(signoff),
        newer=newer,
    )


def _reservations(signoff: SignOff) -> dict[str, Any]:
    conditions, held = conditions_under(signoff), signoff.held_parts.select_related("release__released_by")
    organization = str(signoff.gate.engagement.organization)
    return {
        "conditions": [(one, party_name(one.task.party, organization)) for one in conditions],
        "let_fall": conditions_let_fall(signoff),
        "held": held,
        "reserved": _reserved(signoff.gate, conditions, held),
    }


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


def _changes(previous: FrozenDocument, document: FrozenDocument) -> list[Change]:
    return changed_fields(*both_sides(previous, document.snapshot), wording_of(document))
