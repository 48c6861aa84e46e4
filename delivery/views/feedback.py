"""Bounces and complaints of both servers as one queue: what came back, each of it, and the files it came in."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from core.uploads import takes_large_files
from delivery.domain.receive_feedback import receive_feedback
from delivery.feedback.exports import FIELDS, USUAL
from delivery.feedback.judging import load_taxonomy
from delivery.feedback_export import exported
from delivery.feedback_forms import FeedbackFileForm
from delivery.feedback_queue import QueueFilter, choices_in, counts_of, freshness_of, items_of, standing_of
from delivery.models import FeedbackFile
from discovery.domain.receive_upload import upload_blockers
from discovery.found import find_estate
from discovery.log_limit import LARGE_LOGS
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

    from engagements.models import Engagement

PER_PAGE = 25  # on a phone each is a card
FILES_SHOWN = 10


@require_safe
@login_required
def queue(request: HttpRequest, code: str) -> HttpResponse:
    return queue_page(request, find_estate(request, code), FeedbackFileForm())


def queue_page(request: HttpRequest, engagement: Engagement, form: FeedbackFileForm) -> HttpResponse:
    reader = reader_of(request)
    every, asked = items_of(engagement, reader), QueueFilter.read(request.GET)
    found = asked.apply(every)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    book = load_taxonomy().categories
    files = FeedbackFile.objects.visible_to(reader).filter(engagement=engagement).select_related("job")
    context = evidence_context(
        request,
        engagement,
        form=form,
        asked=asked,
        page=page,
        rows=[(item, book.get(item.category)) for item in page],
        counts=counts_of(found),
        kept=[(name, value) for name, value in asdict(asked).items() if value],
        is_filtered=asked != QueueFilter(),
        choices={name: choices_in(every, name) for name in ("category", "provider", "source", "kind")},
        freshness=freshness_of(engagement, reader),
        files=files[:FILES_SHOWN],
        columns=", ".join(USUAL),
        fields=", ".join(FIELDS),
        upload_reasons=upload_blockers(engagement),
    )
    return render(request, "delivery/feedback_queue.html", context, status=status_of(form))


@require_POST
@login_required
@takes_large_files(LARGE_LOGS)
def file_upload(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    require(reader_of(request), Permission.UPLOAD, engagement.organization)
    form = FeedbackFileForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_into(form):
            sent = form.cleaned_data["feedback"]
            receive_feedback(engagement, filename=sent.name, content_file=sent.file, actor=reader_of(request))
            messages.success(request, "The file is kept and is being read. What it holds stands here when it is read.")
            return redirect("feedback:queue", code)
    return queue_page(request, engagement, form)


@require_safe
@login_required
def export(request: HttpRequest, code: str, reader: str) -> StreamingHttpResponse:
    """What the filter leaves, in the columns that were asked for."""
    return exported(items_of(find_estate(request, code), reader_of(request)), reader, request.GET.dict())


@require_safe
@login_required
def item(request: HttpRequest, code: str, item: int) -> HttpResponse:
    engagement = find_estate(request, code)
    reader = reader_of(request)
    visible = items_of(engagement, reader).select_related("file", "taken_by")
    found = get_object_or_404(visible, pk=item)
    others = items_of(engagement, reader).filter(recipient__iexact=found.recipient).exclude(pk=found.pk)
    context = evidence_context(
        request,
        engagement,
        item=found,
        category=load_taxonomy().categories.get(found.category),
        others=others[:FILES_SHOWN] if found.recipient else [],
        suppression=standing_of(engagement, reader).filter(address=found.recipient.lower()).first(),
    )
    return render(request, "delivery/feedback_item.html", context)
