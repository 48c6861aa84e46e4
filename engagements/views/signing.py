"""Reading, signing, and asking for changes."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Duty
from accounts.permissions import Permission, allowed, people_with_duty, require
from accounts.reader import reader_of
from core.errors import Conflict
from core.forms import refusals_into, status_of
from engagements import gates
from engagements.changes import describe_changes
from engagements.domain.request_changes import request_changes
from engagements.domain.sign_document import sign_document
from engagements.domain.submit_gate import submit_gate
from engagements.forms import ChangeRequestForm, SignForm
from engagements.models import FrozenDocument, Gate, SignOff
from engagements.statements import statement_for
from engagements.steps import PHASE_LABELS
from engagements.views.found import find_gate, page_context
from engagements.views.fresh_signature import (
    ask_for_proof,
    is_freshly_authenticated,
    reauthentication_url,
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
    form = sign_form(request, digest=document.digest)
    if request.method == "POST" and form.is_valid():
        return _sign(request, gate, form)
    return _show(request, gate, document, form)


def _sign(request: HttpRequest, gate: Gate, form: SignForm) -> HttpResponse:
    if not is_freshly_authenticated(request):
        return ask_for_proof(request, form)
    shown = gate.engagement.documents.filter(gate=gate, digest=form.cleaned_data["shown_digest"]).first()
    if shown is None:
        raise Conflict("The text you were reading is not a document of this phase. Nothing was signed.")
    signature = signature_of(request, form, statement_for(gate, shown))
    signoff = sign_document(shown, actor=reader_of(request), signature=signature)
    return redirect("engagements:receipt", signoff.reference)


def _show(request: HttpRequest, gate: Gate, document: FrozenDocument, form: SignForm) -> HttpResponse:
    engagement = gate.engagement
    previous = engagement.documents.filter(gate=gate, version=document.version - 1).first()
    next_phase = engagement.schedule.filter(number=gate.number + 1).first()
    context = page_context(
        engagement,
        gate=gate,
        document=document,
        form=form,
        statement=statement_for(gate, document).text,
        accepts=document.snapshot.get("accepts", []),
        overrides=gate.overrides.select_related("overridden_by"),
        others=_other_signers(document, request),
        next_phase=next_phase,
        next_label=PHASE_LABELS.get(gate.number + 1, ""),
        previous=previous,
        changes=describe_changes(previous.snapshot, document.snapshot) if previous else [],
        is_fresh=is_freshly_authenticated(request),
        reauthentication_url=reauthentication_url(request),
        reasons=gates.unmet("sign_gate", engagement, gate),
    )
    status = 422 if form.is_bound else 200
    return render(request, "engagements/sign.html", context, status=status)


def _other_signers(document: FrozenDocument, request: HttpRequest) -> list[Mapping[str, Any]]:
    signed = {signoff.signed_by_id: signoff for signoff in document.signoffs.all()}
    rows = document.required_signers.select_related("user").exclude(user_id=reader_of(request).pk)
    return [{"person": row.user, "signoff": signed.get(row.user_id)} for row in rows]


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
    documents = FrozenDocument.objects.visible_to(reader_of(request)).select_related("gate")
    shown = documents.filter(gate=gate, digest=digest).first()
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
    if request.method == "POST":
        submit_gate(gate, actor=reader_of(request))
        messages.success(request, f"{gate.current_document} waits for signatures.")
        return redirect("engagements:detail", code)
    context = page_context(
        gate.engagement,
        gate=gate,
        reasons=gates.unmet("submit_gate", gate.engagement, gate),
        signers=people_with_duty(organization, Duty.Kind.SIGN_PHASE, number),
    )
    return render(request, "engagements/submit.html", context)


@require_safe
@login_required
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Proof of a signature, at an address that stays."""
    visible = SignOff.objects.visible_to(reader_of(request)).select_related(
        "gate__engagement__organization", "document", "signed_by"
    )
    signoff = get_object_or_404(visible, reference=reference)
    document = signoff.document
    waiting = document.required_signers.exclude(user__signoffs__document=document).select_related("user")
    gate = signoff.gate
    context = page_context(
        gate.engagement,
        gate=gate,
        signoff=signoff,
        document=document,
        waiting=[row.user for row in waiting],
        next_label=PHASE_LABELS.get(gate.number + 1, ""),
        next_phase=gate.engagement.schedule.filter(number=gate.number + 1).first(),
        stale=signoff.stale_marks.first(),
        may_sign=bool(allowed(reader_of(request), Permission.SIGN, gate.engagement.organization, phase=gate.number)),
    )
    return render(request, "engagements/receipt.html", context)
