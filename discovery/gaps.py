"""The gaps of an engagement as people decide on them: the same construct on many lines and hosts is one matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discovery.models import Gap
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discovery.models import TranslatedConstruct
    from discovery.models.gap import GapQuerySet

Matter = tuple[str, str, str, str, str]


@dataclass(slots=True)
class GapGroup:
    """Gaps of one target that differ in nothing but their lines. Never empty."""

    gaps: list[Gap] = field(default_factory=list)

    @property
    def first(self) -> Gap:
        return self.gaps[0]

    @property
    def row(self) -> TranslatedConstruct:
        return self.first.row

    @property
    def title(self) -> str:
        return f"{self.row.kind} {self.row.name}"

    @property
    def waiting(self) -> list[Gap]:
        return [gap for gap in self.gaps if not gap.choice]

    @property
    def choices(self) -> list[str]:
        """What was decided, each once."""
        return list(dict.fromkeys(gap.get_choice_display() for gap in self.gaps if gap.choice))

    @property
    def recommendation(self) -> Gap | None:
        """A gap that carries the consultancy's recommendation, those that wait first."""
        return next((gap for gap in [*self.waiting, *self.gaps] if gap.recommended), None)


@dataclass(frozen=True, slots=True)
class Progress:
    decided: int
    all: int

    @property
    def waiting(self) -> int:
        return self.all - self.decided

    @property
    def text(self) -> str:
        return f"{self.decided} of {self.all} decided"


def targets_of(engagement: Engagement) -> list[str]:
    """The target that was chosen; until then both, for either may be delivered."""
    return [engagement.target] if engagement.target else list(Engagement.Target.values)


def waiting_gaps(engagement: Engagement) -> GapQuerySet:
    return Gap.objects.filter(engagement=engagement).on(targets_of(engagement)).undecided()


def progress_of(engagement: Engagement, target: str = "") -> Progress:
    """On one target, or on all that may still be delivered."""
    gaps = Gap.objects.filter(engagement=engagement).on([target] if target else targets_of(engagement))
    return Progress(gaps.exclude(choice="").count(), gaps.count())


def matter_of(gap: Gap) -> Matter:
    row = gap.row
    return (gap.target, row.kind, row.name, row.letter, row.loss)


def groups_of(gaps: Iterable[Gap]) -> list[GapGroup]:
    """In the order in which the first of each came."""
    groups: dict[Matter, GapGroup] = {}
    for gap in gaps:
        groups.setdefault(matter_of(gap), GapGroup()).gaps.append(gap)
    return list(groups.values())
