"""The inventory of an engagement: upload a configuration, see what was understood, add what no upload shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from discovery import collector
from discovery.domain.receive_upload import receive_upload, upload_blockers
from discovery.forms import UploadForm
from discovery.found import find_estate
from discovery.models import Upload
from discovery.queries import facts_of, severity_counts
from discovery.subjects import counted_subjects, fact_counts
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement

LAST_UPLOADS = 8


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def inventory(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent:
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        if form.is_valid() and (upload := _receive(request, engagement, form)):
            return redirect("discovery:upload", code, upload.number)
    uploads = Upload.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    counts = fact_counts(engagement)
    context = evidence_context(
        request,
        engagement,
        form=form,
        collector=collector,
        upload_reasons=upload_blockers(engagement),
        uploads=uploads.select_related("uploaded_by", "job")[:LAST_UPLOADS],
        estate=facts_of(engagement),
        counts=counts,
        subjects=counted_subjects(counts),
        severities=severity_counts(engagement),
    )
    return render(request, "discovery/inventory.html", context, status=status_of(form))


def _receive(request: HttpRequest, engagement: Engagement, form: UploadForm) -> Upload | None:
    bundle = form.cleaned_data["bundle"]
    with refusals_into(form):
        return receive_upload(
            engagement,
            filename=bundle.name,
            content_file=bundle.file,
            host_label=form.cleaned_data["host_label"],
            collected_on=form.cleaned_data["collected_on"],
            actor=reader_of(request),
        )
    return None
