"""The parts of an engagement that a signature may approve one by one. Apps above the spine say which there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.errors import Conflict
from core.wording import told
from engagements.models import Engagement, Gate, HeldPart


@dataclass(frozen=True, slots=True)
class Part:
    """A part as a signer sees it; `key` names it for good, whatever it is called later."""

    key: str
    label: str


Source = Callable[[Engagement], Iterable[Part]]

_sources: list[tuple[frozenset[int], Source]] = []


def parts(*gates: int) -> Callable[[Source], Source]:
    """Register what can be held back at these gates."""

    def register(source: Source) -> Source:
        _sources.append((frozenset(gates), source))
        return source

    return register


def parts_of(gate: Gate) -> list[Part]:
    """Empty where there are fewer than two: whoever holds everything requests changes instead."""
    found = [part for gates, source in _sources if gate.number in gates for part in source(gate.engagement)]
    return found if len(found) > 1 else []


def held_parts(engagement: Engagement) -> list[HeldPart]:
    """What is held now, with who holds it."""
    held = HeldPart.objects.filter(signoff__gate__engagement=engagement).in_force()
    return list(held.select_related("signoff__signed_by", "signoff__gate"))


def held_part(engagement: Engagement, key: str) -> HeldPart | None:
    return next((one for one in held_parts(engagement) if one.key == key), None)


def refuse_held(engagement: Engagement, key: str) -> None:
    """Raise Conflict when this part is held. Asked by every step that is of this part alone."""
    held = held_part(engagement, key)
    if held is not None:
        raise Conflict(why_held(held))


def why_held(held: HeldPart) -> str:
    """Who holds it and why, and who can approve it, in sentences."""
    return (
        f"{held.label} is held by {held.signoff.signed_by} since {told(held.signoff.signed_at)}: {held.reason} "
        f"Whoever signs phase {held.signoff.gate.number} has to release it first."
    )
