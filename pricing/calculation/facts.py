"""The four data points a quote is made from. Every one may be unknown; unknown is None, never zero."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Team(StrEnum):
    """What the customer's own people want to do."""

    FULL_EXECUTION = "full_execution"
    COULD_RUN = "could_run"


UNKNOWN = "unknown"
TEAM_WORDS = {
    Team.FULL_EXECUTION: "Wants full execution",
    Team.COULD_RUN: "Could run it themselves, wants the plan",
    None: "Unknown",
}


@dataclass(frozen=True, slots=True)
class CustomComponents:
    """Programs of the customer's own around Postfix, counted by kind."""

    milters: int | None = None
    bounce: int | None = None
    fbl: int | None = None
    other: int | None = None

    @property
    def is_known(self) -> bool:
        return None not in (self.milters, self.bounce, self.fbl, self.other)


@dataclass(frozen=True, slots=True)
class DataPoints:
    """What the customer said.

    `ips` counts those that need shaping by mailbox provider, `streams` kinds of mail that need isolation from each
    other, `tenants` other companies that send through the customer.
    """

    month: int | None = None
    peak: int | None = None
    ips: int | None = None
    pools: int | None = None
    streams: int | None = None
    tenants: int | None = None
    domains: int | None = None
    components: CustomComponents = field(default_factory=CustomComponents)
    team: Team | None = None

    @property
    def known(self) -> tuple[bool, bool, bool, bool]:
        """Which of the four data points is recorded, in the order in which they are asked for."""
        shape = (self.ips, self.pools, self.streams, self.tenants, self.domains)
        return (
            None not in (self.month, self.peak),
            None not in shape,
            self.components.is_known,
            self.team is not None,
        )

    @property
    def is_complete(self) -> bool:
        return all(self.known)

    @property
    def missing(self) -> tuple[str, ...]:
        """The data points still asked for, by name; of one that is known in part, which part is not."""
        unknown = zip(DATA_POINTS, self._unknown_parts, self.known, strict=True)
        return tuple(_named(point, parts, PARTS.get(point, ())) for point, parts, is_known in unknown if not is_known)

    @property
    def _unknown_parts(self) -> tuple[list[str], ...]:
        """By data point, the numbers that nobody has told."""
        said = {one.name: getattr(self, one.name) for one in fields(DataPoints)}
        said |= {one.name: getattr(self.components, one.name) for one in fields(CustomComponents)}
        return tuple([part for part in PARTS.get(point, ()) if said[part] is None] for point in DATA_POINTS)

    def completed_by(self, later: DataPoints) -> DataPoints:
        """These, with what is unknown here taken from what was said later."""
        known = {one.name: _first(getattr(self, one.name), getattr(later, one.name)) for one in fields(DataPoints)}
        parts = {
            one.name: _first(getattr(self.components, one.name), getattr(later.components, one.name))
            for one in fields(CustomComponents)
        }
        return DataPoints(**known | {"components": CustomComponents(**parts)})


def _first(known: Any, later: Any) -> Any:
    return later if known is None else known


def points_from(stored: Mapping[str, Any]) -> DataPoints:
    """The data points as `dataclasses.asdict` and JSON left them in a quote."""
    shape = {fact: value for fact, value in stored.items() if fact not in {"components", "team"}}
    team = stored["team"]
    components = CustomComponents(**stored["components"])
    return DataPoints(**shape, components=components, team=Team(team) if team else None)


DATA_POINTS = ("volume", "IPs and streams", "custom components", "team")

# The numbers that a data point is made of; the fourth is a choice.
PARTS = {
    "volume": ("month", "peak"),
    "IPs and streams": ("ips", "pools", "streams", "tenants", "domains"),
    "custom components": ("milters", "bounce", "fbl", "other"),
}

NOUNS = {
    "month": ("message a month", "messages a month"),
    "peak": ("message on the busiest day", "messages on the busiest day"),
    "ips": ("IP", "IPs"),
    "pools": ("pool", "pools"),
    "streams": ("stream", "streams"),
    "tenants": ("tenant", "tenants"),
    "domains": ("domain", "domains"),
    "milters": ("milter", "milters"),
    "bounce": ("bounce processor", "bounce processors"),
    "fbl": ("FBL script", "FBL scripts"),
    "other": ("other program", "other programs"),
}


def _named(point: str, unknown: Sequence[str], parts: Sequence[str]) -> str:
    """The data point; with the numbers that are missing where the others are there: custom components (milters)."""
    if len(unknown) == len(parts):
        return point
    return f"{point} ({', '.join(NOUNS[part][1] for part in unknown)})"


def counted(fact: str, value: int) -> str:
    """6 IPs, one pool, no tenants."""
    one, many = NOUNS[fact]
    if value == 1:
        return f"one {one}"
    return f"{value:,} {many}" if value else f"no {many}"


def capitalized(text: str) -> str:
    """The first letter large, the others as they are: FBL stays FBL."""
    return text[:1].upper() + text[1:]
