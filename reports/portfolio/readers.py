"""Whose portfolio somebody reads: the owner that of the practice, a lead that of the engagements they work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Min
from django.http import Http404

from accounts.models import Organization
from accounts.permissions import Permission, consultancy_role, require
from accounts.reader import reader_of
from engagements.models import Engagement
from pricing.figures import QUARTERS, Period
from pricing.in_force import day_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from accounts.reader import AnyRequest
    from engagements.models.engagement import EngagementQuerySet

FIRST_FINISHED = 2  # as many engagements have to be over before figures are shown


def reader_of_portfolio(request: AnyRequest) -> User:
    """404 for customers, who are not to know that it exists; the reason for others of the practice."""
    reader = reader_of(request)
    if not consultancy_role(reader):
        raise Http404
    require(reader, Permission.VIEW_PORTFOLIO, Organization.objects.consultancy())
    return reader


def portfolio_of(reader: User) -> EngagementQuerySet:
    is_owner = consultancy_role(reader) == "owner"
    rows = Engagement.objects
    portfolio: EngagementQuerySet = rows.visible_to(reader) if is_owner else rows.of_team_or_customer(reader)
    return portfolio


@dataclass(frozen=True, slots=True)
class Scope:
    """The engagements of a portfolio that began in a period, and the periods there are.

    `known` is everything, then the years with their quarters, latest first.
    """

    portfolio: EngagementQuerySet
    engagements: EngagementQuerySet
    period: Period
    known: list[Period]
    is_part: bool  # of the practice: the engagements that a lead works on


def scope_of(reader: User, asked: str | None, now: datetime) -> Scope:
    """A period that does not exist is everything."""
    portfolio = portfolio_of(reader)
    known = _periods(portfolio, now)
    period = next((one for one in known if one.key == asked), known[0])
    is_part = consultancy_role(reader) != "owner"
    return Scope(portfolio, within(portfolio, period), period, known, is_part=is_part)


def within(portfolio: EngagementQuerySet, period: Period) -> EngagementQuerySet:
    """By the day on which the engagement was recorded, as the practice counts days."""
    if period.bounds is None:
        return portfolio
    first, end = period.bounds
    return portfolio.filter(created_at__gte=first, created_at__lt=end)


def _periods(portfolio: EngagementQuerySet, now: datetime) -> list[Period]:
    first = portfolio.aggregate(first=Min("created_at"))["first"] or now
    years = range(day_of(now).year, day_of(first).year - 1, -1)
    keys = [key for year in years for key in (str(year), *(f"{year}-Q{quarter}" for quarter in reversed(QUARTERS)))]
    return [Period(), *map(Period, keys)]


def has_begun(portfolio: EngagementQuerySet) -> bool:
    """Whether as many engagements are over as figures begin with."""
    over = portfolio.filter(phase__in=[Engagement.Phase.COMPLETED, Engagement.Phase.STAYED])
    return over.order_by()[:FIRST_FINISHED].count() == FIRST_FINISHED
