"""The parts of an engagement that a signature may approve one by one. Apps above the spine say which there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import Duty, User
from accounts.permissions import Permission, allowed, people_with_duty
from core.errors import Conflict
from core.wording import told
from engagements.models import Engagement, Gate, HeldPart


@dataclass(frozen=True, slots=True)
class Part:
    """A part as a signer sees it; `key` names it for good, whatever it is called later."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class ReleaseOffer:
    """Whether a reader may approve a held part, and the names of all who may."""

    is_theirs: bool
    names: str


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
    return list(held.select_related("signoff__signed_by", "signoff__gate__engagement__organization"))


def held_part(engagement: Engagement, key: str) -> HeldPart | None:
    return next((one for one in held_parts(engagement) if one.key == key), None)


def release_offer(held: HeldPart, reader: User) -> ReleaseOffer:
    gate = held.signoff.gate
    organization = gate.engagement.organization
    people = people_with_duty(organization, Duty.Kind.SIGN_PHASE, gate.number)
    is_theirs = bool(allowed(reader, Permission.SIGN, organization, phase=gate.number))
    return ReleaseOffer(is_theirs, ", ".join(map(str, people)))


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
