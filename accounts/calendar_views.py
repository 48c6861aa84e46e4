"""The calendar that a person's programs follow: the page that makes and ends the link, and what it opens."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar import calendar_of
from accounts.domain.link_calendar import link_calendar, note_fetch, unlink_calendar
from accounts.guard.middleware import guard
from accounts.middleware import SECOND_FACTOR, lacks_second_factor
from accounts.models import CalendarLink
from accounts.reader import reader_of
from core.calendar_entry import MEDIA_TYPE

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """The text of a new link stands on the answer to the form alone."""
    reader, made = reader_of(request), ""
    if request.method == "POST":
        path = reverse("calendars:feed", args=[link_calendar(reader)])
        made = f"{settings.PORTAL_URL}{path}"
    context = {"link": CalendarLink.objects.of(reader).first(), "made": made}
    return render(request, "accounts/calendar.html", context)


@require_POST
@login_required
def calendar_end(request: HttpRequest) -> HttpResponse:
    unlink_calendar(reader_of(request))
    messages.success(request, "The link to your calendar opens nothing any more.")
    return redirect("accounts:calendar")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """For whoever has the link: what its person may see at this moment."""
    link = CalendarLink.objects.opened_by(token).first()
    if link is None:
        raise Http404("no such calendar")
    if lacks_second_factor(link.person):
        return HttpResponseForbidden(SECOND_FACTOR, content_type="text/plain")
    note_fetch(link)
    guard(link.person)
    content = calendar_of(link.person)
    answer = HttpResponse(content, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="gatepost.ics"'
    answer["Cache-Control"] = "private, no-cache"
    answer["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer
