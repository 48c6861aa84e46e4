"""The review queue as a page: what is asked for, what was ticked, what can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission, allowed
from accounts.reader import reader_of
from core.components import Shortcut
from core.forms import number_in
from discovery.found import find_estate
from discovery.models import Finding, Severity, TranslationClass
from discovery.review_queries import Known, class_counts, known_of, last_act
from discovery.review_queue import STATES, QueueFilter, choices_of
from discovery.views.page_context import evidence_context
from discovery.views.queue_rows import SHOWN, queue_rows
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
    reader = reader_of(request)
    may_review = bool(allowed(reader, Permission.REVIEW, engagement.organization))
    context = evidence_context(
        request,
        engagement,
        asked=asked,
        typed=typed or {},
        refusals=refusals,
        last_act=last_act(engagement, reader) if may_review else None,
        **_found(request, engagement, asked, at=at, ticked=ticked, may_review=may_review),
        **WORDS,
    )
    return render(request, "discovery/queue.html", context, status=status)


def _found(
    request: HttpRequest,
    engagement: Engagement,
    asked: QueueFilter,
    *,
    at: int,
    ticked: Collection[int],
    may_review: bool,
) -> dict[str, Any]:
    """The findings of the page with what is selected, what they can be narrowed by, and how far the review is."""
    reader = reader_of(request)
    findings = Finding.objects.visible_to(reader).filter(engagement=engagement)
    known = known_of(findings)
    found = asked.narrow(findings, reader)
    page, current = _page(request, _paged(found, known, asked), found, findings, at)
    ticked = _ticked(request, page, ticked)
    team = team_of(engagement)
    return {
        "page": page,
        "current": current,
        "rows": queue_rows(engagement, page, query=asked.query, current=current, ticked=ticked, may_review=may_review),
        "choices": choices_of(known, team, asked),
        "team": team,
        "total": known.total,
        "left": known.left,
        "reviewed": known.total - known.left,
        "reviewed_words": "" if known.left else _reviewed_words(known.total, class_counts(engagement)),
    }


def _paged(found: FindingQuerySet, known: Known, asked: QueueFilter) -> Paginator[Finding]:
    """Without a filter they are counted already."""
    paginator = Paginator(found.select_related("assignee", "duplicate_of").only(*SHOWN), PER_PAGE)
    if asked == QueueFilter():
        paginator.count = known.left
    return paginator


def _page(
    request: HttpRequest, paginator: Paginator[Finding], found: FindingQuerySet, known: FindingQuerySet, at: int
) -> tuple[Page[Finding], int | None]:
    """The page with the row `at` and its number; without such a row the page that is asked for and its first row."""
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


def _reviewed_words(total: int, classes: dict[str, int]) -> str:
    """What the end of the queue says: "All 46 are reviewed. 3 custom, 1 gap."."""
    named = [f"{count} {name.lower() or 'without a class yet'}" for name, count in classes.items()]
    accepted = f" Of what was accepted: {', '.join(named)}." if named else ""
    return f"All {total} are reviewed.{accepted}"
