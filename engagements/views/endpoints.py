"""The webhooks of an organization: where they go and of what they tell, every delivery, sending some again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import last_authentication, to_proof
from accounts.proof_views import ask_for_proof, is_freshly_authenticated, typed_before, wants_proof
from accounts.reader import reader_of
from core.components import Change
from core.counting import counted
from core.errors import Conflict
from core.forms import move_to_version, refusals_into, status_of
from core.record_classes import class_of
from core.webhooks.sealed import shown_url
from core.webhooks.shown_once import secret_once, show_once
from engagements.domain import set_endpoint as acts
from engagements.domain.replay_endpoint import ping_endpoint, replay_delivery, replay_given_up
from engagements.endpoint_forms import EndpointChangeForm, EndpointForm, ReplayForm, chosen_before
from engagements.endpoint_found import find_delivery, find_endpoint, find_owner
from engagements.models import Endpoint, EndpointDelivery
from engagements.webhooks.book import kinds_for, rules

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse, QueryDict

PER_PAGE = 25
_PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(_PAGE)
@login_required
def endpoints(request: HttpRequest, pk: int) -> HttpResponse:
    """Which there are, and the form that sets one."""
    reader = reader_of(request)
    organization = find_owner(request, pk)
    form = EndpointForm(_sent(request), organization=organization, initial=typed_before(request))
    if wants_proof(request, form):
        return ask_for_proof(request, form)
    if form.is_bound and form.is_valid():
        with refusals_into(form):
            proved = last_authentication(request)
            made, _ = acts.set_endpoint(organization, authenticated_at=proved, actor=reader, **form.facts())
            show_once(request, made)
            return redirect("webhooks:endpoint", pk, made.pk)
    context = {
        "organization": organization,
        "endpoints": Endpoint.objects.visible_to(reader).filter(organization=organization).select_related("set_by"),
        "form": form,
        "is_fresh": is_freshly_authenticated(request),
        "at_most": rules().at_most,
    }
    return render(request, "webhooks/endpoints.html", context, status=status_of(form))


@never_cache
@require_http_methods(_PAGE)
@login_required
def endpoint(request: HttpRequest, pk: int, endpoint: int) -> HttpResponse:
    """One of them: what it is told, its log, and the form that changes it."""
    found = find_endpoint(request, pk, endpoint)
    form = _change_form(found, _sent(request), typed_before(request))
    if wants_proof(request, form):
        return ask_for_proof(request, form)
    if form.is_bound and form.is_valid():
        with refusals_into(form):
            proved = last_authentication(request)
            acts.change_endpoint(found, authenticated_at=proved, actor=reader_of(request), **form.facts())
            messages.success(request, "The webhook is changed.")
            return redirect("webhooks:endpoint", pk, endpoint)
    theirs: list[Change] = []
    if status_of(form) == Conflict.status_code:
        found = find_endpoint(request, pk, endpoint)
        if form.cleaned_data["version"] != found.version:  # else it is the name that another one has
            theirs = _theirs(found, form)
            move_to_version(form, request.POST, found.version)
    return _page(request, found, form, ReplayForm(), theirs=theirs)


def _change_form(
    found: Endpoint, typed: QueryDict | None = None, before: dict[str, Any] | None = None
) -> EndpointChangeForm:
    stands = {"title": found.title, "version": found.version, **chosen_before(found.organization, found.kinds)}
    return EndpointChangeForm(typed, organization=found.organization, initial={**stands, **(before or {})})


def _theirs(found: Endpoint, form: EndpointChangeForm) -> list[Change]:
    """Where what stands there now differs from what was typed: theirs as old, the reader's own as new."""
    mine = form.facts()
    titles = {kind.key: kind.title for kind in kinds_for(found.organization)}
    pairs = [("Name", found.title, mine["title"]), ("Address", shown_url(found), mine["url"] or shown_url(found))]
    for key, title in titles.items():
        pairs.append((title, _told_of(key, found.kinds), _told_of(key, mine["kinds"])))
    return [Change(field, now, typed) for field, now, typed in pairs if now != typed]


def _told_of(key: str, kinds: list[str]) -> str:
    return "Told" if key in kinds else "Not told"


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@sensitive_variables("secret")
def _page(
    request: HttpRequest,
    found: Endpoint,
    form: EndpointForm,
    replay: ReplayForm,
    theirs: Sequence[Change] = (),
) -> HttpResponse:
    reader, secret = reader_of(request), secret_once(request, found)
    deliveries = EndpointDelivery.objects.visible_to(reader).filter(endpoint=found).defer("body")
    context = {
        "organization": found.organization,
        "endpoint": found,
        "address": shown_url(found),
        "offered": len(kinds_for(found.organization)),
        "page": Paginator(deliveries, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "theirs": theirs,
        "replay": replay,
        "secret": secret,
        "both_hours": rules().both_hours,
        "log_days": class_of(EndpointDelivery).retention.days,
        "is_fresh": is_freshly_authenticated(request),
    }
    return render(request, "webhooks/endpoint.html", context, status=status_of(form, replay))


@require_POST
@login_required
def secret(request: HttpRequest, pk: int, endpoint: int) -> HttpResponse:
    found = find_endpoint(request, pk, endpoint)
    if not is_freshly_authenticated(request):
        return to_proof(reverse("webhooks:endpoint", args=[pk, endpoint]) + "#address")
    made, _ = acts.renew_secret(found, authenticated_at=last_authentication(request), actor=reader_of(request))
    show_once(request, made)
    return redirect("webhooks:endpoint", pk, endpoint)


@require_POST
@login_required
def ping(request: HttpRequest, pk: int, endpoint: int) -> HttpResponse:
    ping_endpoint(find_endpoint(request, pk, endpoint), actor=reader_of(request))
    messages.success(request, "A test is on its way. What is answered stands in the log within a minute.")
    return redirect("webhooks:endpoint", pk, endpoint)


@require_POST
@login_required
def enable(request: HttpRequest, pk: int, endpoint: int) -> HttpResponse:
    acts.enable_endpoint(find_endpoint(request, pk, endpoint), actor=reader_of(request))
    messages.success(request, "The webhook is switched on. What it missed can be sent again below.")
    return redirect("webhooks:endpoint", pk, endpoint)


@require_POST
@login_required
def remove(request: HttpRequest, pk: int, endpoint: int) -> HttpResponse:
    found = find_endpoint(request, pk, endpoint)
    acts.remove_endpoint(found, actor=reader_of(request))
    messages.success(request, f"{found.title} is removed, with its log. Nothing is sent there any more.")
    return redirect("webhooks:list", pk)


@require_POST
@login_required
def replay(request: HttpRequest, pk: int, endpoint: int, event: uuid.UUID) -> HttpResponse:
    found = find_endpoint(request, pk, endpoint)
    replay_delivery(find_delivery(request, found, event), actor=reader_of(request))
    messages.success(request, "It is sent again, under the same id.")
    return redirect("webhooks:endpoint", pk, endpoint)


@never_cache
@require_POST
@login_required
def replay_since(request: HttpRequest, pk: int, endpoint: int) -> HttpResponse:
    found = find_endpoint(request, pk, endpoint)
    form = ReplayForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            count = replay_given_up(found, since=form.cleaned_data["since"], actor=reader_of(request))
            messages.success(request, f"{counted(count, 'delivery', 'deliveries')} go out again, under the same ids.")
            return redirect("webhooks:endpoint", pk, endpoint)
    return _page(request, found, _change_form(found), form)
