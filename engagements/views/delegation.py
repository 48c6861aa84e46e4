"""Handing a signature over to a colleague."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.domain.require_manager import whom_to_ask
from accounts.middleware import last_authentication
from accounts.models import Duty, Membership, User
from accounts.permissions import Permission, allowed, people_with_duty, require
from accounts.proof_views import ask_for_proof, is_freshly_authenticated, typed_before, wants_proof
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from engagements.domain.delegate_signature import delegate_signature
from engagements.found import find_gate
from engagements.models import FrozenDocument, Gate
from engagements.signing_forms import DelegateForm
from engagements.views.page_context import page_context


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delegate(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Who can sign in one's place, and who could once somebody gave them the duty."""
    gate, reader = find_gate(request, code, number), reader_of(request)
    require(reader, Permission.SIGN, gate.engagement.organization, phase=number)
    document = gate.current_document
    if document is None or gate.state != Gate.State.SUBMITTED:
        return render(request, "engagements/nothing_to_sign.html", page_context(gate.engagement, gate=gate))
    if not document.required_signers.filter(user=reader).exists():
        return redirect("engagements:sign", code, number)
    deputies = _deputies(gate, document)
    form = DelegateForm(request.POST or None, deputies=deputies, initial=typed_before(request))
    if wants_proof(request, form):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            proved = last_authentication(request)
            given = delegate_signature(document, actor=reader, authenticated_at=proved, **form.cleaned_data)
            messages.success(request, f"{given.given_to} was asked to sign {document} in your place.")
            return redirect("engagements:gate", code, number)
    return _show(request, gate, form, deputies)


def _show(request: HttpRequest, gate: Gate, form: DelegateForm, deputies: Sequence[User]) -> HttpResponse:
    reader, organization = reader_of(request), gate.engagement.organization
    context = page_context(
        gate.engagement,
        gate=gate,
        document=gate.current_document,
        form=form,
        deputies=deputies,
        signers=[person for person in _with_duty(gate) if person not in deputies and person != reader],
        whom_to_ask=whom_to_ask(organization, Membership.Role.SIGNATORY, besides=reader),
        is_fresh=is_freshly_authenticated(request),
        may_manage=bool(allowed(reader, Permission.MANAGE_PEOPLE, organization)),
    )
    return render(request, "engagements/delegate.html", context, status=status_of(form))


def _deputies(gate: Gate, document: FrozenDocument) -> list[User]:
    named = set(document.required_signers.values_list("user_id", flat=True))
    return [person for person in _with_duty(gate) if person.pk not in named]


def _with_duty(gate: Gate) -> list[User]:
    return list(people_with_duty(gate.engagement.organization, Duty.Kind.SIGN_PHASE, gate.number))
