"""A person's access tokens. The text of a new one is shown once, on the answer to the form, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.make_token import make_token
from accounts.domain.revoke_token import revoke_token
from accounts.forms import TokenForm
from accounts.middleware import last_authentication
from accounts.models import AccessToken
from accounts.proof_views import ask_for_proof, is_freshly_authenticated, typed_before, wants_proof
from accounts.reader import reader_of
from core.forms import refusals_into, status_of

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    form, made = TokenForm(request.POST or None, initial=typed_before(request)), ""
    if wants_proof(request, form):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            proved = last_authentication(request)
            _, made = make_token(reader, authenticated_at=proved, **form.cleaned_data)
    status = status_of(form) if not made else 200
    context = {
        "form": TokenForm() if made else form,
        "made": made,
        "tokens": AccessToken.objects.of(reader),
        "is_fresh": is_freshly_authenticated(request),
    }
    return render(request, "accounts/tokens.html", context, status=status)


@require_POST
@login_required
def token_revoke(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    token = get_object_or_404(AccessToken.objects.of(reader_of(request)), reference=reference)
    revoke_token(token, actor=reader_of(request))
    messages.success(request, f"{token.name} no longer gets in.")
    return redirect("accounts:tokens")
