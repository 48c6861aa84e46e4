"""Service users of an organization: accounts that programs alone use. Everybody there sees which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.end_service_user import end_service_user
from accounts.domain.make_service_token import make_service_token, revoke_service_token
from accounts.domain.make_service_user import make_service_user
from accounts.forms import ServiceForm, TokenForm
from accounts.middleware import last_authentication
from accounts.models import AccessToken
from accounts.permissions import Permission, allowed, require
from accounts.proof_views import ask_for_proof, is_freshly_authenticated, typed_before, wants_proof
from accounts.reader import reader_of
from accounts.service_rows import find_service, find_services
from core.forms import refusals_into, status_of

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse

_PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(_PAGE)
@login_required
def services(request: HttpRequest, pk: int) -> HttpResponse:
    """Which there are; for those who may, the form that makes one."""
    reader = reader_of(request)
    organization, found = find_services(reader, pk)
    form = ServiceForm(request.POST or None, organization=organization)
    if request.method == "POST":
        require(reader, Permission.MANAGE_SERVICES, organization)
        with refusals_into(form):
            if form.is_valid():
                made = make_service_user(organization, actor=reader, **form.cleaned_data)
                messages.success(request, f"{made.user} is made. It gets in with a token: make one here.")
                return redirect("accounts:service", pk, made.pk)
    may_manage = allowed(reader, Permission.MANAGE_SERVICES, organization)
    context = {"organization": organization, "services": found, "form": form if may_manage else None}
    return render(request, "accounts/services.html", context, status=status_of(form))


@never_cache
@require_http_methods(_PAGE)
@login_required
def service(request: HttpRequest, pk: int, service: int) -> HttpResponse:
    """Its tokens. The text of a new one is shown once, on the answer to the form, and kept nowhere."""
    reader = reader_of(request)
    membership = find_service(reader, pk, service)
    form, made = TokenForm(request.POST or None, is_service=True, initial=typed_before(request)), ""
    if wants_proof(request, form):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            proved = last_authentication(request)
            _, made = make_service_token(membership, authenticated_at=proved, actor=reader, **form.cleaned_data)
    context = {
        "form": TokenForm(is_service=True) if made else form,
        "made": made,
        "membership": membership,
        "organization": membership.organization,
        "tokens": AccessToken.objects.of(membership.user),
        "is_fresh": is_freshly_authenticated(request),
    }
    return render(request, "accounts/service.html", context, status=200 if made else status_of(form))


@require_POST
@login_required
def token_revoke(request: HttpRequest, pk: int, service: int, reference: uuid.UUID) -> HttpResponse:
    reader = reader_of(request)
    membership = find_service(reader, pk, service)
    token = get_object_or_404(AccessToken.objects.of(membership.user), reference=reference)
    revoke_service_token(membership, token, actor=reader)
    messages.success(request, f"{token.name} no longer gets in.")
    return redirect("accounts:service", pk, service)


@require_POST
@login_required
def end(request: HttpRequest, pk: int, service: int) -> HttpResponse:
    membership = find_service(reader_of(request), pk, service)
    end_service_user(membership, actor=reader_of(request))
    messages.success(request, f"{membership.user} is ended: nothing gets in as it any more.")
    return redirect("accounts:services", pk)
