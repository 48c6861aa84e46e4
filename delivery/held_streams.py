"""Streams that a signature holds back, and which shares would move them all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.models import Ramp
from delivery.models.ramp import REST
from discovery.parts import part_key
from engagements.parts import held_parts, why_held

if TYPE_CHECKING:
    from collections.abc import Iterator


def held_reasons(ramp: Ramp) -> Iterator[str]:
    """Why this share may not rise, in sentences: its own stream is held, or one that has no ramp of its own."""
    held = {one.key: one for one in held_parts(ramp.engagement)}
    if ramp.stream is not None:
        if own := held.get(part_key(ramp.stream.number)):
            yield why_held(own)
    elif ramp.rule == REST:
        ramps = Ramp.objects.filter(engagement=ramp.engagement).exclude(stream=None)
        apart = {part_key(number) for number in ramps.values_list("stream__number", flat=True)}
        for key, one in held.items():
            if key not in apart:
                yield f"{why_held(one)} This share moves it as well: it has no ramp of its own."
