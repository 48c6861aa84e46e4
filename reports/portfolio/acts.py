"""What the pages of the portfolio change: what is public, and who gets the figures by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organization
from accounts.permissions import Permission, require
from reports.domain.publish_figure import publish_figure, withdraw_figure
from reports.domain.tell_portfolio import subscribe, unsubscribe
from reports.portfolio.public import offered, public_page, published_keys
from reports.portfolio.readers import reader_of_portfolio

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

YES = "yes"


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """For everybody, once the owner published a figure."""
    page = public_page()
    if page is None:
        raise Http404
    return render(request, "portfolio/public.html", {"page": page})


@require_safe
@login_required
def published(request: HttpRequest) -> HttpResponse:
    """What could be public, for the owner, who decides it."""
    require(reader_of_portfolio(request), Permission.MANAGE_PRACTICE, Organization.objects.consultancy())
    keys = published_keys()
    rows = [(figure, figure.key in keys) for figure in offered()]
    return render(request, "portfolio/published.html", {"rows": rows, "is_any": bool(keys)})


@require_POST
@login_required
def publish(request: HttpRequest) -> HttpResponse:
    reader, key = reader_of_portfolio(request), request.POST.get("figure", "")
    if request.POST.get("is_public") == YES:
        publish_figure(key, actor=reader)
        messages.success(request, "Put on the public page.")
    else:
        withdraw_figure(key, actor=reader)
        messages.success(request, "Taken off the public page.")
    return redirect("portfolio:published")


@require_POST
@login_required
def subscription(request: HttpRequest) -> HttpResponse:
    reader = reader_of_portfolio(request)
    if request.POST.get("wants") == YES:
        subscribe(reader)
        messages.success(request, "You get the figures of each month on the first day of the next.")
    else:
        unsubscribe(reader)
        messages.success(request, "You get the figures by mail no more.")
    return redirect("portfolio:overview")
