"""The questionnaire as a file to fill in offline, and the way back in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.reader import reader_of
from core.downloads import attachment, spreadsheet
from core.forms import refusals_into, status_of
from discovery.answer_forms import AnswerFileForm
from discovery.domain.import_answers import LARGEST_FILE, import_answers
from discovery.domain.receive_upload import upload_blockers
from discovery.found import find_estate, find_to_answer
from discovery.questionnaire import questionnaire_of
from discovery.questions.exchange import Line, as_csv, as_yaml
from discovery.questions.values import Given
from discovery.views.answers import answers_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from discovery.questionnaire import Questionnaire


@require_safe
@login_required
def answers_csv(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    sheet = as_csv(lines_of(questionnaire_of(engagement, reader_of(request))))
    return spreadsheet(sheet, f"questionnaire-{engagement.code}.csv")


@require_safe
@login_required
def answers_yaml(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    text = as_yaml(lines_of(questionnaire_of(engagement, reader_of(request))))
    content = text.encode("utf-8", "replace")
    return attachment(content, "application/yaml; charset=utf-8", f"questionnaire-{engagement.code}.yaml")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answers_import(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_to_answer(request, code)
    is_sent = request.method == "POST"
    form = AnswerFileForm(request.POST, request.FILES) if is_sent else AnswerFileForm()
    if is_sent and form.is_valid():
        sent = form.cleaned_data["answers"]
        with refusals_into(form):
            changed = import_answers(
                engagement, actor=reader_of(request), filename=sent.name or "", content=sent.read(LARGEST_FILE + 1)
            )
            messages.success(request, f"{len(changed)} answer{'s' if len(changed) != 1 else ''} of {sent.name} saved.")
            return redirect("discovery:answers", code)
    shown = questionnaire_of(engagement, reader_of(request))
    context = answers_context(request, engagement, shown, form=form, upload_reasons=upload_blockers(engagement))
    return render(request, "discovery/answers_import.html", context, status=status_of(form))


def lines_of(shown: Questionnaire) -> list[Line]:
    return [
        Line(
            row.question,
            row.answer.given if row.answer else Given(),
            row.is_asked,
            row.answer.version if row.answer else 0,
        )
        for row in shown.rows
    ]
