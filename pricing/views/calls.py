"""Sales' side of calls: when one takes them, and which are booked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from pricing.call_forms import CallTimesForm, initial_times
from pricing.domain.publish_call_times import publish_call_times
from pricing.models import Call, Intake
from pricing.openings import practice_zone


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def call_times(request: HttpRequest) -> HttpResponse:
    """The reader's own times, the calls to come, and the link that customers are given."""
    reader = reader_of(request)
    require(reader, Permission.EDIT_REQUEST, Organization.objects.consultancy())
    form = CallTimesForm(request.POST if request.method == "POST" else None, initial=initial_times(reader))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            publish_call_times(reader, times=form.times())
            messages.success(request, "Your times are published. Calls that are booked stay where they are.")
            return redirect("pricing:call_times")
    calls = Call.objects.visible_to(reader).to_come().select_related("person", "request__engagement__organization")
    context = {
        "form": form,
        "zone": practice_zone().key.replace("Etc/GMT+", "GMT-"),
        "calls": calls[:50],
        "unfinished": Intake.objects.unfinished().count(),  # visible to all: a count names nobody
    }
    return render(request, "pricing/call_times.html", context, status=status_of(form))
