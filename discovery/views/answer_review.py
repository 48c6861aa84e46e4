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
from discovery.found import find_reviewed
from discovery.models import AnswerSheet
from discovery.questionnaire import questionnaire_of
from discovery.views.answers import answers_context, answers_page

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.http import HttpRequest, HttpResponse

    from discovery.questionnaire import AnswerRow, Questionnaire
    from discovery.questions.book import Section


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answers_review(request: HttpRequest, code: str) -> HttpResponse:
    """Return the questionnaire with notes; what was typed stays when it is refused."""
    engagement = find_reviewed(request, code)
    shown = questionnaire_of(engagement, reader_of(request))
    rows = [row for row in shown.asked if row.answer]
    typed = request.POST if request.method == "POST" else None
    form = ReturnForm(typed, rows=rows, initial={"version": shown.version})
    if form.is_bound and form.is_valid():
        with refusals_into(form):
            version, notes = form.cleaned_data["version"], form.notes()
            return_answers(engagement, actor=reader_of(request), version=version, notes=notes)
            messages.success(request, "The questionnaire is returned. Who may answer it has mail.")
            return redirect("discovery:questionnaire", code)
    context = answers_context(request, engagement, shown, form=form, review=_beside(shown, form))
    may_judge = shown.state == AnswerSheet.State.SUBMITTED
    return render(request, "discovery/answers_review.html", context | {"may_judge": may_judge}, status=status_of(form))


def _beside(shown: Questionnaire, form: ReturnForm) -> list[tuple[Section, list[tuple[AnswerRow, BoundField | None]]]]:
    """Each asked question of each section with the field of its note; None where there is no answer to return."""
    return [
        (rows.section, [(row, form.note_of(row) if row.answer else None) for row in rows.asked])
        for rows in shown.sections
    ]


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
