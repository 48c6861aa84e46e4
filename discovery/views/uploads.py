"""One upload: how far it is, what it says, and its files with the secrets masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.forms import number_in
from discovery.found import find_estate, find_file, find_upload
from discovery.queries import estate_of_uploads
from discovery.source import page_of_source
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
def upload_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    upload = find_upload(request, engagement, number)
    estate = estate_of_uploads([upload])
    context = evidence_context(
        request,
        engagement,
        upload=upload,
        files=upload.storedfiles.defer("content"),
        skipped=upload.skippedmembers.all(),
        secrets=upload.hiddensecrets.all(),
        estate=estate,
        counts=estate.counts,
    )
    return render(request, "discovery/upload.html", context)


@require_safe
@login_required
def upload_progress(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The region of the upload page that is asked for again and again while the upload is being read."""
    engagement = find_estate(request, code)
    context = {"engagement": engagement, "upload": find_upload(request, engagement, number)}
    return render(request, "discovery/parts/progress.html", context)


@require_safe
@login_required
def stored_file(request: HttpRequest, code: str, number: int, path: str) -> HttpResponse:
    """A file as it was stored. `?line=118` shows the part of a long file that holds the line."""
    engagement = find_estate(request, code)
    upload = find_upload(request, engagement, number)
    stored = find_file(request, upload, path)
    source = page_of_source(stored.text, line=number_in(request.GET.get("line", "")) or 1)
    context = evidence_context(request, engagement, upload=upload, file=stored, source=source)
    return render(request, "discovery/file.html", context)
