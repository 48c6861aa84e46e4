"""Reading, signing, and asking for changes."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import Duty, User
from accounts.permissions import Permission, require, who_gave
from accounts.proof_views import ask_for_proof, asks_for_proof, is_freshly_authenticated
from accounts.reader import reader_of
from core.errors import Conflict
from core.forms import refusals_into, status_of
from core.unused import say_unused, words_sent
from engagements import gates
from engagements.changes import Change, changed_fields
from engagements.conditions import conditions_up_to
from engagements.content import both_sides, wording_of
from engagements.domain.request_changes import request_changes
from engagements.domain.sign_document import sign_document
from engagements.domain.submit_gate import submit_gate
from engagements.forms import ChangeRequestForm
from engagements.found import find_gate
from engagements.models import FrozenDocument, Gate, Question, SignOff
from engagements.signing_forms import GateSignForm, TurnsForm
from engagements.signing_order import SignerRow, earlier_signature, given_up_to, signers_of_gate, signing_order
from engagements.statements import statement_for
from engagements.steps import PHASE_LABELS
from engagements.views.fresh_signature import sign_form, signature_of
from engagements.views.overview import unsettled
from engagements.views.page_context import page_context


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Everything a signer has to know on one page. The form carries the digest that was on screen."""
    gate = find_gate(request, code, number)
    reader = reader_of(request)
    require(reader, Permission.SIGN, gate.engagement.organization, phase=number)
    document = gate.current_document
    if document is None or gate.state not in {Gate.State.SUBMITTED, Gate.State.SIGNED}:
        return _nothing_to_sign(request, gate)
    if earlier := SignOff.objects.visible_to(reader).filter(document=document, signed_by=reader).first():
        say_unused(request, f"You had signed {document} already")
        return redirect("engagements:receipt", earlier.reference)
    form = _form_of(request, gate, document)
    if asks_for_proof(request):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        return _sign(request, gate, form)
    return _show(request, gate, document, form)


def _nothing_to_sign(request: HttpRequest, gate: Gate) -> HttpResponse:
    """Why there is nothing to sign; what was sent from a tab that had grown old is shown, to be copied."""
    about = unsettled(gate, reader_of(request))
    context = page_context(gate.engagement, gate=gate, typed=words_sent(request), **about)
    status = 409 if request.method == "POST" else 200
    return render(request, "engagements/nothing_to_sign.html", context, status=status)


def _form_of(request: HttpRequest, gate: Gate, document: FrozenDocument) -> GateSignForm:
    """What the signature that this one takes the place of reserved is reserved again unless they say."""
    reader = reader_of(request)
    before = earlier_signature(document, reader)
    earlier = conditions_up_to(before, gate_id=gate.pk, signer_id=reader.pk)
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
        **what_follows(gate),
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


def what_follows(gate: Gate) -> dict[str, Any]:
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


def _changes(previous: FrozenDocument, document: FrozenDocument) -> list[Change]:
    return changed_fields(*both_sides(previous, document.snapshot), wording_of(document))
