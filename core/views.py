"""Pages that belong to no app: the theme switch, the gallery, the page for faults."""

from __future__ import annotations

import sys
import uuid
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views import defaults
from django.views.decorators.http import require_GET, require_POST

from core.context import THEME_COOKIE, THEMES
from core.gallery import gallery_context
from core.middleware import came_from
from core.outage import is_outage, say_outage
from core.problems import is_api, problem

if TYPE_CHECKING:
    from django.http import HttpRequest

YEAR = 365 * 24 * 3600


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in the reader's profile, or in a cookie for somebody not signed in."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest("Choose system, light or dark.", content_type="text/plain")
    response = redirect(came_from(request))
    if request.user.is_authenticated:
        request.user.theme = theme
        request.user.save(update_fields=["theme"])
    else:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response


@require_GET
def ui_gallery(request: HttpRequest) -> HttpResponse:
    """Every component in both themes, where the portal is built or shown. A customer's portal has no such page."""
    if not (settings.DEBUG or settings.IS_DEMO or may_see_gallery(request)):
        raise Http404
    return render(request, "ui/gallery.html", gallery_context())


def may_see_gallery(request: HttpRequest) -> bool:
    """Members of the consultancy. Asked by the kind of the membership, because accounts stands above core."""
    user = request.user
    return user.is_authenticated and user.memberships.filter(organization__kind="consultancy").exists()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem(request, 400, "What was sent could not be read.")
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem(request, 404, "There is nothing at this address.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault, with the number under which it stands in the log. Needs neither database nor session."""
    if is_outage(sys.exception()):
        return say_outage(request)
    context = structlog.contextvars.get_contextvars()
    error_id = str(context.get("request_id") or uuid.uuid4())
    if is_api(request):
        return problem(request, 500, f"Nothing that was saved is lost. Tell us this number: {error_id}")
    try:
        page = render_to_string("500.html", {"error_id": error_id, "consultancy": settings.CONSULTANCY})
    except Exception:  # noqa: BLE001 (whatever keeps the page from being drawn, the reader gets the number)
        plain = f"The portal made an error. Nothing you had saved is lost. Tell us this number: {error_id}"
        return HttpResponseServerError(plain, content_type="text/plain; charset=utf-8")
    return HttpResponseServerError(page)
