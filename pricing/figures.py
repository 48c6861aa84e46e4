"""The figures of sales over a period: each with its definition, and each the length of a list that can be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import Min

from core.wording import span_text
from pricing.calculation.books import read_file
from pricing.cases import Case, Outcome, cases_of
from pricing.in_force import book_now, day_of, house_zone
from pricing.models import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from accounts.models import User

ALL = "all"
QUARTERS = {1: 1, 2: 4, 3: 7, 4: 10}  # quarter: first month
FUNNEL = ("requests", "complete", "quoted", "won", "declined", "expired", "stayed", "cancelled", "open")
CLOCK = ("hit", "late")

CHOSEN: dict[str, Callable[[Case], bool]] = {
    "requests": lambda _: True,
    "complete": lambda case: case.request.complete_at is not None,
    "quoted": lambda case: case.is_quoted,
    "lost": lambda case: case.is_lost,
    "judged": lambda case: case.is_judged,
    "hit": lambda case: case.is_judged and not case.is_late,
    "late": lambda case: case.is_late,
    "timed": lambda case: case.time_to_quote is not None,
} | {str(outcome): (lambda case, outcome=outcome: case.outcome is outcome) for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Period:
    """A year, a quarter, or everything, by the day on which a request was recorded, as the practice counts days."""

    key: str = ALL

    @property
    def label(self) -> str:
        return "All time" if self.key == ALL else self.key.replace("-", " ")

    @property
    def bounds(self) -> tuple[datetime, datetime] | None:
        """From the first moment up to, and without, the last; None for everything."""
        if self.key == ALL:
            return None
        year, _, quarter = self.key.partition("-Q")
        starts = [date(int(year), month, 1) for month in QUARTERS.values()] + [date(int(year) + 1, 1, 1)]
        if quarter:
            return _begin(starts[int(quarter) - 1]), _begin(starts[int(quarter)])
        return _begin(starts[0]), _begin(starts[-1])


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=house_zone())


def periods(user: User, today: datetime) -> list[Period]:
    """Everything, then each year with its quarters since the first request, the latest first."""
    first = Request.objects.visible_to(user).aggregate(first=Min("created_at"))["first"] or today
    years = range(day_of(today).year, day_of(first).year - 1, -1)
    keys = [key for year in years for key in (str(year), *(f"{year}-Q{quarter}" for quarter in reversed(QUARTERS)))]
    return [Period(), *(Period(key) for key in keys)]


def cases_in(user: User, period: Period) -> list[Case]:
    visible = Request.objects.visible_to(user)
    if period.bounds is not None:
        first, end = period.bounds
        visible = visible.filter(created_at__gte=first, created_at__lt=end)
    return cases_of(visible)


def chosen(cases: Sequence[Case], key: str) -> list[Case]:
    """The cases that a figure counts. Raises KeyError for a figure that does not exist."""
    return [case for case in cases if CHOSEN[key](case)]


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of a larger one; `among` is None for the largest."""

    key: str
    label: str
    definition: str
    count: int
    among: int | None

    @property
    def text(self) -> str:
        return str(self.count) if self.among is None else share_text(self.count, self.among)


def is_enough(cases: int) -> bool:
    """Whether there are as many cases as a percentage asks for: of fewer it would say more than they do."""
    return cases >= book_now().thresholds["percent_from"]


def share_text(count: int, among: int) -> str:
    """37 of 39 (95 %); without the percentage where there are too few cases."""
    text = f"{count:,} of {among:,}"
    return f"{text} ({100 * count / among:.0f} %)" if is_enough(among) else text


@dataclass(frozen=True, slots=True)
class Breaches:
    owner: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Fit:
    verdict: str
    count: int


@dataclass(frozen=True, slots=True)
class Losses:
    """How many were lost for one reason, and whether they fitted at all: a count for each verdict."""

    reason: str
    count: int
    fits: tuple[Fit, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """`median` is a text, empty as long as no quote was timed."""

    funnel: tuple[Figure, ...]
    clock: tuple[Figure, ...]
    timed: Figure
    median: str
    breaches: tuple[Breaches, ...]
    losses: tuple[Losses, ...]


def figures_of(cases: Sequence[Case]) -> Figures:
    return Figures(
        funnel=tuple(_figure(key, cases) for key in FUNNEL),
        clock=tuple(_figure(key, cases) for key in CLOCK),
        timed=_figure("timed", cases),
        median=_median(cases),
        breaches=_breaches(chosen(cases, "late")),
        losses=_losses(chosen(cases, "lost")),
    )


def definition_of(key: str) -> dict[str, str]:
    """Raises KeyError for a figure that does not exist."""
    rows: dict[str, dict[str, str]] = {row["key"]: row for row in read_file("figures.yaml")}
    return rows[key]


def _figure(key: str, cases: Sequence[Case]) -> Figure:
    row = definition_of(key)
    among = len(chosen(cases, row["among"])) if "among" in row else None
    return Figure(key, row["label"], row["definition"], len(chosen(cases, key)), among)


def _median(cases: Sequence[Case]) -> str:
    seconds = [case.time_to_quote.total_seconds() for case in cases if case.time_to_quote is not None]
    return span_text(timedelta(seconds=median(seconds))) if seconds else ""


def _breaches(late: Sequence[Case]) -> tuple[Breaches, ...]:
    counted = Counter((case.late_owner, case.late_reason) for case in late)
    return tuple(Breaches(*key, count) for key, count in sorted(counted.items(), key=lambda row: (-row[1], row[0])))


def _losses(lost: Sequence[Case]) -> tuple[Losses, ...]:
    reasons = Counter(case.lost_reason for case in lost)
    fits = {reason: Counter(case.fit for case in lost if case.lost_reason == reason) for reason in reasons}
    return tuple(
        Losses(reason, count, tuple(Fit(*fit) for fit in sorted(fits[reason].items())))
        for reason, count in sorted(reasons.items(), key=lambda row: (-row[1], row[0]))
    )
