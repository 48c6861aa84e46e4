"""What waits for one person. Apps register sources; the home page asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission, allowed, is_staff, may_anywhere
from core.counting import counted
from engagements.content import AT_WORK
from engagements.models import Engagement, Gate, GateTask, RequiredSigner
from engagements.steps import OVER

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing a person is asked for. `due_at` may be None; `url` is the page where it is decided.

    What `opens` the way for other things of its engagement stands before them. What is urgent, or talk itself, is not
    `open_to_questions` first.
    """

    title: str
    text: str
    action: str
    url: StrOrPromise
    engagement: Engagement
    due_at: datetime | None = None
    opens: bool = False
    open_to_questions: bool = True


Source = Callable[[User], Iterable[Decision]]

_sources: list[tuple[Source, tuple[Permission, ...]]] = []


def register_decisions(*permissions: Permission) -> Callable[[Source], Source]:
    """Add a source, which is asked for whoever has one of these permissions somewhere; without any, for everybody."""

    def register(source: Source) -> Source:
        _sources.append((source, permissions))
        return source

    return register


def decisions_for(user: User) -> list[Decision]:
    """Everything that waits for this person: what opens the way for the rest, then what is due first."""
    asked = [source for source, needed in _sources if not needed or may_anywhere(user, *needed)]
    found = [decision for source in asked for decision in source(user)]
    return sorted(
        found,
        key=lambda one: (not one.opens, one.due_at is None, one.due_at, one.engagement.code),
    )


@register_decisions()
def signatures_asked(user: User) -> Iterable[Decision]:
    """Documents that wait for this person's signature, once it is their turn."""
    waiting = (
        Gate.objects.visible_to(user)
        .filter(state=Gate.State.SUBMITTED)
        .filter(current_document__in=RequiredSigner.objects.filter(user=user).whose_turn_it_is().values("document"))
        .exclude(engagement__phase__in=[*OVER, "on_hold"])
        .with_document()
        .select_related("engagement__organization")
    )
    for gate in waiting:
        document = gate.current_document
        if document is not None:
            yield Decision(
                title=f"Sign phase {gate.number}",
                text=f"{document} has {counted(document.page_count, 'page')}. "
                "Read it, then sign it or request changes.",
                action="Read and sign",
                url=reverse("engagements:sign", args=[gate.engagement.code, gate.number]),
                engagement=gate.engagement,
            )


@register_decisions(Permission.ANSWER_TASK)
def tasks_asked(user: User) -> Iterable[Decision]:
    """Tasks of the customer's side in the gate that is open, for whoever may complete them."""
    if is_staff(user):
        return
    waiting = (
        GateTask.objects.visible_to(user)
        .in_force()
        .filter(gate__state__in=AT_WORK, done_at=None)
        .exclude(party=GateTask.Party.CONSULTANCY)
        .exclude(gate__engagement__phase__in=[*OVER, "on_hold"])
        .select_related("gate__engagement__organization")
    )
    for task in waiting:
        engagement = task.gate.engagement
        if allowed(user, Permission.ANSWER_TASK, engagement.organization):
            yield Decision(
                title=task.title,
                text=task.explanation,
                action="Open the task",
                url=reverse("engagements:task", args=[engagement.code, task.pk]),
                engagement=engagement,
            )
