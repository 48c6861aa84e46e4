"""Freezes what the runbooks say now as newer revisions, and notes the facts they wait for."""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from core.audit import record
from core.errors import Conflict, DomainError
from core.numbering import next_number
from delivery.domain.person_words import words_of
from engagements.domain.lock_engagement import lock_living
from engagements.today import today_of
from reports.models import RunbookFact, RunbookRevision
from reports.runbook_state import NOTHING_TO_FILL, rules, states_of
from reports.runbooks.book import asks

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from engagements.models import Engagement
    from reports.runbook_state import RunbookState

PATH = re.compile(r"/?[\w.+-]+(/[\w.+-]+)*", re.ASCII)
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)


@transaction.atomic
def draw_up_runbooks(engagement: Engagement, *, actor: User) -> list[RunbookRevision]:
    """A newer revision of each runbook that would say something else now, or in another language, or is overdue.

    What waits for a fact is left as it is.

    Raises DomainError when nothing can be drawn up, Conflict when there is nothing to draw up.
    """
    engagement = lock_living(engagement.pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    states = states_of(engagement)
    if not states:
        raise DomainError(NOTHING_TO_FILL)
    drawn = [_revision_of(state, actor) for state in states if state.may_be_drawn_up]
    if drawn:
        return drawn
    if waiting := [state for state in states if state.filled.reasons]:
        raise DomainError(*dict.fromkeys(reason for state in waiting for reason in state.filled.reasons))
    raise Conflict("Every runbook says what its newest revision says. Nothing was drawn up.")


def _revision_of(state: RunbookState, actor: User) -> RunbookRevision:
    earlier = RunbookRevision.objects.filter(engagement=state.engagement, key=state.runbook.key)
    revision = RunbookRevision.objects.create(
        engagement=state.engagement,
        key=state.runbook.key,
        number=next_number(earlier),
        title=state.runbook.name,
        content=state.filled.content,
        digest=state.digest,
        review_on=today_of(state.engagement) + timedelta(days=rules()["review_days"]),
        drawn_up_at=timezone.now(),
        drawn_up_by=actor,
    )
    record("runbook.drawn_up", subject=revision, actor=actor, digest=revision.digest)
    return revision


@transaction.atomic
def note_runbook_fact(engagement: Engagement, *, key: str, value: str, actor: User) -> RunbookFact:
    """The newest word on a fact counts. Raises DomainError for a value that its form does not allow."""
    engagement = lock_living(engagement.pk)
    require_any(actor, EITHER_SIDE, engagement.organization)
    if key not in asks():
        raise DomainError("Choose the fact from the list.")
    words = words_of(value, f"Write what is known: {asks()[key].title}.")
    FORMS[asks()[key].form](words)
    # Names and telephone numbers stay out of the ledger, which keeps everything for ever.
    fact = RunbookFact.objects.create(
        engagement=engagement, key=key, value=words, noted_at=timezone.now(), noted_by=actor
    )
    record("runbook.fact_noted", subject=fact, actor=actor, title=asks()[key].title)
    return fact


def _require_path(words: str) -> None:
    if not PATH.fullmatch(words):
        raise DomainError("Write the path of one file, of letters, digits and / . _ + - only. Nothing was kept.")


def _require_hosts(words: str) -> None:
    if not all(HOST.fullmatch(name) for name in words.split()):
        raise DomainError("Write names of hosts with blanks between, such as mta1.sender.example. Nothing was kept.")


def _require_addresses(words: str) -> None:
    try:
        for word in words.split():
            ipaddress.ip_address(word)
    except ValueError as error:
        raise DomainError(f"{word} is no IP address. Write addresses with blanks between. Nothing was kept.") from error


FORMS: dict[str, Callable[[str], None]] = {
    "path": _require_path,
    "hosts": _require_hosts,
    "addresses": _require_addresses,
    "words": lambda _words: None,
}
