"""One card of the watch: acknowledged, escalated to somebody, closed with its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from delivery.domain.answer_card import acknowledge_card, close_card, escalate_card, people_to_call
from delivery.found import find_card
from delivery.views.page_context import parallel_context
from delivery.watch.book import load_watch
from delivery.watch_forms import ClosingForm, EscalationForm, WordsForm
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from delivery.models import InsightCard


@require_safe
@login_required
def card(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return _page(request, find_card(request, find_estate(request, code), number))


def _page(
    request: HttpRequest,
    card: InsightCard,
    *,
    words: WordsForm | None = None,
    call: EscalationForm | None = None,
    closing: ClosingForm | None = None,
) -> HttpResponse:
    engagement = card.engagement
    words = words or WordsForm(prefix="own")
    call = call or EscalationForm(prefix="call", people=people_to_call(engagement))
    closing = closing or ClosingForm(prefix="close")
    titles = {cause.key: cause.title for cause in load_watch().causes}
    rule = next((rule for rule in load_watch().rules if rule.key == card.rule), None)
    context = parallel_context(
        request,
        engagement,
        card=card,
        rule=rule,
        cause=titles.get(card.cause, card.cause),
        words_form=words,
        call_form=call,
        closing_form=closing,
    )
    return render(request, "delivery/card.html", context, status=status_of(words, call, closing))


@require_POST
@login_required
def acknowledge(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    found = find_card(request, engagement, number)
    require_any(reader_of(request), EITHER_SIDE, engagement.organization)
    form = WordsForm(request.POST, prefix="own")
    if form.is_valid():
        with refusals_into(form):
            acknowledge_card(found, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"{found} is acknowledged. It stays open until it is closed with its cause.")
            return redirect("watch:card", code, number)
    return _page(request, found, words=form)


@require_POST
@login_required
def escalate(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    found = find_card(request, engagement, number)
    require_any(reader_of(request), EITHER_SIDE, engagement.organization)
    form = EscalationForm(request.POST, prefix="call", people=people_to_call(engagement))
    if form.is_valid():
        with refusals_into(form):
            called = escalate_card(found, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"{called.escalated_to} is mailed.")
            return redirect("watch:card", code, number)
    return _page(request, found, call=form)


@require_POST
@login_required
def close(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    found = find_card(request, engagement, number)
    require(reader_of(request), Permission.WORK_TASK, engagement.organization)
    form = ClosingForm(request.POST, prefix="close")
    if form.is_valid():
        with refusals_into(form):
            close_card(found, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"{found} is closed. Only days after those it knew open another.")
            return redirect("watch:home", code)
    return _page(request, found, closing=form)
