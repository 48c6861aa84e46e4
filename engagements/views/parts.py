"""What is held back at a gate, its release, and the customer's own number for a gate."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.middleware import last_authentication
from accounts.permissions import Permission, require, require_any
from accounts.proof_views import ask_for_proof, asks_for_proof, is_freshly_authenticated, typed_before
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from engagements.domain.note_reference import note_reference
from engagements.domain.release_part import release_part
from engagements.elsewhere import found_or_elsewhere
from engagements.found import find_gate
from engagements.models import GateTask, HeldPart
from engagements.parties import PARTY_PERMISSIONS
from engagements.signing_forms import ReferenceForm, ReleaseForm
from engagements.views.page_context import page_context


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def release(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    reader, held = reader_of(request), _find_held(request, code, pk)
    gate = held.signoff.gate
    require(reader, Permission.SIGN, gate.engagement.organization, phase=gate.number)
    form = ReleaseForm(request.POST if request.method == "POST" else None, initial=typed_before(request))
    if request.method == "POST" and (asks_for_proof(request) or not is_freshly_authenticated(request)):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            at = last_authentication(request)
            release_part(held, actor=reader, authenticated_at=at, note=form.cleaned_data["note"])
            messages.success(request, f"{held.label} is approved.")
            return redirect("engagements:gate", code, gate.number)
    context = page_context(
        gate.engagement,
        gate=gate,
        held=held,
        form=form,
        is_held=HeldPart.objects.visible_to(reader).filter(pk=held.pk).in_force().exists(),
        is_fresh=is_freshly_authenticated(request),
    )
    return render(request, "engagements/release.html", context, status=status_of(form))


def _find_held(request: HttpRequest, code: str, pk: int) -> HeldPart:
    visible = HeldPart.objects.visible_to(reader_of(request)).select_related(
        "signoff__gate__engagement__organization", "signoff__signed_by", "release__released_by"
    )
    return found_or_elsewhere(visible, reader_of(request), code, signoff__gate__engagement__code=code, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reference(request: HttpRequest, code: str, number: int) -> HttpResponse:
    gate, reader = find_gate(request, code, number), reader_of(request)
    require_any(reader, PARTY_PERMISSIONS[GateTask.Party.JOINT], gate.engagement.organization)
    form = ReferenceForm(request.POST or None, initial={"text": gate.external_reference})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            noted = note_reference(gate, actor=reader, text=form.cleaned_data["text"])
            messages.success(request, f"Gate {number} is {noted.external_reference or 'without a change number'} now.")
            return redirect("engagements:gate", code, number)
    return render(
        request,
        "engagements/reference.html",
        page_context(gate.engagement, gate=gate, form=form),
        status=status_of(form),
    )
