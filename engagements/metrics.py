"""Engagements and signatures. Loaded by EngagementsConfig.ready()."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q
from django.utils import timezone

from core.metrics import metric, seconds_since
from engagements.models import Engagement, Gate, RequiredSigner
from engagements.steps import ACTIVE

if TYPE_CHECKING:
    from core.metrics import Samples
    from engagements.models.signer import RequiredSignerQuerySet

AGES = (("under 3 days", 0, 3), ("3 to 7 days", 3, 7), ("over 7 days", 7, None))


@metric("engagements", "Engagements by phase.", labels=("phase",))
def engagements() -> Samples:
    for phase, count in Engagement.objects.order_by().values_list("phase").annotate(Count("pk")):
        yield (phase,), count


def _asked() -> RequiredSignerQuerySet:
    gates = Gate.objects.filter(state=Gate.State.SUBMITTED, engagement__phase__in=ACTIVE)
    asked = RequiredSigner.objects.filter(document__in=gates.values("current_document"), asked_at__isnull=False)
    return asked.whose_turn_it_is()


@metric("signatures_waiting", "Signatures asked for and not given, by how long ago.", labels=("age",))
def signatures_waiting() -> Samples:
    now = timezone.now()
    for name, least, most in AGES:
        asked = Q(asked_at__lte=now - timedelta(days=least))
        if most is not None:
            asked &= Q(asked_at__gt=now - timedelta(days=most))
        yield (name,), _asked().filter(asked).count()


@metric("signature_oldest_seconds", "How long ago the signature was asked for that waits longest.")
def signature_oldest() -> Samples:
    yield (), seconds_since(_asked().aggregate(first=Min("asked_at"))["first"])
