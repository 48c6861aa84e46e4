"""Components that no upload shows, imported from a CSV file that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.reader import reader_of
from core.downloads import CSV, attachment
from core.forms import refusals_into, status_of
from discovery.component_sheet import template_csv
from discovery.domain.import_components import import_components
from discovery.domain.receive_upload import upload_blockers
from discovery.forms import ComponentSheetForm
from discovery.found import find_estate, find_to_add
from discovery.models import ComponentImport
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def component_import(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_to_add(request, code)
    is_sent = request.method == "POST"
    form = ComponentSheetForm(request.POST, request.FILES) if is_sent else ComponentSheetForm()
    if is_sent and form.is_valid():
        sheet = form.cleaned_data["sheet"]
        with refusals_into(form):
            kept = import_components(engagement, filename=sheet.name, content=sheet.read(), actor=reader_of(request))
            count = f"{kept.row_count} component{'s' if kept.row_count != 1 else ''}"
            messages.success(request, f"{count} of {kept.filename} stand in the inventory.")
            return redirect("discovery:inventory", code)
    imports = ComponentImport.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    shown = imports.select_related("imported_by").defer("content")
    context = evidence_context(
        request, engagement, form=form, imports=shown, upload_reasons=upload_blockers(engagement)
    )
    return render(request, "discovery/component_import.html", context, status=status_of(form))


@require_safe
@login_required
def component_template(request: HttpRequest, code: str) -> HttpResponse:
    find_estate(request, code)
    return attachment(template_csv().encode(), CSV, "components.csv")


@require_safe
@login_required
def component_original(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The file as it was sent, with its secrets masked."""
    engagement = find_estate(request, code)
    visible = ComponentImport.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    kept = get_object_or_404(visible, number=number)
    return attachment(bytes(kept.content), CSV, f"components-{engagement.code}-{kept.number}.csv")
