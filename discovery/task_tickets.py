"""The tickets of a task, for whoever may read the evidence. Loaded by DiscoveryConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.permissions import Permission, allowed
from discovery.trackers.external_ids import TASK, external_id
from engagements.beside import Beside, beside_task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from engagements.models import GateTask


@beside_task
def tickets(task: GateTask, reader: User) -> Iterator[Beside]:
    engagement = task.gate.engagement
    if allowed(reader, Permission.VIEW_EVIDENCE, engagement.organization):
        url = reverse("trackers:item", args=[engagement.code, external_id(engagement.code, TASK, task.pk)])
        yield Beside("tickets", "Tickets", "", "Its keys in Jira and ServiceNow", url)
