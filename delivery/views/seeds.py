"""Results of seed addresses: uploaded, with what could not be read, and what a newer file has corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from delivery.domain.receive_seeds import receive_seeds
from delivery.found import find_seeds
from delivery.models import SeedResult, SeedUpload
from delivery.views.page_context import parallel_context
from delivery.watch_forms import SeedForm
from discovery.domain.receive_upload import upload_blockers
from discovery.found import find_estate
from discovery.maillog.providers import provider_names

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def seeds(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    is_sent = request.method == "POST"
    form = SeedForm(request.POST, request.FILES) if is_sent else SeedForm()
    if is_sent:
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        if form.is_valid():
            with refusals_into(form):
                sent = form.cleaned_data["seeds"]
                upload = receive_seeds(engagement, filename=sent.name, content_file=sent.file, actor=reader_of(request))
                messages.success(request, f"{upload}: {upload.line_count} kept, {upload.strange_count} not understood.")
                return redirect("watch:seed", code, upload.number)
    uploads = SeedUpload.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    context = parallel_context(
        request,
        engagement,
        form=form,
        uploads=uploads.select_related("uploaded_by"),
        providers=provider_names(),
        upload_reasons=upload_blockers(engagement),
    )
    return render(request, "delivery/seeds.html", context, status=status_of(form))


@require_safe
@login_required
def seed(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    upload = find_seeds(request, engagement, number)
    visible = SeedResult.objects.visible_to(reader_of(request)).filter(upload__engagement=engagement)
    page = Paginator(visible.filter(upload=upload), PER_PAGE).get_page(request.GET.get("page"))
    counting = set(visible.counting().values_list("pk", flat=True))
    context = parallel_context(
        request, engagement, upload=upload, page=page, rows=[(result, result.pk in counting) for result in page]
    )
    return render(request, "delivery/seed.html", context)
