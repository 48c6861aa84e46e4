"""How pages and the API find what an external ID names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.permissions import Permission
from accounts.reader import reader_of
from discovery.found import find_estate_to
from discovery.models import Finding
from discovery.trackers.external_ids import FINDING, parted
from engagements.found import find_numbered
from engagements.models import GateTask

if TYPE_CHECKING:
    from accounts.reader import AnyRequest
    from engagements.models import Engagement


def find_item(request: AnyRequest, engagement: Engagement, item: str) -> Finding | GateTask:
    """What an external ID of this engagement names."""
    named = parted(item, engagement.code)
    if named is None:
        raise Http404
    letter, number = named
    if letter == FINDING:
        return find_numbered(Finding.objects.visible_to(reader_of(request)), engagement, number)
    tasks = GateTask.objects.visible_to(reader_of(request)).select_related("gate")
    task = get_object_or_404(tasks, gate__engagement=engagement, pk=number)
    task.gate.engagement = engagement
    return task


def find_to_note(request: AnyRequest, code: str, item: str) -> tuple[Engagement, Finding | GateTask]:
    """For somebody who may record keys; 403 with the reason for the others, whatever they sent."""
    engagement = find_estate_to(Permission.NOTE_KEYS, request, code)
    return engagement, find_item(request, engagement, item)
