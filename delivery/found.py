"""How pages and the API of delivery find what an address names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.reader import reader_of
from delivery.models import (
    Baseline,
    Cutover,
    DiscrepancyCase,
    InsightCard,
    Mailbox,
    Ramp,
    ReconciliationRun,
    Rollback,
    SeedUpload,
    TrafficLog,
    TriggerDecision,
    WebhookDelivery,
)
from delivery.preflight.book import load_book
from discovery.found import find_estate
from engagements.found import find_numbered

if TYPE_CHECKING:
    from accounts.reader import AnyRequest
    from delivery.preflight.book import Item
    from engagements.models import Engagement


def find_traffic_log(request: AnyRequest, engagement: Engagement, number: int) -> TrafficLog:
    return get_object_or_404(TrafficLog.objects.visible_to(reader_of(request)), engagement=engagement, number=number)


def find_run(request: AnyRequest, engagement: Engagement, number: int) -> ReconciliationRun:
    visible = ReconciliationRun.objects.visible_to(reader_of(request)).select_related("asked_by")
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_case(request: AnyRequest, engagement: Engagement, number: int) -> DiscrepancyCase:
    visible = DiscrepancyCase.objects.visible_to(reader_of(request)).select_related("owner", "closed_by")
    return find_numbered(visible, engagement, number)


def find_ramp(request: AnyRequest, engagement: Engagement, number: int) -> Ramp:
    visible = Ramp.objects.visible_to(reader_of(request)).select_related("stream")
    return find_numbered(visible, engagement, number)


def find_cutover(request: AnyRequest, code: str, number: int) -> Cutover:
    engagement = find_estate(request, code)
    visible = Cutover.objects.visible_to(reader_of(request)).select_related("ramp", "planned_by", "done_by")
    return find_numbered(visible, engagement, number)


def find_rollback(request: AnyRequest, engagement: Engagement, number: int) -> Rollback:
    visible = Rollback.objects.visible_to(reader_of(request)).select_related("started_by", "explained_by")
    return find_numbered(visible, engagement, number)


def find_decision(request: AnyRequest, engagement: Engagement, number: int) -> TriggerDecision:
    visible = TriggerDecision.objects.visible_to(reader_of(request)).select_related("decided_by")
    return find_numbered(visible, engagement, number)


def find_delivery(request: AnyRequest, engagement: Engagement, number: int) -> WebhookDelivery:
    visible = WebhookDelivery.objects.visible_to(reader_of(request))
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_mailbox(request: AnyRequest, engagement: Engagement, number: int) -> Mailbox:
    visible = Mailbox.objects.visible_to(reader_of(request))
    return find_numbered(visible, engagement, number)


def find_baseline(request: AnyRequest, engagement: Engagement, number: int) -> Baseline:
    visible = Baseline.objects.visible_to(reader_of(request)).select_related("frozen_by")
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_card(request: AnyRequest, engagement: Engagement, number: int) -> InsightCard:
    people = ("acknowledged_by", "escalated_by", "escalated_to", "closed_by", "decision")
    visible = InsightCard.objects.visible_to(reader_of(request)).select_related(*people)
    return find_numbered(visible, engagement, number)


def find_seeds(request: AnyRequest, engagement: Engagement, number: int) -> SeedUpload:
    visible = SeedUpload.objects.visible_to(reader_of(request)).select_related("uploaded_by")
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_item(key: str) -> Item:
    try:
        return load_book().item(key)
    except KeyError:
        raise Http404 from None
