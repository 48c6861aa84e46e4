"""The review queue as a page: what is asked for, what was ticked, what can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.reader import reader_of
from core.components import Shortcut
from core.forms import number_in
from discovery.found import find_estate
from discovery.models import Finding, Severity, TranslationClass
from discovery.queries import severity_counts
from discovery.review_queries import class_counts, last_act
from discovery.review_queue import STATES, QueueFilter, choices_of
from discovery.views.page_context import evidence_context
from engagements.domain.announce import team_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest, HttpResponse, QueryDict

    from discovery.models.finding import FindingQuerySet
    from engagements.models import Engagement

PER_PAGE = 50
SHORTCUTS = (
    Shortcut("j", "Next finding"),
    Shortcut("k", "Previous finding"),
    Shortcut("x", "Select it, or no longer"),
    Shortcut("Shift x", "Select all from the last selected to this one"),
    Shortcut("1", "Accept"),
    Shortcut("2", "Merge into another finding"),
    Shortcut("3", "Dismiss: then the number of the reason"),
    Shortcut("c", "Class: then n, r, c or x"),
    Shortcut("a", "Assign: then the number of the person"),
    Shortcut("Enter", "Open the marked finding"),
    Shortcut("u", "From a finding back to the queue"),
    Shortcut("e", "Open it to edit"),
    Shortcut("Escape", "Close the panel and what was refused"),
    Shortcut("z", "Undo your last act"),
)
WORDS = {
    "states": STATES,
    "severities": Severity.choices,
    "classes": TranslationClass.choices,
    "dismissals": [choice for choice in Finding.Dismissal.choices if choice[0] != Finding.Dismissal.DUPLICATE],
    "shortcuts": SHORTCUTS,
}


@require_safe
@login_required
def queue(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    return queue_page(request, engagement, QueueFilter.read(request.GET), at=number_in(request.GET.get("at", "")))


def queue_page(
    request: HttpRequest,
    engagement: Engagement,
    asked: QueueFilter,
    *,
    at: int = 0,
    ticked: Collection[int] = (),
    typed: QueryDict | None = None,
    refusals: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """The page; after a refusal with its reasons, and with all that was ticked and typed."""
    context = evidence_context(
        request,
        engagement,
        asked=asked,
        typed=typed or {},
        refusals=refusals,
        last_act=last_act(engagement, reader_of(request)),
        **_rows(request, engagement, asked, at=at, ticked=ticked),
        **_totals(engagement),
        **WORDS,
    )
    return render(request, "discovery/queue.html", context, status=status)


def _rows(
    request: HttpRequest, engagement: Engagement, asked: QueueFilter, *, at: int, ticked: Collection[int]
) -> dict[str, Any]:
    """The findings of the page with what is selected, and what they can be narrowed by."""
    known = Finding.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    found = asked.narrow(known, reader_of(request)).select_related("assignee", "duplicate_of")
    page, current = _page(request, found, known, at)
    team = team_of(engagement)
    return {
        "page": page,
        "current": current,
        "ticked": _ticked(request, page, ticked),
        "choices": choices_of(known, team, asked),
        "team": team,
    }


def _page(
    request: HttpRequest, found: FindingQuerySet, known: FindingQuerySet, at: int
) -> tuple[Page[Finding], int | None]:
    """The page with the row `at` and its number; without such a row the page that is asked for and its first row."""
    paginator = Paginator(found, PER_PAGE)
    row = known.filter(number=at).first() if at else None
    wanted = found.before(row).count() // PER_PAGE + 1 if row else request.GET.get("page")
    page = paginator.get_page(wanted)
    numbers = [finding.number for finding in page]
    return page, at if at in numbers else next(iter(numbers), None)


def _ticked(request: HttpRequest, page: Page[Finding], ticked: Collection[int]) -> Collection[int]:
    """Selecting all leaves guesses out: they could not be accepted together."""
    if request.GET.get("select") == "all":
        return [finding.number for finding in page if not finding.is_guess]
    return ticked


def _totals(engagement: Engagement) -> dict[str, Any]:
    counts = severity_counts(engagement)
    total = sum(sum(states.values()) for states in counts.values())
    left = sum(states.get(Finding.State.OPEN, 0) for states in counts.values())
    return {
        "total": total,
        "left": left,
        "reviewed": total - left,
        "reviewed_words": _reviewed_words(total, class_counts(engagement)),
    }


def _reviewed_words(total: int, classes: dict[str, int]) -> str:
    """What the end of the queue says: "All 46 are reviewed. 3 custom, 1 gap."."""
    named = [f"{count} {name.lower() or 'without a class yet'}" for name, count in classes.items()]
    accepted = f" Of what was accepted: {', '.join(named)}." if named else ""
    return f"All {total} are reviewed.{accepted}"
