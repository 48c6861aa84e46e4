"""The figures of a month by mail, to whoever asked: once, from the first day of the next month where the reader is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from accounts.permissions import Permission, allowed, require
from core import outbox
from core.audit import record
from core.rounds import each
from reports.models import PortfolioSubscription
from reports.portfolio.book import definitions_of
from reports.portfolio.counted import items_of
from reports.portfolio.figures import figure_of
from reports.portfolio.items import narrowed
from reports.portfolio.readers import has_begun, portfolio_of
from reports.portfolio.records import facts_of

if TYPE_CHECKING:
    from typing import Any

    from accounts.models import User

KIND = "portfolio_summary"
STANDING = ("hit", "win_rate", "stayed", "hybrid", "fell_partly", "fell_fully", "unaccounted", "signing")


@transaction.atomic
def subscribe(reader: User) -> PortfolioSubscription:
    """From the month that runs now on. Twice is once."""
    require(reader, Permission.VIEW_PORTFOLIO, Organization.objects.consultancy())
    now = timezone.now()
    first = {"told_month": _last_month(reader, now), "since": now}
    subscription, is_new = PortfolioSubscription.objects.get_or_create(reader=reader, defaults=first)
    if is_new:
        record("portfolio.subscribed", subject=subscription, actor=reader)
    return subscription


@transaction.atomic
def unsubscribe(reader: User) -> None:
    for subscription in PortfolioSubscription.objects.select_for_update().filter(reader=reader):
        record("portfolio.unsubscribed", subject=subscription, actor=reader)
        subscription.delete()


def tell_portfolio(*, now: datetime | None = None) -> int:
    """Safe to run twice and twice at once: the month that was told of stands in the row, under its lock."""
    now = now or timezone.now()
    return each(lambda row: _tell(row.pk, now), PortfolioSubscription.objects.order_by("pk"))


@transaction.atomic
def _tell(pk: int, now: datetime) -> int:
    rows = PortfolioSubscription.objects.select_for_update(of=("self",)).select_related("reader")
    subscription = rows.filter(pk=pk, reader__is_active=True).first()
    if subscription is None:
        return 0
    reader, month = subscription.reader, _last_month(subscription.reader, now)
    may = allowed(reader, Permission.VIEW_PORTFOLIO, Organization.objects.consultancy())
    if subscription.told_month >= month or not may:
        return 0
    subscription.told_month = month
    subscription.save(update_fields=["told_month"])
    if not has_begun(portfolio_of(reader)):
        return 0
    subject, text, html = outbox.render_mail(KIND, _context(reader, month))
    posted = outbox.post(KIND, to=reader, subject=subject, text=text, html=html, reference=subscription)
    return int(posted is not None)


def _last_month(reader: User, now: datetime) -> str:
    """The month before the one it is where the reader is."""
    today = timezone.localdate(now, timezone=ZoneInfo(reader.time_zone))
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def _context(reader: User, month: str) -> dict[str, Any]:
    facts = facts_of(portfolio_of(reader))
    happened = [(row, narrowed(items_of(row.key, facts), {"month": month})) for row in definitions_of("months")]
    return {
        "person": reader,
        "month": f"{date.fromisoformat(f'{month}-01'):%B %Y}",
        "happened": [(row.label, len(items)) for row, items in happened],
        "standing": [figure_of(key, facts) for key in STANDING],
        "url": f"{settings.PORTAL_URL}{reverse('portfolio:overview')}",
        "why": "You asked for the figures of each month. The page of the portfolio has the switch.",
    }
