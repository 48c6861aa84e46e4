"""The questionnaire as the consultants judge it: answers beside what was read and measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from discovery.answer_forms import ReturnForm, SheetVersionForm
from discovery.domain.judge_answers import accept_answers, return_answers
from discovery.models import AnswerSheet
from discovery.questionnaire import questionnaire_of
from discovery.views.answers import answers_context, answers_page
from discovery.views.found import find_reviewed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answers_review(request: HttpRequest, code: str) -> HttpResponse:
    """Return the questionnaire with notes; what was typed stays when it is refused."""
    engagement = find_reviewed(request, code)
    shown = questionnaire_of(engagement, reader_of(request))
    is_sent = request.method == "POST"
    form = ReturnForm(
        request.POST if is_sent else None,
        rows=[row for row in shown.asked if row.answer],
        initial={"version": shown.version},
    )
    if is_sent and form.is_valid():
        with refusals_into(form):
            version, notes = form.cleaned_data["version"], form.notes()
            return_answers(engagement, actor=reader_of(request), version=version, notes=notes)
            messages.success(request, "The questionnaire is returned. Who may answer it has mail.")
            return redirect("discovery:questionnaire", code)
    sections = [
        (rows.section, [(row, form.note_of(row) if row.answer else None) for row in rows.asked])
        for rows in shown.sections
    ]
    context = answers_context(
        request,
        engagement,
        shown,
        form=form,
        review=sections,
        may_judge=shown.state == AnswerSheet.State.SUBMITTED,
    )
    return render(request, "discovery/answers_review.html", context, status=status_of(form))


@require_POST
@login_required
def answers_accept(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_reviewed(request, code)
    form = SheetVersionForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            accept_answers(engagement, actor=reader_of(request), version=form.cleaned_data["version"])
            messages.success(request, "The questionnaire is accepted and its answers are locked.")
            return redirect("discovery:answers", code)
    return answers_page(request, engagement, form)
