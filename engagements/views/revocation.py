"""Taking one's own signature back."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require
from accounts.proof_views import ask_for_proof, asks_for_proof, is_freshly_authenticated
from accounts.reader import reader_of
from core.errors import Refused
from core.forms import refusals_into, status_of
from core.navigation import stand_inside
from core.unused import say_unused
from engagements import gates
from engagements.domain.revoke_signature import revoke_signature
from engagements.forms import SignForm
from engagements.models import SignOff
from engagements.signing_forms import RevokeForm
from engagements.statements import revocation_statement
from engagements.views.fresh_signature import sign_form, signature_of
from engagements.views.page_context import page_context


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revoke(request: HttpRequest, reference: str) -> HttpResponse:
    """What a revocation does, then the act, signed like the signature itself."""
    reader = reader_of(request)
    signoff = _find_own(request, reference)
    if hasattr(signoff, "revocation"):
        say_unused(request, f"{signoff.reference} was revoked already")
        return redirect("engagements:receipt", reference)
    form = sign_form(request, digest=signoff.document_digest, kind=RevokeForm)
    if asks_for_proof(request):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        if not is_freshly_authenticated(request):
            return ask_for_proof(request, form)
        with refusals_into(form):
            signature = signature_of(request, form, revocation_statement(signoff))
            revoke_signature(signoff, actor=reader, signature=signature, reason=form.cleaned_data["reason"])
            return redirect("engagements:receipt", reference)
    return _show(request, signoff, form)


def _show(request: HttpRequest, signoff: SignOff, form: SignForm) -> HttpResponse:
    gate = signoff.gate
    context = page_context(
        gate.engagement,
        gate=gate,
        signoff=signoff,
        form=form,
        statement=revocation_statement(signoff),
        reasons=gates.unmet("revoke_gate", gate.engagement, gate),
        is_fresh=is_freshly_authenticated(request),
    )
    return render(request, "engagements/revoke.html", context, status=status_of(form))


def _find_own(request: HttpRequest, reference: str) -> SignOff:
    """Raises Refused for a signature of somebody else, or by somebody who may no longer sign."""
    reader = reader_of(request)
    visible = SignOff.objects.visible_to(reader).select_related(
        "gate__engagement__organization", "document", "signed_by", "revocation"
    )
    signoff = get_object_or_404(visible, reference=reference)
    stand_inside(request, signoff.gate.engagement.code)
    if signoff.signed_by_id != reader.pk:
        raise Refused(f"Only {signoff.signed_by} can revoke this signature.")
    require(reader, Permission.SIGN, signoff.gate.engagement.organization, phase=signoff.gate.number)
    return signoff
