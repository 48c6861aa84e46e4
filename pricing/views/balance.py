"""The calls and hours of a plan alone: booked by the practice, read by both sides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from engagements.found import find_engagement
from engagements.today import today_of
from pricing.balance import amount_of, balances_of
from pricing.balance_forms import BookingForm
from pricing.domain.book_balance import book_balance, take_back_booking
from pricing.forms import ReasonForm
from pricing.models import BalanceEntry


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def balance(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_engagement(request, code)
    reader = reader_of(request)
    form = BookingForm(request.POST or None, initial={"on_day": today_of(engagement), "kind": "questions"})
    if request.method == "POST":
        require(reader, Permission.WORK_TASK, engagement.organization)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            entry = book_balance(engagement, actor=reader, booking=form.booking())
            messages.success(request, f"Booked: {amount_of(entry.kind, entry.units)}.")
            return redirect("pricing:balance", code)
    entries = BalanceEntry.objects.visible_to(reader).filter(engagement=engagement)
    context = {
        "engagement": engagement,
        "balances": balances_of(engagement),
        "entries": [_row(entry) for entry in entries.select_related("booked_by", "undone")],
        "may_book": bool(allowed(reader, Permission.WORK_TASK, engagement.organization)),
        "form": form,
    }
    return render(request, "pricing/balance.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def balance_undo(request: HttpRequest, code: str, entry: int) -> HttpResponse:
    engagement = find_engagement(request, code)
    reader = reader_of(request)
    booked = get_object_or_404(BalanceEntry.objects.visible_to(reader).filter(engagement=engagement), pk=entry)
    require(reader, Permission.WORK_TASK, engagement.organization)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            take_back_booking(booked, actor=reader, reason=form.cleaned_data["reason"])
            messages.success(request, "Taken back. Both entries stay on the list.")
            return redirect("pricing:balance", code)
    amount = amount_of(booked.kind, abs(booked.units))
    context = {"engagement": engagement, "entry": booked, "amount": amount, "form": form}
    return render(request, "pricing/balance_undo.html", context, status=status_of(form))


def _row(entry: BalanceEntry) -> dict[str, object]:
    return {
        "entry": entry,
        "amount": amount_of(entry.kind, abs(entry.units)),
        "left": amount_of(entry.kind, entry.left),
        "may_undo": entry.undoes_id is None and not hasattr(entry, "undone"),
    }
