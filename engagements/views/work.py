"""Tasks, overrides, moves and the team."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.errors import Refused
from core.forms import refusals_into, status_of
from engagements import gates
from engagements.beside import said_beside_task
from engagements.domain.assign_team import assign_team
from engagements.domain.choose_target import choose_target
from engagements.domain.complete_task import (
    complete_task,
    needs_proof,
    reopen_task,
    require_completer,
    require_party,
)
from engagements.domain.override_check import override_check
from engagements.domain.perform import perform
from engagements.elsewhere import found_or_elsewhere
from engagements.forms import MoveForm, ReasonForm, TargetForm, TaskForm, TeamForm
from engagements.found import find_engagement, find_gate
from engagements.models import GateTask
from engagements.steps import STEPS
from engagements.views.overview import moves_for
from engagements.views.page_context import page_context


def _find_task(request: HttpRequest, code: str, pk: int) -> GateTask:
    visible = GateTask.objects.visible_to(reader_of(request)).select_related(
        "gate__engagement__organization", "done_by"
    )
    return found_or_elsewhere(visible, reader_of(request), code, gate__engagement__code=code, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def task(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Read a task; complete it when it is one's own side's."""
    found = _find_task(request, code, pk)
    form = TaskForm(request.POST or None, initial={"evidence": found.evidence}, needs_proof=needs_proof(found))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            complete_task(found, actor=reader_of(request), evidence=form.cleaned_data["evidence"])
            messages.success(request, f"“{found.title}” is completed.")
            return redirect("engagements:gate", code, found.gate.number)
    refusal = _why_not_theirs(found, reader_of(request))
    below = said_beside_task(found, reader_of(request))
    context = page_context(found.gate.engagement, task=found, gate=found.gate, form=form, refusal=refusal, below=below)
    return render(request, "engagements/task.html", context, status=status_of(form))


def _why_not_theirs(task: GateTask, reader: User) -> str:
    """Why this reader does not complete the task, or open it again; empty for whoever does."""
    try:
        (require_party if task.is_done else require_completer)(task, reader)
    except Refused as error:
        return str(error)
    return ""


@require_POST
@login_required
def task_reopen(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    found = reopen_task(_find_task(request, code, pk), actor=reader_of(request))
    messages.success(request, f"“{found.title}” is open again.")
    return redirect("engagements:task", code, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def override(request: HttpRequest, code: str, number: int, key: str) -> HttpResponse:
    gate = find_gate(request, code, number)
    require(reader_of(request), Permission.OVERRIDE_CHECK, gate.engagement.organization)
    result = next((found for found in gates.results(gate) if found.check.key == key), None)
    if result is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            override_check(gate, key=key, reason=form.cleaned_data["reason"], actor=reader_of(request))
            messages.success(
                request, f"“{result.check.title}” is passed by your decision; it is printed on the document."
            )
            return redirect("engagements:gate", code, number)
    context = page_context(gate.engagement, gate=gate, result=result, form=form)
    return render(request, "engagements/override.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def move(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Hold, resume, cancel, or advise to stay: a page that says what happens, then the act."""
    engagement = find_engagement(request, code)
    known = STEPS.get(step)
    if known is None or known.follows or known.subject != "engagement":
        raise Http404
    require(reader_of(request), known.permission, engagement.organization)
    form = MoveForm(request.POST or None)
    form.fields["note"].required = known.needs_note
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            moved = perform(step, engagement=engagement, actor=reader_of(request), note=form.cleaned_data["note"])
            messages.success(request, f"{engagement.code} is now at “{moved.get_phase_display()}”.")
            return redirect("engagements:detail", code)
    can_start = step in dict(moves_for(engagement, reader_of(request)))
    context = page_context(engagement, step=known, form=form, can_start=can_start)
    return render(request, "engagements/move.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team(request: HttpRequest, code: str) -> HttpResponse:
    """Who leads and who works on it. Consultants see the engagement from then on."""
    engagement = find_engagement(request, code)
    require(reader_of(request), Permission.STAFF, engagement.organization)
    initial = {"lead": engagement.lead, "consultants": engagement.consultants.all()}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            assign_team(engagement, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, "The team is set.")
            return redirect("engagements:detail", code)
    context = page_context(engagement, form=form)
    return render(request, "engagements/team.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def target(request: HttpRequest, code: str) -> HttpResponse:
    """Which MTA the engagement moves to, and why."""
    engagement = find_engagement(request, code)
    require(reader_of(request), Permission.FREEZE, engagement.organization)
    form = TargetForm(request.POST or None, initial={"target": engagement.target})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            chosen = choose_target(engagement, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"The target is {chosen.get_target_display()}.")
            return redirect("engagements:detail", code)
    context = page_context(engagement, form=form)
    return render(request, "engagements/target.html", context, status=status_of(form))
