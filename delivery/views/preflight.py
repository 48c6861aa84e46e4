"""The pre-flight of gate 2: the list, each check with what was asked and answered, and what people state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from core.models import Job
from delivery.domain.ask_dns import request_preflight
from delivery.domain.note_key import note_key
from delivery.domain.state_check import may_state, require_party, state_check, withdraw_statement
from delivery.forms import SelectorKeyForm, StatementForm, WithdrawForm
from delivery.found import find_item
from delivery.models import PreflightStatement, SelectorKey
from delivery.preflight.book import load_book
from delivery.preflight.outcomes import State
from delivery.preflight_state import answers_to, state_of, states_of
from discovery.found import find_estate
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from delivery.preflight.book import Item
    from delivery.preflight_state import Files, ItemState
    from engagements.models import Engagement

OUTPUTS = "discovery:translation_outputs"


@require_safe
@login_required
def preflight(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    states = states_of(engagement)
    context = evidence_context(
        request,
        engagement,
        states=states,
        files=states[0].files,
        holding=sum(state.holds for state in states),
        fresh_days=load_book().fresh_days,
        job=_job_of(states[0].files),
        may_ask=may_state(load_book().item("spf"), engagement, reader_of(request)),
    )
    return render(request, "delivery/preflight.html", context)


def _job_of(files: Files) -> Job | None:
    """The latest round of questions, as long as it is under way or has failed."""
    latest = Job.objects.of(files.translation).filter(kind="ask_dns").first() if files.translation else None
    return latest if latest and latest.state != Job.State.DONE else None


@require_POST
@login_required
def preflight_ask(request: HttpRequest, code: str) -> HttpResponse:
    request_preflight(find_estate(request, code), actor=reader_of(request))
    messages.success(request, "DNS is being asked. The answers stand here when they are there.")
    return redirect("delivery:preflight", code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preflight_item(request: HttpRequest, code: str, key: str) -> HttpResponse:
    engagement, item = find_estate(request, code), find_item(key)
    form = StatementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_party(item, engagement, reader_of(request))
        if form.is_valid():
            with refusals_into(form):
                state_check(engagement, item, actor=reader_of(request), **form.cleaned_data)
                messages.success(request, "Your statement is recorded.")
                return redirect("delivery:preflight_item", code, key)
    return _page(request, engagement, item, form)


@require_POST
@login_required
def preflight_withdraw(request: HttpRequest, code: str, key: str) -> HttpResponse:
    engagement, item = find_estate(request, code), find_item(key)
    require_party(item, engagement, reader_of(request))
    form = WithdrawForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            withdraw_statement(engagement, item, reason=form.cleaned_data["reason"], actor=reader_of(request))
            messages.success(request, "The statement counts no longer. It stays in the record.")
            return redirect("delivery:preflight_item", code, key)
    return _page(request, engagement, item, StatementForm(), withdraw=form)


@require_POST
@login_required
def selector_note(request: HttpRequest, code: str) -> HttpResponse:
    engagement, item = find_estate(request, code), find_item("dkim")
    require_party(item, engagement, reader_of(request))
    form = SelectorKeyForm(request.POST, selectors=_selectors(state_of(engagement, item)))
    if form.is_valid():
        with refusals_into(form):
            name = form.cleaned_data["record_name"]
            note_key(engagement, record_name=name, text=form.cleaned_data["public_key"], actor=reader_of(request))
            messages.success(request, "The key is noted. Ask DNS anew to compare it with what is published.")
            return redirect("delivery:preflight_item", code, "dkim")
    return _page(request, engagement, item, StatementForm(), key_form=form)


def _selectors(state: ItemState) -> list[str]:
    return [outcome.subject for outcome in state.outcomes if "._domainkey." in outcome.subject]


def _page(request: HttpRequest, engagement: Engagement, item: Item, form: Form, **forms: Form) -> HttpResponse:
    state = state_of(engagement, item)
    selectors = _selectors(state) if item.key == "dkim" else []
    context = evidence_context(
        request,
        engagement,
        state=state,
        item=item,
        form=form,
        withdraw_form=forms.get("withdraw") or WithdrawForm(),
        key_form=(forms.get("key_form") or SelectorKeyForm(selectors=selectors)) if selectors else None,
        may_state=may_state(item, engagement, reader_of(request)),
        answers=answers_to(state, reader_of(request)),
        shown_at=_shown_at(state),
        **_record(request, engagement, item),
    )
    return render(request, "delivery/preflight_item.html", context, status=status_of(form, *forms.values()))


def _shown_at(state: ItemState) -> str:
    """The page on which more than a statement shows it; empty where there is none, or it holds already."""
    if state.translation is None or state.known is State.PASSED or not state.item.where:
        return ""
    of_files = [state.translation.number] if state.item.where == OUTPUTS else []
    return reverse(state.item.where, args=[state.files.engagement.code, *of_files])


def _record(request: HttpRequest, engagement: Engagement, item: Item) -> dict[str, Any]:
    statements = PreflightStatement.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    keys = SelectorKey.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    return {
        "statements": statements.filter(check_key=item.key).select_related("stated_by").order_by("-pk"),
        "keys": keys.select_related("noted_by") if item.key == "dkim" else [],
    }
