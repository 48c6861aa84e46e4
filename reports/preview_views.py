"""The draft of a gate's document as page pictures, and as the PDF they were drawn from."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.audit import digest_of
from core.models import Job
from engagements.content import current_content, title_of
from engagements.found import find_gate
from engagements.models import Gate
from engagements.views.page_context import page_context
from reports.domain.request_preview import PREVIEW, request_preview
from reports.models import Preview, PreviewPage

DAY = 24 * 3600


def _find(request: HttpRequest, code: str, number: int) -> Gate:
    gate = find_gate(request, code, number)
    require(reader_of(request), Permission.FREEZE, gate.engagement.organization)
    return gate


@require_safe
@login_required
def preview(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The pictures that are there so far; asked again while the others are drawn."""
    gate = _find(request, code, number)
    job = Job.objects.of(gate).filter(kind=PREVIEW).first()
    shown = _shown(request, gate, job)
    is_poll = request.headers.get("X-Requested-With") == "poll"
    context = page_context(
        gate.engagement,
        gate=gate,
        title=title_of(gate),
        job=job,
        shown=shown,
        drawn=list(shown.pages.values_list("number", flat=True)) if shown else [],
        # Puts the whole draft together, so not at every look at how far it is.
        has_changed=bool(shown and not is_poll and shown.content_digest != digest_of(current_content(gate))),
    )
    return render(request, "reports/preview.html", context)


def _shown(request: HttpRequest, gate: Gate, job: Job | None) -> Preview | None:
    """While one is drawn, that one with the pages it has; otherwise the last one that is complete, if there is any."""
    previews = Preview.objects.visible_to(reader_of(request)).filter(gate=gate).select_related("made_by").defer("pdf")
    newest: Preview | None = previews.first()
    if job and not job.is_finished:
        return newest
    complete: Preview | None = previews.complete().first()
    return complete or newest


@require_POST
@login_required
def preview_draw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    request_preview(_find(request, code, number), actor=reader_of(request))
    return redirect(reverse("reports:preview", args=[code, number]) + "#pages")


@require_safe
@login_required
def preview_pdf(request: HttpRequest, code: str, number: int, preview: int) -> HttpResponse:
    """The PDF as it would have been frozen then, stamped as a draft."""
    gate = _find(request, code, number)
    found = get_object_or_404(Preview.objects.visible_to(reader_of(request)), gate=gate, pk=preview)
    response = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{code}-G{number}-draft.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@login_required
def preview_page(request: HttpRequest, code: str, number: int, preview: int, page: int) -> HttpResponse:
    """The picture of one page. It never changes under its address, so the reader's browser may keep it."""
    gate = _find(request, code, number)
    pages = PreviewPage.objects.visible_to(reader_of(request))
    found = get_object_or_404(pages, preview=preview, preview__gate=gate, number=page)
    response = HttpResponse(bytes(found.png), content_type="image/png")
    response["Cache-Control"] = f"private, max-age={DAY}, immutable"
    return response
