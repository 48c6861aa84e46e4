"""One subject of the inventory a page: addresses, streams, TLS and AUTH, programs, keys, domains, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from discovery.found import find_estate
from discovery.queries import facts_of
from discovery.subjects import BY_SLUG, SUBJECTS
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from discovery.subjects import Subject
    from engagements.models import Engagement


@require_safe
@login_required
def subject(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    engagement = find_estate(request, code)
    shown = BY_SLUG.get(slug)
    if shown is None:
        raise Http404
    return subject_page(request, engagement, shown)


def subject_page(
    request: HttpRequest, engagement: Engagement, shown: Subject, *, status: int = 200, **typed: Any
) -> HttpResponse:
    """The page of a subject; after a refusal with what was `typed` on it."""
    estate = facts_of(engagement, *shown.tables)
    more = shown.more(engagement, estate) if shown.more else {}
    context = evidence_context(request, engagement, estate=estate, subject=shown, subjects=SUBJECTS, **more | typed)
    return render(request, shown.template, context, status=status)
