"""Which MTA, and why: the sum with who said what, one page an answer, and the published method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission, allowed, require, require_any
from accounts.reader import reader_of
from core.errors import Conflict
from core.forms import move_to_version, refusals_into, status_of
from core.history import history_about
from discovery.domain.answer_selection import VOICES, answer_selection, dispute_selection, may_answer
from discovery.selection.method import all_methods, method_of, method_on
from discovery.selection_forms import DisputeForm, SelectionForm
from discovery.selection_page import selection_of
from discovery.statistics import portfolio_statistics
from engagements.found import find_engagement
from engagements.views.page_context import page_context

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse, QueryDict

    from discovery.models import SelectionAnswer
    from discovery.selection_page import SelectionRow
    from engagements.models import Engagement


@require_safe
@login_required
def selection(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_engagement(request, code)
    found = selection_of(engagement, reader_of(request))
    context = page_context(
        engagement,
        found=found,
        statistics=portfolio_statistics(),
        may_answer=may_answer(reader_of(request), engagement),
        may_read_costs=bool(allowed(reader_of(request), Permission.VIEW_QUOTE, engagement.organization)),
    )
    return render(request, "discovery/selection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def selection_answer(request: HttpRequest, code: str, variable: str) -> HttpResponse:
    """One variable: its answer, and the form for those who may give it."""
    engagement = find_engagement(request, code)
    row = _find_row(request, engagement, variable)
    form = SelectionForm(_typed(request), variable=row.step.variable, initial=_initial(row.answer))
    if request.method == "POST":
        require_any(reader_of(request), VOICES, engagement.organization)
        if form.is_valid():
            with refusals_into(form):
                answer_selection(engagement, variable=variable, text=form.text(), actor=reader_of(request))
                messages.success(request, f"“{row.step.variable.label}” is answered.")
                return redirect("discovery:selection", code)
    return _page(request, engagement, variable, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def selection_dispute(request: HttpRequest, code: str, variable: str) -> HttpResponse:
    """Say that an answer is wrong. The answer stays until somebody answers again."""
    engagement = find_engagement(request, code)
    row = _find_row(request, engagement, variable)
    require(reader_of(request), Permission.ASK, engagement.organization)
    form = DisputeForm(_typed(request), initial={"version": row.answer.version if row.answer else 0})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            dispute_selection(engagement, variable=variable, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"“{row.step.variable.label}” is disputed. The consultants see it here.")
            return redirect("discovery:selection", code)
    return _page(request, engagement, variable, dispute_form=form)


def _page(
    request: HttpRequest,
    engagement: Engagement,
    variable: str,
    *,
    form: SelectionForm | None = None,
    dispute_form: DisputeForm | None = None,
) -> HttpResponse:
    """Both forms of an answer. After a conflict they are about the version that is shown beside them now."""
    row = _find_row(request, engagement, variable)
    version = row.answer.version if row.answer else 0
    sent: Form | None = dispute_form if dispute_form is not None else form
    status = status_of(sent) if sent is not None else 200
    if sent is not None and status == Conflict.status_code:
        move_to_version(sent, request.POST, version)
    answer_form = form or SelectionForm(variable=row.step.variable, initial=_initial(row.answer), auto_id="answer_%s")
    may = may_answer(reader_of(request), engagement)
    context = page_context(
        engagement,
        row=row,
        form=answer_form if may else None,
        dispute_form=dispute_form or DisputeForm(initial={"version": version}, auto_id="dispute_%s"),
        history=history_about(row.answer) if row.answer else [],
    )
    return render(request, "discovery/selection_answer.html", context, status=status)


def _find_row(request: HttpRequest, engagement: Engagement, variable: str) -> SelectionRow:
    found = selection_of(engagement, reader_of(request)).row(variable)
    if found is None:
        raise Http404
    return found


def _typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _initial(answer: SelectionAnswer | None) -> dict[str, object]:
    if answer is None:
        return {"version": 0}
    return {name: getattr(answer, name) for name in ("version", "choice", "certainty", "note")}


@require_safe
def method_page(request: HttpRequest, version: str = "") -> HttpResponse:
    """The method as it is published, for everybody: no account, no engagement."""
    try:
        shown = method_of(version) if version else method_on(timezone.localdate())
    except KeyError as error:
        raise Http404 from error
    statistics = portfolio_statistics() if settings.CONSULTANCY["publishes_statistics"] else []
    context = {"method": shown, "methods": all_methods(), "statistics": statistics}
    return render(request, "discovery/method.html", context)
