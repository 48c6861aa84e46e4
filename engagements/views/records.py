"""Documents, questions and the history of an engagement."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.reader import reader_of
from core.audit import describe
from core.components import HistoryRow
from core.downloads import attachment
from core.forms import refusals_into, status_of
from core.history import acts_in, runs_in
from core.models import AuditEvent
from engagements.domain.ask_question import answer_question, ask_question, resolve_question
from engagements.domain.export_evidence import export_evidence
from engagements.elsewhere import found_or_elsewhere
from engagements.forms import QuestionForm, ReplyForm
from engagements.found import find_engagement
from engagements.models import FrozenDocument, Question
from engagements.records import document_rows, require_readable, shows_origin, told_events
from engagements.views.page_context import page_context

EVENTS_PER_PAGE = 50


@require_safe
@login_required
def documents(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_engagement(request, code)
    rows = document_rows(reader_of(request), engagement)
    context = page_context(engagement, documents=[row.document for row in rows], rows=rows)
    return render(request, "engagements/documents.html", context)


@require_safe
@login_required
def document_pdf(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The stored bytes, exactly as they were frozen."""
    visible = FrozenDocument.objects.visible_to(reader_of(request)).select_related(
        "engagement__organization", "engagement__lead"
    )
    document = found_or_elsewhere(visible, reader_of(request), code, engagement__code=code, pk=pk)
    require_readable(document, reader_of(request))
    response = HttpResponse(bytes(document.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.filename}"'
    response["ETag"] = f'"{document.digest}"'
    return response


@require_POST
@login_required
def evidence_pack(request: HttpRequest, code: str) -> HttpResponse:
    """Taking the ledger away is an act of its own, so it is posted."""
    engagement = find_engagement(request, code)
    pack = export_evidence(engagement, actor=reader_of(request))
    return attachment(pack.content, "application/zip", f"{engagement.code}-evidence.zip")


@require_safe
@login_required
def history(request: HttpRequest, code: str) -> HttpResponse:
    engagement, reader = find_engagement(request, code), reader_of(request)
    events = told_events(reader, engagement).select_related("origin").order_by("-sequence")
    page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [_run_row(run, reader) for run in runs_in(acts_in(page))]
    return render(request, "engagements/history.html", page_context(engagement, page=page, rows=rows))


def _run_row(run: list[list[AuditEvent]], reader: User) -> HistoryRow:
    first, *again = (_history_row(act, reader) for act in run)
    return replace(first, again=tuple(again))


def _history_row(act: list[AuditEvent], reader: User) -> HistoryRow:
    """The event that an act began with; what it brought with it stands beneath."""
    first, *rest = (_told(event, is_told=shows_origin(reader, event)) for event in act)
    return replace(first, also=tuple(rest))


def _told(event: AuditEvent, *, is_told: bool) -> HistoryRow:
    origin = getattr(event, "origin", None) if is_told else None
    return HistoryRow(
        at=event.at,
        sentence=describe(event),
        origin=f"from {origin.ip_address}" if origin and origin.ip_address else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def questions(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_engagement(request, code)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            question = ask_question(engagement, actor=reader_of(request), **form.cleaned_data)
            return redirect("engagements:question", code, question.number)
    rows = Question.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    rows = rows.select_related("asked_by", "resolved_by").prefetch_related("replies")
    context = page_context(engagement, questions=rows, form=form)
    return render(request, "engagements/questions.html", context, status=status_of(form))


def _find_question(request: HttpRequest, code: str, number: int) -> Question:
    visible = Question.objects.visible_to(reader_of(request)).select_related("engagement__organization", "asked_by")
    return found_or_elsewhere(visible, reader_of(request), code, engagement__code=code, number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = _find_question(request, code, number)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            answer_question(found, actor=reader_of(request), text=form.cleaned_data["text"])
            return redirect("engagements:question", code, number)
    replies = found.replies.select_related("written_by")
    context = page_context(found.engagement, question=found, replies=replies, form=form)
    return render(request, "engagements/question.html", context, status=status_of(form))


@require_POST
@login_required
def question_resolve(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = _find_question(request, code, number)
    resolve_question(found, actor=reader_of(request))
    messages.success(request, f"{found.heading} is closed.")
    return redirect("engagements:questions", code)
