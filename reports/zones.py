"""In which zone a document tells its times: the customer's, whoever reads it and wherever it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping


def zone_of(content: Mapping[str, Any]) -> ZoneInfo:
    """The zone that was frozen with it. Documents without one were printed in the consultancy's, and stay so."""
    return ZoneInfo(content.get("time_zone") or settings.CONSULTANCY["time_zone"])
