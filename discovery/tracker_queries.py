"""Which findings and tasks a program asks for that keeps a tracker in step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from core.models import AuditEvent
from discovery.models import ExternalKey
from engagements.models import Gate, GateTask

if TYPE_CHECKING:
    from datetime import datetime

    from discovery.models.finding import FindingQuerySet
    from engagements.models import Engagement
    from engagements.models.gate import GateTaskQuerySet


def findings_changed_since(findings: FindingQuerySet, moment: datetime) -> FindingQuerySet:
    """Those that were found, changed, gone or back since then, or whose key in a tracker changed."""
    keyed = ExternalKey.objects.changed_since(moment).exclude(finding=None)
    changed = Q(changed_at__gte=moment) | Q(gone_at__gte=moment)
    return findings.filter(changed | Q(pk__in=keyed.order_by().values("finding")))


def tasks_changed_since(tasks: GateTaskQuerySet, engagement: Engagement, moment: datetime) -> GateTaskQuerySet:
    """Those of which the ledger tells since then, with all of a gate of which it tells; or whose key changed.

    A task keeps no moment of its own change, and its gate decides whether it has begun: more are told than changed.
    """
    told = AuditEvent.objects.filter(chain=engagement.audit_chain, at__gte=moment).order_by()
    labels = (GateTask._meta.label, Gate._meta.label)
    rows = told.filter(subject_type__in=labels).values_list("subject_type", "subject_id").distinct()
    of_tasks = [int(pk) for label, pk in rows if label == labels[0]]
    of_gates = [int(pk) for label, pk in rows if label == labels[1]]
    keyed = ExternalKey.objects.changed_since(moment).exclude(task=None).order_by().values("task")
    return tasks.filter(Q(pk__in=of_tasks) | Q(gate__in=of_gates) | Q(pk__in=keyed))
