"""Training of an engagement: the sessions with the hours, each with who came and what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, allowed, is_staff, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from discovery.found import find_estate
from discovery.views.page_context import evidence_context
from engagements.today import today_of
from pricing.balance import balances_of, duration_text
from reports.domain.note_attendance import note_attendance, note_exercise
from reports.domain.plan_training import cancel_training, note_training_held, plan_training
from reports.training_book import exercise_for
from reports.training_forms import AttendanceForm, CancelForm, ExerciseForm, HeldForm, PlanForm
from reports.training_found import find_session, find_worked_session
from reports.training_state import balance_of, sessions_of, status_of_session, trainees_of, when_text

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement
    from reports.models import TrainingSession


@require_safe
@login_required
def training(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    sessions = list(sessions_of(engagement).visible_to(reader_of(request)))
    trainees = trainees_of(engagement, sessions)
    context = _context(
        request,
        engagement,
        sessions=[_row(session) for session in sessions],
        balance=balance_of(engagement, sessions),
        other_balances=balances_of(engagement),
        trainees=trainees,
        reasons=[reason for trainee in trainees for reason in trainee.reasons],
    )
    return render(request, "reports/training.html", context)


def _row(session: TrainingSession) -> dict[str, Any]:
    ending = session.ending
    minutes = ending.minutes if ending and ending.minutes else session.minutes
    return {
        "session": session,
        "when": when_text(session),
        "duration": duration_text(minutes),
        "status": status_of_session(session),
    }


def _context(request: HttpRequest, engagement: Engagement, **more: Any) -> dict[str, Any]:
    may_work = bool(allowed(reader_of(request), Permission.WORK_TASK, engagement.organization))
    return evidence_context(request, engagement, may_work=may_work, **more)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def plan(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    reader = reader_of(request)
    require(reader, Permission.WORK_TASK, engagement.organization)
    initial = {"day": today_of(engagement), "trainer": reader.email}
    form = PlanForm(request.POST or None, engagement=engagement, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            session = plan_training(engagement, plan=form.plan(), actor=reader)
            messages.success(request, f"Planned: {session}.")
            return redirect("training:session", code, session.number)
    return render(
        request, "reports/training_plan.html", _context(request, engagement, form=form), status=status_of(form)
    )


@require_safe
@login_required
def session(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return _page(request, find_session(request, code, number))


def _page(request: HttpRequest, session: TrainingSession, **sent: Form) -> HttpResponse:
    """`sent` are forms that were refused, in the place of empty ones."""
    reader = reader_of(request)
    came = {one.person_id for one in session.attendances.all()}
    has_begun = session.starts_at <= timezone.now()
    is_open = has_begun and not session.is_cancelled
    forms = {
        "held_form": HeldForm(initial={"minutes": session.minutes}),
        "cancel_form": CancelForm(),
        "attend_form": AttendanceForm(session=session, is_trainer=True),
        "own_form": AttendanceForm(session=session, is_trainer=False),
        "exercise_form": ExerciseForm(session=session, initial={"task": exercise_for(session.title)}),
    }
    context = _context(
        request,
        session.engagement,
        **_row(session),
        **(forms | sent),
        ending=session.ending,
        is_open=is_open,
        has_begun=has_begun,
        came=bool(came),
        is_trainer=reader == session.trainer,
        can_confirm=is_open and not is_staff(reader) and reader.pk not in came,
    )
    return render(request, "reports/training_session.html", context, status=status_of(*sent.values()))


@require_POST
@login_required
def held(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = find_worked_session(request, code, number)
    form = HeldForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            note_training_held(found, minutes=form.cleaned_data["minutes"], actor=reader_of(request))
            messages.success(request, "Noted as held.")
            return redirect("training:session", code, number)
    return _page(request, found, held_form=form)


@require_POST
@login_required
def cancel(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = find_worked_session(request, code, number)
    form = CancelForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            cancel_training(found, reason=form.cleaned_data["reason"], actor=reader_of(request))
            messages.success(request, "Cancelled. It stays on the list with the reason.")
            return redirect("training:session", code, number)
    return _page(request, found, cancel_form=form)


@require_POST
@login_required
def attend(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found, reader = find_session(request, code, number), reader_of(request)
    form = AttendanceForm(request.POST, session=found, is_trainer=is_staff(reader))
    if form.is_valid():
        with refusals_into(form):
            attendance = note_attendance(found, person=form.cleaned_data["person"] or reader, actor=reader)
            messages.success(request, f"Noted: {attendance.person} came.")
            return redirect("training:session", code, number)
    return _page(request, found, **{"attend_form" if reader == found.trainer else "own_form": form})


@require_POST
@login_required
def exercise(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = find_worked_session(request, code, number)
    form = ExerciseForm(request.POST, session=found)
    if form.is_valid():
        told = form.cleaned_data
        with refusals_into(form):
            note_exercise(
                found, person=told["trainee"], task=told["task"], result=told["result"], actor=reader_of(request)
            )
            messages.success(request, f"The exercise of {told['trainee']} is noted.")
            return redirect("training:session", code, number)
    return _page(request, found, exercise_form=form)
