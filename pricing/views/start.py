"""A request from the website: no account, one step a page, everything kept under a link that nobody can guess."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.forms import refusals_into, status_of
from core.wording import told
from pricing.calculation.proposal import work_out
from pricing.content import offer_content, sized_on
from pricing.domain.keep_intake import begin_intake, keep_step
from pricing.domain.send_intake import send_intake
from pricing.in_force import book_now
from pricing.start_forms import AboutForm
from pricing.start_steps import ABOUT, CALL, CHECK, FORMS, STEPS, TITLES, Reading, next_step, words_of
from pricing.views.start_call import call_step
from pricing.views.start_found import haste, of_visitor, place_of, steps_beside

if TYPE_CHECKING:
    from django import forms

    from pricing.models import Intake

_PAGE = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(_PAGE)
def begin(request: HttpRequest) -> HttpResponse:
    """What this is, and the first step. A row begins with the first words that are sent."""
    form = AboutForm(
        request.POST if request.method == "POST" else None, initial={"time_zone": settings.CONSULTANCY["time_zone"]}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            haste(request, "start")
            token = begin_intake(step=ABOUT, typed=words_of(ABOUT, request.POST.dict()))
            return redirect("start:step", token, next_step(ABOUT))
    return render(request, "pricing/start/step.html", {"form": form, **place_of(ABOUT)}, status=status_of(form))


@never_cache
@require_http_methods(_PAGE)
def step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """One step. What is sent is kept as it was typed, also when it cannot be right."""
    if step not in STEPS:
        raise Http404
    return _step(request, token, step=step)


@of_visitor
def _step(request: HttpRequest, intake: Intake, token: str, step: str) -> HttpResponse:
    if step == CALL:
        return call_step(request, intake, token)
    if intake.is_sent:
        return redirect("start:request", token)
    form: forms.Form = FORMS[step](_typed_for(request, intake, step))
    if request.method == "POST":
        with refusals_into(form):
            haste(request, "start_step")
            intake = keep_step(token, step=step, typed=words_of(step, request.POST.dict()))
            if form.is_valid():
                return redirect(_after(intake, token, step))
    status = status_of(form) if request.method == "POST" else 200
    context = {"form": form, **place_of(step), **steps_beside(Reading(intake), token, step)}
    return render(request, "pricing/start/step.html", context, status=status)


def _typed_for(request: HttpRequest, intake: Intake, step: str) -> dict[str, Any] | None:
    return words_of(step, request.POST.dict()) if request.method == "POST" else intake.step(step)


def _after(intake: Intake, token: str, step: str) -> str:
    """Whoever came from the check goes back to it once nothing is open; others go on."""
    following = next_step(step)
    open_steps = Reading(intake).open_steps
    if following == CHECK or not open_steps:
        return reverse("start:check", args=[token])
    return reverse("start:step", args=[token, following])


@never_cache
@require_http_methods(_PAGE)
@of_visitor
def check(request: HttpRequest, intake: Intake, token: str) -> HttpResponse:
    """Every answer, what they lead to, and the button that sends them."""
    if intake.is_sent:
        return redirect("start:request", token)
    reading = Reading(intake)
    first = reading.forms.get(ABOUT, AboutForm())
    is_sent = request.method == "POST"
    if is_sent and not reading.open_steps:
        with refusals_into(first):
            haste(request, "start")
            send_intake(token, asked=reading.asked())
            return redirect("start:request", token)
    context = _check_context(reading, token) | {"first": first}
    return render(request, "pricing/start/check.html", context, status=status_of(first) if is_sent else 200)


def _check_context(reading: Reading, token: str) -> dict[str, Any]:
    points, book = reading.points, book_now()
    proposal = work_out(points, book)
    return {
        **steps_beside(reading, token, CHECK),
        "reading": reading,
        "answers": list(zip(STEPS[1:5], sized_on(points), strict=True)),
        "open_steps": [(step, TITLES[step]) for step in reading.open_steps],
        "wished": told(reading.wished) if reading.wished else "",
        "proposal": proposal,
        "offer": offer_content(proposal, book),
        "missing": points.missing,
        **place_of(CHECK),
    }
