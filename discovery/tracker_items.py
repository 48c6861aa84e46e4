"""Findings and tasks of an engagement, as trackers are told of them: what their pages show, under a key that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Prefetch, TextChoices
from django.urls import reverse

from discovery.models import ExternalKey, Finding
from discovery.trackers.external_ids import FINDING, TASK, external_id
from discovery.trackers.table import TrackerItem
from engagements.models import Gate, GateTask
from engagements.parties import party_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from engagements.models import Engagement

STANDING = Prefetch("external_keys", ExternalKey.objects.standing())
OVER = frozenset({"dismissed", "gone", "done", "fell"})


class Chosen(TextChoices):
    """Which findings and tasks stand in a table."""

    NEW = "new", "What is not over and has no ticket yet"
    KNOWN = "known", "What has a ticket"
    ALL = "all", "Everything"


def items_of(engagement: Engagement, reader: User, *, system: str, chosen: str = Chosen.ALL) -> list[TrackerItem]:
    """Findings in their order, then tasks phase by phase."""
    found = [*_findings(engagement, reader), *_tasks(engagement, reader)]
    return [item for item in found if _is_chosen(item, system, chosen)]


def _is_chosen(item: TrackerItem, system: str, chosen: str) -> bool:
    if chosen == Chosen.ALL:
        return True
    has_ticket = system in item.keys
    return has_ticket if chosen == Chosen.KNOWN else not has_ticket and item.state not in OVER


def subjects_of(engagement: Engagement) -> dict[str, Finding | GateTask]:
    """Every finding and every task of an engagement, by its external ID in capitals."""
    findings = Finding.objects.filter(engagement=engagement).only("number", "title", "engagement_id")
    tasks = GateTask.objects.filter(gate__engagement=engagement).only("title", "gate_id")
    named: dict[str, Finding | GateTask] = {}
    named |= {external_id(engagement.code, FINDING, one.number).upper(): one for one in findings}
    named |= {external_id(engagement.code, TASK, one.pk).upper(): one for one in tasks}
    return named


def _findings(engagement: Engagement, reader: User) -> Iterator[TrackerItem]:
    visible = Finding.objects.visible_to(reader).filter(engagement=engagement).order_by("number")
    for finding in visible.select_related("assignee", "decided_by").prefetch_related(STANDING):
        finding.engagement = engagement
        yield TrackerItem(
            external_id=external_id(engagement.code, FINDING, finding.number),
            code=engagement.code,
            kind="finding",
            title=f"{finding.reference} {finding.title}",
            weight=finding.severity,
            state="gone" if finding.is_gone else finding.state,
            subject=finding.rule,
            said=tuple(_said_of(finding)),
            verbatim=finding.evidence,
            address=_address("discovery:finding", engagement.code, finding.number),
            assignee=finding.assignee.email if finding.assignee else "",
            keys=_keys_of(finding),
        )


def _said_of(finding: Finding) -> Iterator[str]:
    yield from (finding.message, finding.why)
    if finding.translation_class:
        yield f"What becomes of this line: {finding.get_translation_class_display()}"
    yield from (finding.impact, finding.proposal)
    if finding.decided_by:
        why = (finding.get_dismissal_display() if finding.dismissal else "", finding.decision_note)
        decision = f"{finding.get_state_display()} by {finding.decided_by}"
        yield ". ".join(part for part in (decision, *why) if part)
    yield ", ".join(part for part in (finding.host_label, finding.place) if part)


def _tasks(engagement: Engagement, reader: User) -> Iterator[TrackerItem]:
    visible = GateTask.objects.visible_to(reader).filter(gate__engagement=engagement)
    bought = visible.filter(gate__number__lte=engagement.last_phase).order_by("gate__number", "position", "pk")
    for task in bought.select_related("gate").prefetch_related(STANDING):
        whose = party_name(task.party, engagement.organization.name)
        yield TrackerItem(
            external_id=external_id(engagement.code, TASK, task.pk),
            code=engagement.code,
            kind="task",
            title=task.title,
            weight="task",
            state=state_of(task),
            subject=f"phase-{task.gate.number}",
            said=(
                task.explanation,
                f"To be done by {whose} in phase {task.gate.number}, {task.gate.label}",
                task.evidence,
            ),
            verbatim="",
            address=_address("engagements:task", engagement.code, task.pk),
            due=task.due_on,
            keys=_keys_of(task),
        )


def _keys_of(subject: Finding | GateTask) -> dict[str, str]:
    return {one.system: one.key for one in subject.external_keys.all()}


def state_of(task: GateTask) -> str:
    if task.fell_at:
        return "fell"
    if task.is_done:
        return "done"
    return "not_begun" if task.gate.state == Gate.State.LOCKED else "waiting"


def _address(name: str, *arguments: str | int) -> str:
    return f"{settings.PORTAL_URL}{reverse(name, args=arguments)}"
