"""The days that the practice spent on an engagement, for its leads and the owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from core.wording import number_text
from engagements.views.page_context import page_context
from reports.days_forms import DaysForm
from reports.days_found import find_spent
from reports.domain.note_days import note_days
from reports.models import DaysSpent

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def days(request: HttpRequest, code: str) -> HttpResponse:
    engagement, reader = find_spent(request, code), reader_of(request)
    initial = {"phase": engagement.number_of_phase or engagement.last_phase}
    form = DaysForm(request.POST or None, engagement=engagement, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            noted = note_days(engagement, actor=reader, **form.cleaned_data)
            messages.success(request, f"Noted: {noted}.")
            return redirect("days:list", code)
    rows = list(DaysSpent.objects.visible_to(reader).filter(engagement=engagement).select_related("noted_by"))
    total = number_text(sum(row.days for row in rows))
    context = page_context(engagement, form=form, rows=rows, total=f"{total} days")
    return render(request, "reports/days.html", context, status=status_of(form))
