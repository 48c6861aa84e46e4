"""What the pages and routes of bounces and complaints read: what is asked for, counts, and how fresh it all is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q
from django.utils import timezone

from core.components import Status, StatusKind
from delivery.feedback.judging import load_taxonomy
from delivery.feedback.limits import load_limits
from delivery.models import FeedbackFile, FeedbackItem, Mailbox, Suppression

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.models import User
    from delivery.models.feedback import FeedbackItemQuerySet, SuppressionQuerySet
    from engagements.models import Engagement

FILTERED = ("category", "provider", "source", "kind")
LONGEST_TEXT = 320
OF_THE_NEW_ROUTE = (FeedbackItem.Source.POWERMTA, FeedbackItem.Source.KUMOMTA)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the reader asked for; empty is everything."""

    category: str = ""
    provider: str = ""
    source: str = ""
    kind: str = ""
    day: str = ""
    text: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> QueueFilter:
        sent = {name: str(asked.get(name, "")).replace("\x00", "")[:80] for name in FILTERED}
        text = asked.get("text", "").replace("\x00", "").strip()[:LONGEST_TEXT]
        return cls(**sent, day=_day(asked.get("day", "")), text=text)

    def apply(self, items: FeedbackItemQuerySet) -> FeedbackItemQuerySet:
        asked = {name: getattr(self, name) for name in (*FILTERED, "day") if getattr(self, name)}
        found = items.filter(**asked)
        if not self.text:
            return found
        name = "message_id" if self.text.startswith("<") else "recipient__iexact" if "@" in self.text else "queue_id"
        return found.filter(**{name: self.text})


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Row:
    """A category with how much of it there is."""

    key: str
    title: str
    means: str
    action: str
    count: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """When something was taken last; a status that is never good once that is too long ago."""

    taken_at: datetime | None
    status: Status
    hours: int

    @property
    def is_stale(self) -> bool:
        return self.status.kind is StatusKind.PROBLEM


def items_of(engagement: Engagement, reader: User) -> FeedbackItemQuerySet:
    return FeedbackItem.objects.visible_to(reader).filter(engagement=engagement)


def standing_of(engagement: Engagement, reader: User) -> SuppressionQuerySet:
    visible = Suppression.objects.visible_to(reader).filter(engagement=engagement)
    return visible.standing()


def scope_in(asked: Mapping[str, str]) -> str:
    """The stream or list whose addresses are asked for; empty for all."""
    return asked.get("scope", "").replace("\x00", "").strip()[:80]


def counts_of(items: FeedbackItemQuerySet) -> list[Row]:
    """By category, the most frequent first."""
    book = load_taxonomy().categories
    told = items.order_by().values_list("category").annotate(count=Count("pk")).order_by("-count", "category")
    rows = [(book[key], count) for key, count in told if key in book]
    labels = dict(FeedbackItem.Action.choices)
    return [Row(each.key, each.title, each.means, labels[each.action.value], count) for each, count in rows]


def failures_told(engagement: Engagement, *, since: datetime, until: datetime) -> int | None:
    """How many recipients failed in that time, by what came back; None where no bounce ever came.

    Where the new route tells its bounces by itself, those alone are counted: the others may be Postfix's.
    """
    items = FeedbackItem.objects.filter(engagement=engagement, kind=FeedbackItem.Kind.FAILED)
    if not items.exists():
        return None
    told_by_itself = items.filter(source__in=OF_THE_NEW_ROUTE)
    items = told_by_itself if told_by_itself.exists() else items
    within = Q(happened_at__gte=since, happened_at__lt=until)
    unknown = Q(happened_at=None, taken_at__gte=since, taken_at__lt=until)
    return items.filter(within | unknown).count()


def freshness_of(engagement: Engagement, reader: User) -> Freshness:
    """By the last thing that was taken in: a file or mailbox that was read and held nothing new counts too."""
    hours = load_limits().stale_hours
    files = FeedbackFile.objects.visible_to(reader).filter(engagement=engagement)
    mailboxes = Mailbox.objects.visible_to(reader).filter(engagement=engagement)
    moments = [
        items_of(engagement, reader).aggregate(latest=Max("taken_at"))["latest"],
        files.aggregate(latest=Max("read_at"))["latest"],
        mailboxes.aggregate(latest=Max("read_at"))["latest"],
    ]
    latest = max((moment for moment in moments if moment), default=None)
    if latest is None:
        return Freshness(None, Status(StatusKind.NOT_STARTED, "Nothing yet"), hours)
    if timezone.now() - latest > timedelta(hours=hours):
        return Freshness(latest, Status(StatusKind.PROBLEM, "No news for too long"), hours)
    return Freshness(latest, Status(StatusKind.COMPLETED, "Data comes in"), hours)


def choices_in(items: FeedbackItemQuerySet, name: str) -> list[tuple[str, str]]:
    """The values that occur, as options."""
    found = items.order_by(name).values_list(name, flat=True).distinct()
    if name == "category":
        book = load_taxonomy().categories
        return [(value, book[value].title if value in book else value) for value in found]
    labels = dict(getattr(FeedbackItem, name.title()).choices) if name in ("kind", "source") else {}
    return [(value, labels.get(value, value)) for value in found]
