"""What was said about the volume before anything was measured. Discovery asks; pricing, which imports it, answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class StatedVolume:
    """Messages; None is what nobody said."""

    month: int | None = None
    peak_day: int | None = None


NOTHING = StatedVolume()
_sources: list[Callable[[Engagement], StatedVolume | None]] = []


def states_volume(source: Callable[[Engagement], StatedVolume | None]) -> None:
    """Called when the app that knows is ready."""
    _sources.append(source)


def stated_volume(engagement: Engagement) -> StatedVolume:
    """What the first source says that knows something of the engagement."""
    return next((said for source in _sources if (said := source(engagement))), NOTHING)
