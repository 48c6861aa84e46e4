"""Findings and tasks for the tracker of whoever works on them, and the keys of its tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.counting import counted
from core.errors import Conflict
from core.forms import move_to_version, number_in, refusals_into, status_of
from discovery.domain.import_keys import import_keys
from discovery.domain.note_key import note_key, remove_key
from discovery.found import find_estate
from discovery.models import ExternalKey
from discovery.tracker_export import exported, tracker_in
from discovery.tracker_forms import KeyForm, KeySheetForm
from discovery.tracker_found import find_item, find_to_note
from discovery.tracker_items import Chosen
from discovery.trackers.book import trackers
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from discovery.models import Finding
    from engagements.models import Engagement, GateTask

KEYS_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tracker_home(request: HttpRequest, code: str) -> HttpResponse:
    """The tables, and the keys; a file of keys is sent here."""
    engagement = find_estate(request, code)
    is_sent = request.method == "POST"
    if is_sent:
        require(reader_of(request), Permission.NOTE_KEYS, engagement.organization)
    form = KeySheetForm(request.POST, request.FILES) if is_sent else KeySheetForm()
    if is_sent and form.is_valid():
        sent = form.cleaned_data
        content = sent.pop("sheet").read()
        with refusals_into(form):
            found = import_keys(engagement, content=content, actor=reader_of(request), **sent)
            strange = f" {counted(found.strange, 'row')} named nothing of the portal." if found.strange else ""
            messages.success(request, f"{counted(found.new, 'key')} recorded, {found.known} stood there.{strange}")
            return redirect("trackers:home", code)
    keys = ExternalKey.objects.visible_to(reader_of(request)).standing().filter(engagement=engagement)
    page = Paginator(keys.select_related("engagement", "finding", "task"), KEYS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = _context(request, engagement, trackers=trackers().values(), choices=Chosen.choices, form=form, page=page)
    return render(request, "discovery/trackers.html", context, status=status_of(form))


@require_safe
@login_required
def tracker_csv(request: HttpRequest, code: str, system: str) -> HttpResponse:
    return exported(find_estate(request, code), reader_of(request), system, request.GET.dict())


@require_safe
@login_required
def tracker_item(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """The keys of one finding or task."""
    engagement = find_estate(request, code)
    return _item_page(request, engagement, find_item(request, engagement, item), item)


@require_POST
@login_required
def key(request: HttpRequest, code: str, item: str, system: str) -> HttpResponse:
    engagement, subject = find_to_note(request, code, item)
    tracker = tracker_in(system)
    form = KeyForm(request.POST, auto_id=f"{system}_%s")
    if form.is_valid():
        with refusals_into(form):
            kept = note_key(subject, system=system, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"{kept.key} of {tracker.label} is recorded for “{subject}”.")
            return redirect("trackers:item", code, item)
    return _item_page(request, engagement, subject, item, {system: form})


@require_POST
@login_required
def key_remove(request: HttpRequest, code: str, item: str, system: str) -> HttpResponse:
    _, subject = find_to_note(request, code, item)
    tracker = tracker_in(system)
    version = number_in(request.POST.get("version", ""))
    remove_key(subject, system=system, actor=reader_of(request), version=version)
    messages.success(request, f"“{subject}” has no key of {tracker.label} any more.")
    return redirect("trackers:item", code, item)


def _item_page(
    request: HttpRequest,
    engagement: Engagement,
    subject: Finding | GateTask,
    item: str,
    sent: dict[str, KeyForm] | None = None,
) -> HttpResponse:
    sent = sent or {}
    known = ExternalKey.objects.visible_to(reader_of(request)).of(subject).select_related("changed_by")
    standing = {one.system: one for one in known if one.key}
    rows = []
    for name, tracker in trackers().items():
        form = sent.get(name) or _form(name, standing.get(name))
        if name in sent and status_of(form) == Conflict.status_code:
            move_to_version(form, request.POST, standing[name].version if name in standing else 0)
        rows.append((tracker, standing.get(name), form))
    context = _context(request, engagement, subject=subject, item=item, rows=rows)
    return render(request, "discovery/tracker_item.html", context, status=status_of(*sent.values()))


def _form(system: str, standing: ExternalKey | None) -> KeyForm:
    told = {"key": standing.key, "address": standing.address} if standing else {}
    return KeyForm(initial={"version": standing.version if standing else 0, **told}, auto_id=f"{system}_%s")


def _context(request: HttpRequest, engagement: Engagement, **more: Any) -> dict[str, Any]:
    may_note = bool(allowed(reader_of(request), Permission.NOTE_KEYS, engagement.organization))
    return evidence_context(request, engagement, may_note=may_note, **more)
