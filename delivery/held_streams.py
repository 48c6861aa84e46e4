"""Streams that a signature holds back, and which shares would move them all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.models import Ramp
from delivery.models.ramp import REST
from discovery.parts import part_key
from engagements.parts import why_held

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from engagements.models import Engagement, HeldPart


def apart_in(engagement: Engagement) -> frozenset[str]:
    """The parts of streams that have a ramp of their own, to all providers."""
    ramps = Ramp.objects.filter(engagement=engagement, provider="").exclude(stream=None)
    return frozenset(part_key(number) for number in ramps.values_list("stream__number", flat=True))


def held_reasons(ramp: Ramp, parts: Iterable[HeldPart], apart: Container[str]) -> Iterator[str]:
    """Why this share may not rise, in sentences: its own stream is held, or one whose mail it moves as well.

    Only the rest leaves out what has a ramp of its own; any other rule may be asked before that ramp's.
    """
    held = {one.key: one for one in parts}
    if ramp.stream is not None:
        if own := held.get(part_key(ramp.stream.number)):
            yield why_held(own)
        return
    why = ": it has no ramp of its own to all providers." if ramp.rule == REST else ", as far as its rule fits."
    for key, one in held.items():
        if ramp.rule != REST or key not in apart:
            yield f"{why_held(one)} This share moves it as well{why}"
