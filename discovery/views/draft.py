"""What is typed about a finding and not saved yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.reader import reader_of
from discovery.domain.keep_draft import discard_draft, keep_draft
from discovery.forms import AnswerForm
from discovery.found import find_to_review
from discovery.review_queue import QueueFilter
from discovery.views.finding import answer_again

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_POST
@login_required
def finding_draft(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Kept while one types, without another page; or by its button."""
    finding = find_to_review(request, code, number)
    form = AnswerForm(request.POST, auto_id="answer_%s")
    if not form.is_valid():
        return answer_again(request, finding, form)
    keep_draft(finding, actor=reader_of(request), version=form.cleaned_data["version"], answer=form.answer())
    if request.headers.get("X-Requested-With") == "draft":
        return HttpResponse(status=204)
    messages.success(request, f"Your draft on {finding.reference} is kept. Only you see it.")
    return redirect(_url(request, code, number))


@require_POST
@login_required
def finding_draft_discard(request: HttpRequest, code: str, number: int) -> HttpResponse:
    finding = find_to_review(request, code, number)
    discard_draft(finding, actor=reader_of(request))
    messages.success(request, f"Your draft on {finding.reference} is gone. What stands here is saved.")
    return redirect(_url(request, code, number))


def _url(request: HttpRequest, code: str, number: int) -> str:
    kept = QueueFilter.read(QueryDict(request.POST.get("filters", "")), state="all")
    return f"{reverse('discovery:finding', args=[code, number])}?{kept.query}#answer"
