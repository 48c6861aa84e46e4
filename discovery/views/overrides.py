"""Overrides of the dictionary: the list, one with its review, and the form that proposes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organization
from accounts.permissions import Permission, allowed
from accounts.reader import reader_of
from core.errors import DomainError
from core.forms import number_in, refusals_into, status_of
from core.history import history_about
from discovery.domain.lock_override import require_for_all
from discovery.domain.propose_override import propose_override
from discovery.domain.review_override import accept_override, reject_override, withdraw_override
from discovery.found import find_override, find_overrides
from discovery.models import DictionaryOverride
from discovery.override_forms import (
    AcceptOverrideForm,
    OverrideForm,
    RejectOverrideForm,
    WithdrawOverrideForm,
    initial_of,
)
from discovery.translation.book import load_book
from discovery.translation.overrides import said_treatments
from discovery.translation.target_names import described_in
from discovery.views.dictionary import Side, sides_of
from engagements.models import Engagement
from engagements.steps import OVER

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from discovery.translation.book import Row
    from engagements.models.engagement import EngagementQuerySet


@require_safe
@login_required
def override_list(request: HttpRequest) -> HttpResponse:
    visible = find_overrides(request)
    state = request.GET.get("state", "")
    states = DictionaryOverride.State.choices
    shown = visible.filter(state=state) if state in dict(states) else visible
    may_propose = may_edit(reader_of(request), None)
    context = {"overrides": shown, "states": states, "state": state, "may_propose": may_propose}
    return render(request, "discovery/overrides.html", context)


def may_edit(reader: User, override: DictionaryOverride | None) -> bool:
    of_one = override is not None and override.engagement is not None
    organization = override.engagement.organization if of_one else Organization.objects.consultancy()  # type: ignore[union-attr]  # of_one says so
    return bool(allowed(reader, Permission.EDIT_DICTIONARY, organization))


@require_safe
@login_required
def override_detail(request: HttpRequest, number: int) -> HttpResponse:
    return _page(request, find_override(request, number))


def _page(request: HttpRequest, override: DictionaryOverride, **forms: Any) -> HttpResponse:
    reader = reader_of(request)
    row = load_book().find(override.kind, override.name)
    may, is_own = may_edit(reader, override), override.proposed_by_id == reader.pk
    context = {
        "override": override,
        "sides": said_sides(override, row),
        "row": row,
        "published": sides_of(row, row.treatments) if row else [],
        "versions": DictionaryOverride.objects.visible_to(reader).about(override).exclude(pk=override.pk),
        "may_review": may and override.is_proposed and not is_own,
        "may_withdraw": may and (override.is_in_force or (override.is_proposed and is_own)),
        "is_own": may and override.is_proposed and is_own,
        "may_propose": may,
        "history": history_about(override),
        "accept_form": AcceptOverrideForm(auto_id="accept_%s"),
        "reject_form": RejectOverrideForm(auto_id="reject_%s"),
        "withdraw_form": WithdrawOverrideForm(auto_id="withdraw_%s"),
        **forms,
    }
    return render(request, "discovery/override.html", context, status=status_of(*forms.values()))


def said_sides(override: DictionaryOverride, row: Row | None) -> list[Side]:
    treatments = said_treatments(override.treatments)
    published = row.treatments if row else treatments
    places = {target: described_in(target) for target in treatments}
    return [
        Side(
            str(label),
            treatments[target],
            "",
            tuple(f"{name}: {places[target][name]}" for name in treatments[target].names if places[target].get(name)),
            differs=treatments[target].differing(published[target]),
        )
        for target, label in Engagement.Target.choices
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def override_propose(request: HttpRequest) -> HttpResponse:
    """`?kind=&name=&value=` name a construct, `?engagement=` where it was met, `?from=7` an earlier override."""
    reader = reader_of(request)
    require_for_all(reader)
    open_to = Engagement.objects.visible_to(reader).exclude(phase__in=OVER).select_related("organization")
    if request.method == "POST":
        form = OverrideForm(request.POST, engagements=open_to)
        if form.is_valid():
            with refusals_into(form):
                engagement = engagement_in(open_to, form.cleaned_data["engagement"])
                made = propose_override(form.text(), actor=reader, engagement=engagement)
                messages.success(request, f"{made.reference} waits for the review of somebody else.")
                return redirect("dictionary:override", made.number)
    else:
        form = OverrideForm(initial=_initial(request), engagements=open_to)
    return render(request, "discovery/override_propose.html", {"form": form}, status=status_of(form))


def engagement_in(open_to: EngagementQuerySet, code: str) -> Engagement | None:
    """Without a code it holds for every one. An engagement that ended since the form was read is none of them."""
    if not code:
        return None
    found = open_to.filter(code=code).first()
    if found is None:
        raise DomainError(f"{code} is not open any more. Choose where the override holds again; nothing was saved.")
    return found


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: an earlier override, else the published entry of what is named."""
    earlier = number_in(request.GET.get("from", ""))
    if earlier:
        override = find_override(request, earlier)
        code = override.engagement.code if override.engagement else ""
        told = {name: getattr(override, name) for name in ("kind", "name", "value", "source")}
        return {**told, "engagement": code, **initial_of(said_treatments(override.treatments))}
    asked = {name: request.GET.get(name, "")[:500] for name in ("kind", "name", "value", "engagement")}
    row = load_book().find(asked["kind"], asked["name"])
    return {**(initial_of(row.treatments) if row else {}), **asked}


@require_POST
@login_required
def override_accept(request: HttpRequest, number: int) -> HttpResponse:
    override, form = find_override(request, number), AcceptOverrideForm(request.POST)
    if form.is_valid():
        accept_override(override, actor=reader_of(request), note=form.cleaned_data["note"])
        messages.success(request, f"{override.reference} is in force. Translations it changes are made again.")
        return redirect("dictionary:override", number)
    return _page(request, override, accept_form=form)


@require_POST
@login_required
def override_reject(request: HttpRequest, number: int) -> HttpResponse:
    override, form = find_override(request, number), RejectOverrideForm(request.POST)
    if form.is_valid():
        reject_override(override, actor=reader_of(request), note=form.cleaned_data["note"])
        messages.success(request, f"{override.reference} is rejected.")
        return redirect("dictionary:override", number)
    return _page(request, override, reject_form=form)


@require_POST
@login_required
def override_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    override, form = find_override(request, number), WithdrawOverrideForm(request.POST)
    if form.is_valid():
        withdraw_override(override, actor=reader_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, f"{override.reference} is withdrawn. Translations it changed are made again.")
        return redirect("dictionary:override", number)
    return _page(request, override, withdraw_form=form)
