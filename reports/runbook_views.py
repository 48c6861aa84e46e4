"""Runbooks of an engagement: the list, each with its steps, who approved and read it, its drills, and copies of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import EITHER_SIDE, Permission, allowed, allowed_any, require, require_any
from accounts.reader import reader_of
from core.counting import counted
from core.forms import refusals_into, status_of
from core.models import Job
from discovery.found import find_estate
from discovery.views.page_context import evidence_context
from reports.domain.approve_runbook import acknowledge_runbook, approve_runbook, note_drill, party_of
from reports.domain.approve_several import approve_runbooks
from reports.domain.draw_up_runbooks import draw_up_runbooks, note_runbook_fact
from reports.domain.request_runbook_paper import DRAW_RUNBOOK, request_runbook_paper
from reports.models import RunbookDrill, RunbookPaper
from reports.runbook_copies import markdown_copy, pdf_copy
from reports.runbook_facts import noted_facts
from reports.runbook_forms import ChosenForm, DrillForm, FactForm
from reports.runbook_found import find_paper, find_revision, find_runbook, seen_revision, tried_revision
from reports.runbook_state import has_read, missing_facts, states_of
from reports.runbooks.book import asks
from reports.sheets.composing import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from engagements.models import Engagement
    from reports.models import RunbookRevision
    from reports.runbook_state import RunbookState


@require_safe
@login_required
def runbooks(request: HttpRequest, code: str) -> HttpResponse:
    return _list(request, find_estate(request, code), None)


def _list(request: HttpRequest, engagement: Engagement, form: ChosenForm | None) -> HttpResponse:
    states = states_of(engagement)
    missing, to_approve = missing_facts(states), _to_approve(states, reader_of(request))
    context = _context(
        request,
        engagement,
        states=states,
        holding=sum(not state.reasons for state in states),
        missing=[asks()[name] for name in missing if name in asks()],
        noted=[asks()[name] for name in noted_facts(engagement) if name not in missing],
        can_draw_up=any(state.may_be_drawn_up for state in states),
        retold=[state for state in states if state.may_be_drawn_up and state.is_in_another_language],
        to_approve=to_approve,
        form=form,
        ticked=_ticked_in(request, to_approve["read"]),
    )
    return render(request, "reports/runbooks.html", context, status=status_of(form) if form else 200)


def _ticked_in(request: HttpRequest, offered: Sequence[RunbookState]) -> set[str]:
    """All at first; then what was sent, and nothing of another revision than the one that was on screen."""
    boxes = {(state.runbook.key, state.revision.digest) for state in offered if state.revision}
    if request.method == "POST":
        boxes &= {(key, digest) for key, _, digest in _ticked(request)}
    return {key for key, _ in boxes}


def _to_approve(states: Sequence[RunbookState], reader: User) -> dict[str, list[RunbookState]]:
    """What waits for the reader's side, apart by whether the reader has said that they read it."""
    waiting = [state for state in states if state.may_be_approved and party_of(reader) in state.waits_for]
    read = [state for state in waiting if state.revision and has_read(state.revision, reader)]
    return {"read": read, "unread": [state for state in waiting if state not in read]}


def _context(request: HttpRequest, engagement: Engagement, **more: Any) -> dict[str, Any]:
    reader, organization = reader_of(request), engagement.organization
    return evidence_context(
        request,
        engagement,
        may_work=bool(allowed(reader, Permission.WORK_TASK, organization)),
        may_note=allowed_any(reader, EITHER_SIDE, organization),
        may_approve=bool(allowed(reader, Permission.APPROVE_RUNBOOK, organization)),
        **more,
    )


@require_POST
@login_required
def draw_up(request: HttpRequest, code: str) -> HttpResponse:
    drawn = draw_up_runbooks(find_estate(request, code), actor=reader_of(request))
    messages.success(request, f"{counted(len(drawn), 'runbook was', 'runbooks were')} drawn up.")
    return redirect("runbooks:list", code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def fact(request: HttpRequest, code: str, fact: str) -> HttpResponse:
    engagement = find_estate(request, code)
    require_any(reader_of(request), EITHER_SIDE, engagement.organization)
    if fact not in asks():
        raise Http404("no such fact")
    now = noted_facts(engagement).get(fact, "")
    form = FactForm(request.POST or None, ask=asks()[fact], initial={"value": now})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            note_runbook_fact(engagement, key=fact, value=form.cleaned_data["value"], actor=reader_of(request))
            messages.success(request, "Noted. Runbooks that name it can be drawn up.")
            return redirect("runbooks:list", code)
    context = _context(request, engagement, form=form, ask=asks()[fact])
    return render(request, "reports/runbook_fact.html", context, status=status_of(form))


@require_safe
@login_required
def runbook(request: HttpRequest, code: str, runbook: str) -> HttpResponse:
    return _page(request, find_runbook(request, code, runbook), None)


def _page(request: HttpRequest, state: RunbookState, form: DrillForm | None) -> HttpResponse:
    """The newest revision as it was drawn up; before the first, what it would say now."""
    revision, reader = state.revision, reader_of(request)
    drills = RunbookDrill.objects.visible_to(reader).select_related("revision", "noted_by")
    content = revision.content if revision else state.filled.content
    context = _context(
        request,
        state.engagement,
        state=state,
        revision=revision,
        content=content,
        words=words_of(content),
        form=form or DrillForm(newest=_newest(state)),
        drills=drills.filter(revision__engagement=state.engagement, revision__key=state.runbook.key),
        missing=[asks()[name] for name in state.filled.missing if name in asks()],
        has_read=bool(revision and has_read(revision, reader)),
        is_theirs=party_of(reader) in state.waits_for,
        paper=_paper_of(request, revision),
        job=Job.objects.of(revision).filter(kind=DRAW_RUNBOOK).first() if revision else None,
    )
    return render(request, "reports/runbook.html", context, status=status_of(form) if form else 200)


def _newest(state: RunbookState) -> int:
    return state.revision.number if state.revision else 0


def _paper_of(request: HttpRequest, revision: RunbookRevision | None) -> RunbookPaper | None:
    """Without its bytes, which only the download needs."""
    if revision is None:
        return None
    papers = RunbookPaper.objects.visible_to(reader_of(request)).up_to_date(revision).defer("pdf")
    found: RunbookPaper | None = papers.first()
    return found


@require_POST
@login_required
def approve_chosen(request: HttpRequest, code: str) -> HttpResponse:
    """Each box that was ticked names a runbook and the digest that was on screen."""
    engagement = find_estate(request, code)
    require(reader_of(request), Permission.APPROVE_RUNBOOK, engagement.organization)
    form = ChosenForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            seen = {key: digest for key, _, digest in _ticked(request)}
            approvals = approve_runbooks(engagement, seen=seen, actor=reader_of(request))
            messages.success(request, f"{counted(len(approvals), 'runbook was', 'runbooks were')} approved.")
            return redirect("runbooks:list", code)
    return _list(request, engagement, form)


def _ticked(request: HttpRequest) -> list[tuple[str, str, str]]:
    return [value.partition(":") for value in request.POST.getlist("runbook")]


@require_POST
@login_required
def approve(request: HttpRequest, code: str, runbook: str) -> HttpResponse:
    state = find_runbook(request, code, runbook)
    require(reader_of(request), Permission.APPROVE_RUNBOOK, state.engagement.organization)
    revision = _seen(request, state)
    approve_runbook(revision, actor=reader_of(request))
    messages.success(request, f"Approved: {revision}.")
    return redirect("runbooks:runbook", code, runbook)


@require_POST
@login_required
def acknowledge(request: HttpRequest, code: str, runbook: str) -> HttpResponse:
    revision = _seen(request, find_runbook(request, code, runbook))
    acknowledge_runbook(revision, actor=reader_of(request))
    messages.success(request, f"Recorded: you read {revision}.")
    return redirect("runbooks:runbook", code, runbook)


def _seen(request: HttpRequest, state: RunbookState) -> RunbookRevision:
    return seen_revision(state, str(request.POST.get("digest", "")))


@require_POST
@login_required
def drill(request: HttpRequest, code: str, runbook: str) -> HttpResponse:
    state = find_runbook(request, code, runbook)
    require_any(reader_of(request), EITHER_SIDE, state.engagement.organization)
    form = DrillForm(request.POST, newest=_newest(state))
    if form.is_valid():
        with refusals_into(form):
            told = dict(form.cleaned_data)
            note_drill(tried_revision(request, state, told.pop("revision")), actor=reader_of(request), **told)
            messages.success(request, "The drill is noted.")
            return redirect("runbooks:runbook", code, runbook)
    return _page(request, state, form)


@require_POST
@login_required
def paper(request: HttpRequest, code: str, runbook: str) -> HttpResponse:
    request_runbook_paper(_seen(request, find_runbook(request, code, runbook)), actor=reader_of(request))
    return redirect("runbooks:runbook", code, runbook)


@require_safe
@login_required
def pdf(request: HttpRequest, code: str, runbook: str, revision: int) -> HttpResponse:
    return pdf_copy(find_paper(request, find_revision(request, code, runbook, revision)))


@require_safe
@login_required
def markdown(request: HttpRequest, code: str, runbook: str, revision: int) -> HttpResponse:
    return markdown_copy(find_revision(request, code, runbook, revision))
