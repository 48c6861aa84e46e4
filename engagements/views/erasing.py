"""Erasing a customer, one of their people, or somebody who belongs nowhere any more: asked for, typed, and proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import last_authentication
from accounts.models import Membership, Organization
from accounts.permissions import Permission, require
from accounts.proof_views import ask_for_proof, asks_for_proof, is_freshly_authenticated, typed_before
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from engagements.domain.ask_erasure import ask_customer_erasure, ask_person_erasure
from engagements.former_people import former_people
from engagements.found import find_customer
from engagements.obstacles import obstacles_to, obstacles_to_person
from engagements.record_forms import EraseForm
from engagements.record_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from engagements.models import Erasure

PER_PAGE = 50
_PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(_PAGE)
@login_required
def erase_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts what goes and what stays; erases once the name is typed and the proof is fresh."""
    organization = find_customer(request, pk, Permission.ERASE_RECORDS)
    form = _erase_form(request, organization.name)

    def ask(typed: str) -> Erasure:
        proved = last_authentication(request)
        return ask_customer_erasure(organization, typed=typed, authenticated_at=proved, actor=reader_of(request))

    back = reverse("records:customer", args=[pk])
    if answer := _asked(request, form, back, ask):
        return answer
    context = {"organization": organization, "rows": rows_of(organization), "reasons": obstacles_to(organization)}
    return _show_erasing(request, "records/erase_customer.html", form, context | {"back_url": back})


@require_http_methods(_PAGE)
@login_required
def erase_person(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    organization = find_customer(request, pk, Permission.ERASE_RECORDS)
    found = get_object_or_404(
        Membership.objects.visible_to(reader_of(request)).select_related("user"), organization=organization, pk=member
    )
    return _erase_person(request, found.user, reverse("records:customer", args=[pk]), organization)


@require_GET
@login_required
def former(request: HttpRequest) -> HttpResponse:
    """Who has an account and belongs nowhere any more: no customer's page leads to them."""
    require(reader_of(request), Permission.ERASE_RECORDS, Organization.objects.consultancy())
    page = Paginator(former_people(reader_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "records/former.html", {"page": page})


@require_http_methods(_PAGE)
@login_required
def erase_former(request: HttpRequest, person: int) -> HttpResponse:
    found = get_object_or_404(former_people(reader_of(request)), pk=person)
    return _erase_person(request, found, reverse("records:former"), None)


def _erase_person(request: HttpRequest, person: User, to: str, organization: Organization | None) -> HttpResponse:
    form = _erase_form(request, person.email)

    def ask(typed: str) -> Erasure:
        proved = last_authentication(request)
        return ask_person_erasure(person, typed=typed, authenticated_at=proved, actor=reader_of(request))

    if answer := _asked(request, form, to, ask):
        return answer
    context: dict[str, object] = {"organization": organization, "person": person, "back_url": to}
    context["reasons"] = obstacles_to_person(person)
    return _show_erasing(request, "records/erase_person.html", form, context)


def _erase_form(request: HttpRequest, wanted: str) -> EraseForm:
    return EraseForm(request.POST if request.method == "POST" else None, wanted=wanted, initial=typed_before(request))


def _asked(request: HttpRequest, form: EraseForm, to: str, ask: Callable[[str], Erasure]) -> HttpResponse | None:
    if request.method != "POST":
        return None
    if asks_for_proof(request) or (form.is_valid() and not is_freshly_authenticated(request)):
        return ask_for_proof(request, form)
    if form.is_valid():
        with refusals_into(form):
            ask(form.cleaned_data["typed"])
            messages.success(request, "Erasing has begun. It goes on by itself, also after a restart.")
            return redirect(to)
    return None


def _show_erasing(request: HttpRequest, template: str, form: EraseForm, context: dict[str, object]) -> HttpResponse:
    context |= {"form": form, "is_fresh": is_freshly_authenticated(request)}
    return render(request, template, context, status=status_of(form))
