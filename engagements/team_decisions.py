"""What waits for the team of an engagement at its gates. Loaded by EngagementsConfig.ready()."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef
from django.urls import reverse

from accounts.permissions import Permission, allowed, is_staff
from core.counting import counted
from core.wording import day_text, quoted
from engagements.content import AT_WORK
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement, Gate, GateTask, Revocation, StaleMark

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from accounts.models import User


@register_decisions(Permission.WORK_TASK)
def changes_asked(user: User) -> Iterator[Decision]:
    """Documents that a signer sent back, also where the gate is open again since, because the records changed."""
    if not is_staff(user):
        return
    sent_back = Gate.objects.filter(
        engagement__in=Engagement.objects.worked_on_by(user),
        state__in=AT_WORK,
        change_requests__document=F("current_document"),
    )
    found = sent_back.select_related("engagement__organization").prefetch_related("change_requests__requested_by")
    for gate in found.distinct():
        asked = next(iter(gate.change_requests.all()), None)
        if asked and allowed(user, Permission.WORK_TASK, gate.engagement.organization):
            yield Decision(
                title=f"Changes are asked for at phase {gate.number}",
                text=f"{asked.requested_by}: {quoted(asked.reason)}",
                action="Read it and change the plan" if gate.number == 1 else "Read it and change the record",
                url=reverse("engagements:gate", args=[gate.engagement.code, gate.number]),
                engagement=gate.engagement,
            )


@register_decisions(Permission.FREEZE)
def versions_to_freeze(user: User) -> Iterator[Decision]:
    """Gates that are open again over a document that somebody signed: revoked, or overtaken by the records."""
    if not is_staff(user):
        return
    found = Gate.objects.filter(engagement__in=Engagement.objects.worked_on_by(user), state=Gate.State.OPEN)
    gates = list(found.exclude(current_document=None).select_related("engagement__organization"))
    broken = _broken_signatures([gate.current_document_id for gate in gates])
    for gate in gates:
        if gate.current_document_id in broken and allowed(user, Permission.FREEZE, gate.engagement.organization):
            title, text = broken[gate.current_document_id]
            yield Decision(
                title=title.format(number=gate.number),
                text=f"{text} A new version has to be frozen and signed.",
                action="Freeze a new version",
                url=reverse("reports:document", args=[gate.engagement.code, gate.number]) + "#freeze",
                engagement=gate.engagement,
                opens=True,
            )


def _broken_signatures(documents: Collection[int | None]) -> dict[int, tuple[str, str]]:
    """By document, what became of its signatures as a title and a text; a revocation says more than what follows it."""
    marks = StaleMark.objects.filter(signoff__document__in=documents).select_related("signoff")
    revoked = Revocation.objects.filter(signoff__document__in=documents).select_related("signed_by", "signoff")
    said = {mark.signoff.document_id: _of_mark(mark) for mark in marks}
    return said | {one.signoff.document_id: _of_revocation(one) for one in revoked}


def _of_revocation(one: Revocation) -> tuple[str, str]:
    return "The signature of phase {number} was revoked", f"{one.signed_by}: {quoted(one.reason)}"


def _of_mark(mark: StaleMark) -> tuple[str, str]:
    more = f" And {counted(len(mark.changes) - 1, 'more change')}." if len(mark.changes) > 1 else ""
    return "What phase {number} shows has changed since it was signed", f"{''.join(mark.changes[:1])}{more}"


@register_decisions(Permission.WORK_TASK)
def tasks_of_the_team(user: User) -> Iterator[Decision]:
    """Tasks of the practice's side in the gates that are worked at, one entry a gate; it leads to what is due first."""
    if not is_staff(user):
        return
    waiting = (
        GateTask.objects.in_force()
        .filter(gate__engagement__in=Engagement.objects.worked_on_by(user), gate__state__in=AT_WORK, done_at=None)
        .exclude(party=GateTask.Party.CUSTOMER)
        .select_related("gate__engagement__organization")
        .order_by("gate_id", "due_on", "position", "pk")
    )
    for _, group in groupby(waiting, key=lambda task: task.gate_id):
        tasks = list(group)
        gate = tasks[0].gate
        if allowed(user, Permission.WORK_TASK, gate.engagement.organization):
            yield _of_tasks(gate, tasks)


def _of_tasks(gate: Gate, tasks: list[GateTask]) -> Decision:
    first = tasks[0]
    due = f", due {day_text(first.due_on)}" if first.due_on else ""
    return Decision(
        title=f"{counted(len(tasks), 'task')} of phase {gate.number} {'is' if len(tasks) == 1 else 'are'} open",
        text=f"{'This one' if len(tasks) == 1 else 'The next one'}: {first.title}{due}.",
        action="Open the task",
        url=reverse("engagements:task", args=[gate.engagement.code, first.pk]),
        engagement=gate.engagement,
    )


@register_decisions(Permission.FREEZE)
def signatures_to_ask_for(user: User) -> Iterable[Decision]:
    """Frozen documents for which nobody was asked yet, where every task is done. Checks are the gate page's to make."""
    if not is_staff(user):
        return
    undone = GateTask.objects.in_force().filter(gate=OuterRef("pk"), done_at=None)
    ready = (
        Gate.objects.filter(engagement__in=Engagement.objects.worked_on_by(user), state=Gate.State.OPEN)
        .filter(~Exists(undone), current_document__isnull=False, current_document__signoffs=None)
        .exclude(current_document__change_requests__isnull=False)
        .with_document()
        .select_related("engagement__organization")
    )
    for gate in ready:
        if allowed(user, Permission.FREEZE, gate.engagement.organization):
            yield Decision(
                title=f"Ask for signatures on phase {gate.number}",
                text=f"{gate.current_document} is frozen and every task is done. "
                "The gate says whether a check stands against it.",
                action="Open the gate",
                url=reverse("engagements:gate", args=[gate.engagement.code, gate.number]),
                engagement=gate.engagement,
            )
