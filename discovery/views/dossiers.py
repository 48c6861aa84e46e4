"""The dossiers of an engagement: what is known of each component, by whom or by which line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.reader import reader_of
from core.audit import describe
from core.components import Change, HistoryRow
from core.errors import Conflict
from core.forms import move_to_version, refusals_into, status_of
from core.models import AuditEvent
from discovery.domain.add_dossier import add_dossier
from discovery.domain.complete_dossier import complete_dossier, confirm_reading
from discovery.domain.open_dossiers import open_dossiers
from discovery.dossier_forms import ConfirmForm, EditDossierForm, NewDossierForm
from discovery.dossiers.book import asked_of, fields, kinds
from discovery.estate import jump_to
from discovery.found import find_dossier, find_estate, find_to_add
from discovery.models import Dossier
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


WITHOUT = {"owner": "an owner", "replacement": "a word about the target"}
SUBJECT_TYPES = (Dossier._meta.label, "discovery.Component")  # as the ledger called them before they were dossiers


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line of a dossier. `places` are (place, file, jump) of what was read; `differs` when people say otherwise."""

    label: str
    value: str
    told: str
    is_stated: bool
    places: tuple[tuple[str, str, str], ...]

    @property
    def differs(self) -> bool:
        return self.is_stated and bool(self.told) and self.told != self.value


@require_safe
@login_required
def dossier_list(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    visible = Dossier.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    dossiers = list(visible.select_related("last_seen", "gone_since"))
    kept = [dossier for dossier in dossiers if not dossier.is_gone]
    without = request.GET.get("without", "")
    context = evidence_context(
        request,
        engagement,
        dossiers=[one for one in kept if without not in WITHOUT or not one.known(without)],
        narrowed_to=WITHOUT.get(without, ""),
        kept_count=len(kept),
        gone=[dossier for dossier in dossiers if dossier.is_gone],
        complete_count=sum(not dossier.unknown for dossier in kept),
        ownerless_count=sum(not dossier.known("owner") for dossier in kept),
    )
    return render(request, "discovery/dossiers.html", context)


@require_POST
@login_required
def dossiers_open(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    changes = open_dossiers(engagement, actor=reader_of(request))
    messages.success(request, f"Dossiers opened: {changes.opened}. No longer there: {changes.gone}.")
    return redirect("discovery:dossiers", code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier_add(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_to_add(request, code)
    form = NewDossierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            host = form.cleaned_data["host_label"]
            dossier = add_dossier(engagement, facts=form.facts(), host_label=host, actor=reader_of(request))
            messages.success(request, f"{dossier.name} stands in the inventory.")
            return redirect("discovery:dossier", code, dossier.number)
    context = evidence_context(request, engagement, form=form)
    return render(request, "discovery/dossier_add.html", context, status=status_of(form))


@require_safe
@login_required
def dossier_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    dossier = find_dossier(request, find_estate(request, code), number)
    return _page(request, dossier, ConfirmForm(dossier=dossier, initial={"version": dossier.version}))


@require_POST
@login_required
def dossier_confirm(request: HttpRequest, code: str, number: int) -> HttpResponse:
    dossier = find_dossier(request, find_to_add(request, code), number)
    form = ConfirmForm(request.POST, dossier=dossier)
    if form.is_valid():
        with refusals_into(form):
            version, keys = form.cleaned_data["version"], form.cleaned_data["keys"]
            confirm_reading(dossier, actor=reader_of(request), version=version, keys=keys)
            messages.success(request, f"{dossier.reference}: confirmed.")
            return redirect("discovery:dossier", code, number)
    return _page(request, find_dossier(request, dossier.engagement, number), form, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier_edit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """On a conflict both texts are shown; saving once more keeps what was typed."""
    engagement = find_to_add(request, code)
    dossier = find_dossier(request, engagement, number)
    stated = {key: getattr(dossier, key) for key in _keys()}
    form = EditDossierForm(request.POST or None, dossier=dossier, initial=stated | {"version": dossier.version})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            version = form.cleaned_data["version"]
            complete_dossier(dossier, actor=reader_of(request), version=version, facts=form.facts())
            messages.success(request, f"{dossier.reference} is saved.")
            return redirect("discovery:dossier", code, number)
    status = status_of(form)
    theirs: tuple[Change, ...] = ()
    if status == Conflict.status_code:
        dossier = find_dossier(request, engagement, number)
        theirs = _theirs(dossier, form)
        move_to_version(form, request.POST, dossier.version)
    context = evidence_context(request, engagement, dossier=dossier, form=form, theirs=theirs)
    return render(request, "discovery/dossier_edit.html", context, status=status)


def _keys() -> list[str]:
    return ["kind", "name", *(field.key for field in fields())]


def _theirs(dossier: Dossier, form: EditDossierForm) -> tuple[Change, ...]:
    """Where what stands there now differs from what was typed: theirs as old, the reader's own as new."""
    typed = form.cleaned_data
    pairs = [(key, getattr(dossier, key), typed.get(key)) for key in _keys()]
    return tuple(
        Change(str(form.fields[key].label), "" if now is None else str(now), "" if mine is None else str(mine))
        for key, now, mine in pairs
        if now != mine
    )


def _page(request: HttpRequest, dossier: Dossier, form: ConfirmForm, *, status: int = 200) -> HttpResponse:
    target = dossier.engagement.target
    context = evidence_context(
        request,
        dossier.engagement,
        dossier=dossier,
        rows=[_row(dossier, field.key, field.label) for field in asked_of(dossier.kind)],
        unknown=[field.label for field in dossier.unknown],
        suggestion="" if dossier.replacement else kinds()[dossier.kind].target.get(target, ""),
        history=_history(dossier),
        form=form,
    )
    return render(request, "discovery/dossier.html", context, status=status)


def _row(dossier: Dossier, key: str, label: str) -> FieldRow:
    read = dossier.read.get(key, [])
    places = tuple((f"{file}:{line}" if line else file, file, jump_to(line)) for _, file, line in read)
    return FieldRow(label, _worded(key, dossier.known(key)), dossier.told(key), bool(dossier.stated(key)), places)


def _worded(key: str, value: str) -> str:
    return Dossier.Source(value).label if key == "source" and value else value


def _history(dossier: Dossier) -> list[HistoryRow]:
    events = AuditEvent.objects.filter(
        chain=dossier.audit_chain, subject_type__in=SUBJECT_TYPES, subject_id=str(dossier.pk)
    ).order_by("sequence")
    rows = [HistoryRow(at=event.at, sentence=describe(event), changes=_changes(event.data)) for event in events]
    rows.reverse()
    if dossier.is_found:
        rows.append(HistoryRow(at=dossier.added_at, sentence="An upload showed it first"))
    return rows


def _changes(told: dict[str, Any]) -> tuple[Change, ...]:
    return tuple(Change(one["field"], one["was"], one["now"]) for one in told.get("changes", []))
