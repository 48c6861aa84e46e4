"""Two servers beside each other. Loaded by DeliveryConfig.ready()."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Count, Max

from core.metrics import metric, seconds_since
from delivery.models import DiscrepancyCase, Mailbox, ReconciliationRun, Rollback, WebhookDelivery
from engagements.models import EndpointDelivery, Engagement

if TYPE_CHECKING:
    from core.metrics import Samples

BESIDE = (Engagement.Phase.PARALLEL, Engagement.Phase.CUTOVER)


@metric("reconciliation_lag_seconds", "How far behind now the logs reach that were reconciled.", labels=("engagement",))
def reconciliation_lag() -> Samples:
    runs = ReconciliationRun.objects.filter(engagement__phase__in=BESIDE)
    found = runs.order_by().values_list("engagement__code").annotate(reached=Max("covered_to"))
    for code, reached in found.exclude(reached=None):
        yield (code,), seconds_since(reached)


@metric("cases_open", "Discrepancies that nobody has explained yet.", labels=("engagement",))
def cases_open() -> Samples:
    found = DiscrepancyCase.objects.open().order_by().values_list("engagement__code").annotate(Count("pk"))
    for code, count in found:
        yield (code,), count


@metric("rollbacks_running", "Rollbacks and drills that have not ended.", labels=("kind",))
def rollbacks_running() -> Samples:
    running = Counter(Rollback.objects.running().values_list("is_drill", flat=True))
    yield ("rollback",), running[False]
    yield ("drill",), running[True]


@metric("mailboxes_failing", "Mailboxes for bounces that could not be read at the last look.")
def mailboxes_failing() -> Samples:
    yield (), Mailbox.objects.filter(state=Mailbox.State.FAILED, is_paused=False).count()


@metric("webhook_deliveries_waiting", "Deliveries to customers' systems that were not taken yet.")
def webhooks_waiting() -> Samples:
    yield (), WebhookDelivery.objects.waiting().count() + EndpointDelivery.objects.waiting().count()
