"""What Prometheus is told of the portal: counted in the database when asked, so that every process says the same.

Apps register theirs with `metric(...)` in their `metrics.py`, loaded by `AppConfig.ready()`. Labels never name people
or what a customer sent; the code of an engagement is as far as they go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from django.http import HttpRequest
    from prometheus_client import Metric

    Samples = Iterable[tuple[tuple[str, ...], float]]
    Reading = Callable[[], Samples]

Kind = Literal["gauge", "counter"]
FAMILIES = {"gauge": GaugeMetricFamily, "counter": CounterMetricFamily}


@dataclass(frozen=True, slots=True)
class Measured:
    """`read` asks the database once and gives the values of the labels with each number."""

    name: str
    says: str
    labels: tuple[str, ...]
    kind: Kind
    read: Reading


_measured: dict[str, Measured] = {}


def metric(name: str, says: str, *, labels: tuple[str, ...] = (), kind: Kind = "gauge") -> Callable[[Reading], Reading]:
    """Register one. `name` without its `gatepost_`; raises ValueError for one that is there."""

    def register(read: Reading) -> Reading:
        if name in _measured:
            raise ValueError(f"Two metrics are called {name}")
        _measured[name] = Measured(f"gatepost_{name}", says, labels, kind, read)
        return read

    return register


def seconds_since(moment: datetime | None) -> float:
    """0 where there is nothing that waits, and for a moment still to come."""
    return max((timezone.now() - moment).total_seconds(), 0.0) if moment else 0.0


def measured() -> list[Measured]:
    return sorted(_measured.values(), key=lambda one: one.name)


class _Portal(Collector):
    def collect(self) -> Iterator[Metric]:
        for one in measured():
            family = FAMILIES[one.kind](one.name, one.says, labels=one.labels)
            for labels, value in one.read():
                family.add_metric(labels, value)
            yield family


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever sends METRICS_TOKEN as `Authorization: Bearer`. Without that setting there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse("Send the token.\n", "text/plain", 401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Portal())
    encode, kind = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=kind)
