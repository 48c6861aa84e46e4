"""The page of the box that stands on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.reader import reader_of
from accounts.search import LONGEST, SHORTEST, Asked, search

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
def search_page(request: HttpRequest) -> HttpResponse:
    asked = Asked.read(request.GET.get("q", ""))
    context = {
        "asked": asked,
        "asked_everywhere": asked.text,
        "groups": search(reader_of(request), asked),
        "shortest": SHORTEST,
        "longest": LONGEST,
    }
    return render(request, "accounts/search.html", context)
