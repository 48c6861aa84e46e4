"""Everything that the page of the portfolio shows, worked out once from the same facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from core.charts import in_percents
from pricing.in_force import day_of
from reports.portfolio.constructs import Construct, constructs_of
from reports.portfolio.figures import Figure, figures_of
from reports.portfolio.tables import (
    GateAges,
    Month,
    PhaseCount,
    TierDays,
    TierWork,
    gate_ages,
    months_of,
    phase_counts,
    tier_days,
    tier_work,
)

if TYPE_CHECKING:
    from collections import Counter

    from reports.portfolio.facts import Facts

GROUPS = ("outcome", "safety", "quotes", "gates", "days", "custom")


@dataclass(frozen=True, slots=True)
class Overview:
    """`headlines` are some figures of the groups; `shares` of how many the custom share is each percent."""

    phases: list[PhaseCount]
    headlines: list[Figure]
    groups: dict[str, list[Figure]]
    ages: list[GateAges]
    tiers: list[TierDays]
    work: list[TierWork]
    shares: Counter[int]
    constructs: list[Construct]
    months: list[Month]

    @property
    def figures(self) -> list[Figure]:
        return [figure for figures in self.groups.values() for figure in figures]


def overview_of(facts: Facts) -> Overview:
    groups = {group: figures_of(group, facts) for group in GROUPS}
    return Overview(
        phases=phase_counts(facts),
        headlines=[figure for figures in groups.values() for figure in figures if figure.definition.is_headline],
        groups=groups,
        ages=gate_ages(facts),
        tiers=tier_days(facts),
        work=tier_work(facts),
        shares=in_percents(one.translated.custom_share for one in facts if one.translated),
        constructs=constructs_of(facts),
        months=months_of(facts, day_of(timezone.now())),
    )


def all_figures(facts: Facts) -> list[Figure]:
    return [figure for group in GROUPS for figure in figures_of(group, facts)]
