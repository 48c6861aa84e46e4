"""The promise to answer. Loaded by PricingConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.metrics import metric
from pricing.clock_steps import Kind
from pricing.models import Request

if TYPE_CHECKING:
    from core.metrics import Samples


@metric("quotes_promised", "Requests whose promised answer is still to be given.")
def quotes_promised() -> Samples:
    yield (), Request.objects.promised().count()


@metric("quotes_past_due", "Requests whose promised answer is late and still to be given.")
def quotes_past_due() -> Samples:
    yield (), Request.objects.promised().filter(clock_notices__kind=Kind.BREACH).distinct().count()
