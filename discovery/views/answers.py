"""The questionnaire as the customer's people answer it, and as everybody who sees the evidence reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, allowed
from accounts.reader import reader_of
from core.components import Status, StatusKind, Task
from core.forms import refusals_into, status_of
from discovery.answer_forms import SectionForm, SheetVersionForm
from discovery.domain.save_answers import AnswersDiffer, SuggestionMoved, save_answers
from discovery.domain.submit_answers import submission_blockers, submit_answers
from discovery.found import find_estate, find_to_answer
from discovery.models import AnswerRevision, AnswerSheet
from discovery.questionnaire import questionnaire_of
from discovery.questions.values import given_text
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from discovery.domain.save_answers import Differing
    from discovery.questionnaire import Questionnaire, SectionRows
    from engagements.models import Engagement


@require_safe
@login_required
def questionnaire(request: HttpRequest, code: str) -> HttpResponse:
    """The sections and how far each has come."""
    engagement = find_estate(request, code)
    shown = questionnaire_of(engagement, reader_of(request))
    context = answers_context(request, engagement, shown)
    return render(request, "discovery/questionnaire.html", context | {"tasks": _tasks(request, engagement, shown)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer_section(request: HttpRequest, code: str, section: str) -> HttpResponse:
    engagement = find_to_answer(request, code)
    shown = questionnaire_of(engagement, reader_of(request))
    rows = shown.section(section)
    if rows is None:
        raise Http404
    if not shown.is_open:
        return redirect("discovery:answers", code)
    form = SectionForm(request.POST if request.method == "POST" else None, rows=rows.asked)
    differing: list[Differing] = []
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            try:
                changed = save_answers(engagement, actor=reader_of(request), written=form.written())
            except SuggestionMoved:
                form.untick()
                raise
            except AnswersDiffer as error:
                differing = error.differing
                form.show_versions({each.question.id: each.theirs for each in differing})
                raise
            return _after_saving(request, engagement, rows, len(changed))
    context = answers_context(request, engagement, shown, rows=rows, form=form, differing=_sides(differing))
    return render(request, "discovery/answer_section.html", context, status=status_of(form))


@require_safe
@login_required
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """All answers to read and check; who may, changes or submits them from here."""
    engagement = find_estate(request, code)
    return answers_page(request, engagement, SheetVersionForm())


@require_POST
@login_required
def answers_submit(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_to_answer(request, code)
    form = SheetVersionForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            submit_answers(engagement, actor=reader_of(request), version=form.cleaned_data["version"])
            return redirect("discovery:answers_receipt", code)
    return answers_page(request, engagement, form)


def answers_page(request: HttpRequest, engagement: Engagement, form: SheetVersionForm) -> HttpResponse:
    shown = questionnaire_of(engagement, reader_of(request))
    blockers = [] if form.errors else submission_blockers(shown)
    open_count = shown.open_count if blockers else 0
    context = answers_context(request, engagement, shown, form=form, blockers=blockers, open_count=open_count)
    return render(request, "discovery/answers.html", context, status=status_of(form))


@require_safe
@login_required
def answers_receipt(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    shown = questionnaire_of(engagement, reader_of(request))
    if shown.sheet is None or not shown.sheet.was_submitted:
        return redirect("discovery:questionnaire", code)
    return render(request, "discovery/answers_receipt.html", answers_context(request, engagement, shown))


@require_safe
@login_required
def answer(request: HttpRequest, code: str, question: str) -> HttpResponse:
    """One question with everything that was ever answered to it."""
    engagement = find_estate(request, code)
    shown = questionnaire_of(engagement, reader_of(request))
    row = shown.find(question)
    if row is None:
        raise Http404
    revisions = AnswerRevision.objects.visible_to(reader_of(request)).select_related("answered_by")
    history = [
        (revision, given_text(row.question, revision.given))
        for revision in revisions.filter(answer=row.answer).order_by("-version")
    ]
    context = answers_context(request, engagement, shown, row=row, history=history)
    return render(request, "discovery/answer.html", context)


def answers_context(request: HttpRequest, engagement: Engagement, shown: Questionnaire, **more: Any) -> dict[str, Any]:
    may_answer = bool(allowed(reader_of(request), Permission.ANSWER_TASK, engagement.organization))
    return evidence_context(
        request,
        engagement,
        questionnaire=shown,
        may_answer=may_answer,
        may_write=may_answer and shown.is_open,
        state=state_of(shown, engagement, is_customer=may_answer),
        **more,
    )


def state_of(shown: Questionnaire, engagement: Engagement, *, is_customer: bool) -> Status:
    """The questionnaire's status from the reader's side."""
    if shown.state == AnswerSheet.State.ACCEPTED:
        return Status(StatusKind.COMPLETED, label="Accepted")
    if shown.state == AnswerSheet.State.SUBMITTED:
        return Status(StatusKind.WAITING, party="the consultants", is_reader=not is_customer)
    return Status(StatusKind.WAITING, party=engagement.organization.name, is_reader=is_customer)


def _tasks(request: HttpRequest, engagement: Engagement, shown: Questionnaire) -> list[Task]:
    may_write = shown.is_open and allowed(reader_of(request), Permission.ANSWER_TASK, engagement.organization)
    tasks = []
    for rows in shown.sections:
        slug = rows.section.slug
        page = reverse("discovery:answer_section", args=[engagement.code, slug])
        read = reverse("discovery:answers", args=[engagement.code]) + f"#{slug}"
        tasks.append(
            Task(
                rows.section.title,
                _status_of(rows),
                who=f"{rows.answered_count} of {len(rows.asked)} answered",
                url=page if may_write else read,
                reason=_returned_text(rows),
            )
        )
    return tasks


def _status_of(rows: SectionRows) -> Status:
    if rows.returned:
        return Status(StatusKind.PROBLEM, label="Returned")
    if rows.is_complete:
        return Status(StatusKind.COMPLETED)
    return Status(StatusKind.IN_PROGRESS if rows.answered_count else StatusKind.NOT_STARTED)


def _returned_text(rows: SectionRows) -> str:
    count = len(rows.returned)
    return f"{count} answer{'s' if count != 1 else ''} came back with a note" if count else ""


def _after_saving(request: HttpRequest, engagement: Engagement, before: SectionRows, changed: int) -> HttpResponse:
    """On to the next section that is open, or stay where an answer has led to further questions."""
    shown = questionnaire_of(engagement, reader_of(request))
    here = shown.section(before.section.slug)
    known = {row.question.id for row in before.asked}
    further = [row for row in here.asked if row.question.id not in known] if here else []
    saved = f"{changed} answer{'s' if changed != 1 else ''} saved." if changed else "Nothing had changed."
    if further:
        count = f"{len(further)} more question{'s follow' if len(further) != 1 else ' follows'}"
        messages.success(request, f"{saved} {count} from what you answered.")
        return redirect("discovery:answer_section", engagement.code, before.section.slug)
    messages.success(request, saved)
    if following := _next_open(shown, before.section.slug):
        return redirect("discovery:answer_section", engagement.code, following)
    return redirect("discovery:answers", engagement.code)


def _next_open(shown: Questionnaire, slug: str) -> str:
    """The next section with something to answer, after this one and then from the start; empty when all is answered."""
    slugs = [rows.section.slug for rows in shown.sections]
    here = slugs.index(slug) + 1
    by_slug = {rows.section.slug: rows for rows in shown.sections}
    order = [*slugs[here:], *slugs[:here]]
    return next((each for each in order if by_slug[each].returned or not by_slug[each].is_complete), "")


def _sides(differing: list[Differing]) -> list[dict[str, Any]]:
    return [
        {
            "ask": each.question.ask,
            "who": each.theirs.answered_by,
            "at": each.theirs.answered_at,
            "theirs": given_text(each.question, each.theirs.given),
            "mine": given_text(each.question, each.mine),
        }
        for each in differing
    ]
