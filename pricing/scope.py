"""What discovery found against what the accepted quote covers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from discovery.models import Answer, Pool, SendingAddress, Stream, Upload
from pricing.calculation.books import book_on
from pricing.calculation.facts import counted, points_from
from pricing.given_terms import points_in
from pricing.models import Quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engagements.models import Engagement
    from pricing.calculation.facts import DataPoints

CONFIGURATION, QUESTIONNAIRE, PEOPLE = "The configuration shows", "The questionnaire says", "The stream list holds"
# Questions whose submitted answer counts: files can only propose who is a tenant and which domains send.
ANSWERED = {"tenants": "tenants", "sender_domains": "domains"}
SHARED = ("random", "numbered")


@dataclass(frozen=True, slots=True)
class Found:
    """How many of something discovery found; `says` names who says so."""

    fact: str
    count: int
    says: str

    @property
    def words(self) -> str:
        return f"{self.says} {counted(self.fact, self.count)}"


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A limit of the tier that does not hold."""

    found: Found
    limit: int
    tier: str

    @property
    def sentence(self) -> str:
        covers = counted(self.found.fact, self.limit)
        return f"{self.found.words}; {self.tier} covers {covers}: a new quote is agreed before gate 1."


def found_in(engagement: Engagement) -> list[Found]:
    """What is certain. A configuration that leaves the address to the system says nothing of IPs."""
    return [*_configured(engagement), *_confirmed(engagement), *_answered(engagement)]


def _configured(engagement: Engagement) -> Iterator[Found]:
    """Hosts that share an address or a pool count it once."""
    current = Upload.objects.filter(engagement=engagement).current()
    named = SendingAddress.objects.filter(upload__in=current).exclude(reach="loopback").exclude(address="")
    if addresses := named.order_by().values("address").distinct().count():
        yield Found("ips", addresses, CONFIGURATION)
    pools = Pool.objects.filter(upload__in=current, kind__in=SHARED).exclude(confidence="guess")
    if names := pools.order_by().values("name").distinct().count():
        yield Found("pools", names, CONFIGURATION)


def _confirmed(engagement: Engagement) -> Iterator[Found]:
    if streams := Stream.objects.filter(engagement=engagement, state=Stream.State.CONFIRMED).count():
        yield Found("streams", streams, PEOPLE)


def _answered(engagement: Engagement) -> Iterator[Found]:
    answers = Answer.objects.filter(
        sheet__engagement=engagement, sheet__submitted_at__isnull=False, question__in=ANSWERED, is_unknown=False
    )
    for answer in answers:
        if isinstance(answer.value, int):
            yield Found(ANSWERED[answer.question], answer.value, QUESTIONNAIRE)


def exceeded_by(quote: Quote) -> list[Exceeded]:
    """The limits of the quote's tier, as they were when it was made, that discovery goes beyond."""
    limits = book_on(date.fromisoformat(quote.snapshot["book_day"])).tier(quote.tier_key).limits
    found = found_in(quote.engagement)
    return [
        Exceeded(one, limits[one.fact], quote.tier_label)
        for one in found
        if one.fact in limits and one.count > limits[one.fact]
    ]


def exceeded_in(engagement: Engagement) -> list[Exceeded]:
    """The same for the quote in force; nothing where none was accepted."""
    quote = Quote.objects.filter(engagement=engagement).agreed().first()
    return exceeded_by(quote) if quote else []


def points_as_found(quote: Quote) -> DataPoints:
    """The data points of a quote with what discovery counts above them: it never makes an estate smaller."""
    points = points_in(quote)
    found = {one.fact: one.count for one in found_in(quote.engagement)}
    larger = {fact: count for fact, count in found.items() if count > (getattr(points, fact) or 0)}
    return points_from({**asdict(points), **larger})
