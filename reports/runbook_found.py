"""How pages and routes of runbooks find what an address names, and which revision somebody had before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.reader import reader_of
from core.errors import Conflict, DomainError
from discovery.found import find_estate
from reports.models import RunbookPaper, RunbookRevision
from reports.runbook_state import states_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.reader import AnyRequest
    from reports.runbook_state import RunbookState


def find_states(request: AnyRequest, code: str) -> Sequence[RunbookState]:
    return states_of(find_estate(request, code))


def find_runbook(request: AnyRequest, code: str, key: str) -> RunbookState:
    """404 for a runbook that nobody wrote, or that this customer has no use for."""
    for state in find_states(request, code):
        if state.runbook.key == key:
            return state
    raise Http404("no such runbook for this engagement")


def find_revision(request: AnyRequest, code: str, key: str, number: int) -> RunbookRevision:
    visible = RunbookRevision.objects.visible_to(reader_of(request))
    visible = visible.select_related("engagement__organization", "drawn_up_by")
    engagement = find_estate(request, code)
    return get_object_or_404(visible, engagement=engagement, key=key, number=number)


def find_paper(request: AnyRequest, revision: RunbookRevision) -> RunbookPaper:
    """404 where none was drawn since the last approval."""
    return get_object_or_404(RunbookPaper.objects.visible_to(reader_of(request)).up_to_date(revision))


def seen_revision(state: RunbookState, digest: str) -> RunbookRevision:
    """The newest revision, which has to be the one that was on screen. Raises Conflict otherwise."""
    if state.revision is None:
        raise Conflict(f"“{state.runbook.name}” is not drawn up yet, so there is nothing to act on.")
    if state.revision.digest != digest:
        raise Conflict(
            f"Revision {state.revision.number} of “{state.runbook.name}” took the place of the one you had on screen. "
            "Nothing was recorded. Read the newer one."
        )
    return state.revision


def tried_revision(request: AnyRequest, state: RunbookState, number: int) -> RunbookRevision:
    """The newest revision or an earlier one, which a drill was held with. Raises DomainError where there is none."""
    visible = RunbookRevision.objects.visible_to(reader_of(request)).filter(
        engagement=state.engagement, key=state.runbook.key
    )
    found = visible.filter(number=number).first()
    if found is None:
        raise DomainError(f"“{state.runbook.name}” has no revision {number}. Nothing was recorded.")
    return found
