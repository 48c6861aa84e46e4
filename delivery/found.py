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
    case = get_object_or_404(visible, engagement=engagement, number=number)
    case.engagement = engagement
    return case


def find_ramp(request: AnyRequest, engagement: Engagement, number: int) -> Ramp:
    visible = Ramp.objects.visible_to(reader_of(request)).select_related("stream")
    ramp = get_object_or_404(visible, engagement=engagement, number=number)
    ramp.engagement = engagement
    return ramp


def find_cutover(request: AnyRequest, code: str, number: int) -> Cutover:
    engagement = find_estate(request, code)
    visible = Cutover.objects.visible_to(reader_of(request)).select_related("ramp", "planned_by", "done_by")
    cutover = get_object_or_404(visible, engagement=engagement, number=number)
    cutover.engagement = engagement
    return cutover


def find_rollback(request: AnyRequest, engagement: Engagement, number: int) -> Rollback:
    visible = Rollback.objects.visible_to(reader_of(request)).select_related("started_by", "explained_by")
    rollback = get_object_or_404(visible, engagement=engagement, number=number)
    rollback.engagement = engagement
    return rollback


def find_decision(request: AnyRequest, engagement: Engagement, number: int) -> TriggerDecision:
    visible = TriggerDecision.objects.visible_to(reader_of(request)).select_related("decided_by")
    decision = get_object_or_404(visible, engagement=engagement, number=number)
    decision.engagement = engagement
    return decision


def find_delivery(request: AnyRequest, engagement: Engagement, number: int) -> WebhookDelivery:
    visible = WebhookDelivery.objects.visible_to(reader_of(request))
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_mailbox(request: AnyRequest, engagement: Engagement, number: int) -> Mailbox:
    visible = Mailbox.objects.visible_to(reader_of(request))
    mailbox = get_object_or_404(visible, engagement=engagement, number=number)
    mailbox.engagement = engagement
    return mailbox


def find_baseline(request: AnyRequest, engagement: Engagement, number: int) -> Baseline:
    visible = Baseline.objects.visible_to(reader_of(request)).select_related("frozen_by")
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_card(request: AnyRequest, engagement: Engagement, number: int) -> InsightCard:
    people = ("acknowledged_by", "escalated_by", "escalated_to", "closed_by", "decision")
    visible = InsightCard.objects.visible_to(reader_of(request)).select_related(*people)
    card = get_object_or_404(visible, engagement=engagement, number=number)
    card.engagement = engagement
    return card


def find_seeds(request: AnyRequest, engagement: Engagement, number: int) -> SeedUpload:
    visible = SeedUpload.objects.visible_to(reader_of(request)).select_related("uploaded_by")
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_item(key: str) -> Item:
    try:
        return load_book().item(key)
    except KeyError:
        raise Http404 from None
