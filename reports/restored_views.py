"""Engagements of other portals: restored from their packs by the owner, read by owner and leads, changed by nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organization
from accounts.permissions import Permission, allowed, consultancy_role
from accounts.reader import reader_of
from core.downloads import attachment
from core.errors import Refused
from core.forms import refusals_into, status_of
from core.portal_key import portal_key
from core.uploads import takes_large_files
from reports.domain.restore_handoff import restore_handoff
from reports.models import RestoredEngagement
from reports.restored_forms import RestoreForm
from reports.restored_found import (
    LARGE_PACKS,
    OCTETS,
    find_restored,
    find_restored_file,
    require_restorer,
    take_restored,
)
from reports.restored_pages import PAGES, tabs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.paginator import Page
    from django.http import HttpRequest, HttpResponse

    from reports.restored_pages import Cell, Sheet

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@takes_large_files(LARGE_PACKS)
def restored_list(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    if consultancy_role(reader) not in {"owner", "lead"}:
        raise Refused("Engagements of other portals are read by the owner and the leads of the practice.")
    form = RestoreForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require_restorer(request)
        if form.is_valid():
            with refusals_into(form):
                told = form.cleaned_data
                content = told["pack"].file.read()
                restored = restore_handoff(content, key=told["key"], code=told["code"], actor=reader)
                messages.success(request, f"{restored.code} is restored. It is read here and never changed.")
                return redirect("restored:page", restored.code, "overview")
    may_restore = bool(allowed(reader, Permission.MANAGE_PRACTICE, Organization.objects.consultancy()))
    every = RestoredEngagement.objects.visible_to(reader).select_related("restored_by").defer("manifest", "seal")
    context = {"every": every, "form": form, "may_restore": may_restore}
    return render(request, "reports/restored_list.html", context, status=status_of(form))


@require_safe
@login_required
def page(request: HttpRequest, restored: str, page: str) -> HttpResponse:
    found = find_restored(request, restored)
    if page not in PAGES:
        raise Http404("no such page")
    title, told = PAGES[page]
    sheets, pages = _paged(told(found), request.GET.get("page"))
    context = {"restored": found, "title": title, "sheets": sheets, "pages": pages, "tabs": list(tabs_of(found, page))}
    context["is_own"] = found.key == portal_key().fingerprint
    return render(request, "reports/restored.html", context)


def _paged(sheets: list[Sheet], asked: str | None) -> tuple[list[Sheet], Page[Sequence[Cell]] | None]:
    """A sheet that has the page to itself is read in pieces."""
    if len(sheets) > 1:
        return sheets, None
    pages = Paginator(sheets[0].rows, PER_PAGE).get_page(asked)
    return [replace(sheets[0], rows=list(pages))], pages


@require_safe
@login_required
def file(request: HttpRequest, restored: str, path: str) -> HttpResponse:
    """Always to keep, never shown: what another portal made is not this portal's page."""
    found = find_restored_file(request, restored, path)
    return attachment(bytes(found.content), OCTETS, found.path.rpartition("/")[2].replace('"', ""))


@require_POST
@login_required
def take(request: HttpRequest, restored: str) -> HttpResponse:
    return take_restored(request, restored)
