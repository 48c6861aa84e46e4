"""The verdict of an engagement, whole and stream by stream, with what people marked beside what the numbers say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.models import Stream
from pricing.calculation.hybrid import StreamPoints, weigh_streams
from pricing.calculation.proposal import work_out
from pricing.in_force import book_now
from pricing.models import Request, StreamSize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from accounts.models import User
    from engagements.models import Engagement
    from pricing.calculation.books import Book
    from pricing.calculation.diagnosis import Diagnosis
    from pricing.calculation.hybrid import Hybrid, StreamVerdict


@dataclass(frozen=True, slots=True)
class WeighedStream:
    """A stream as people marked it, what its numbers say, and where they come from."""

    stream: Stream
    size: StreamSize | None
    verdict: StreamVerdict

    @property
    def version(self) -> int:
        return self.size.version if self.size else 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """`diagnosis` is that of the whole, from the data points of the request."""

    diagnosis: Diagnosis
    hybrid: Hybrid
    rows: tuple[WeighedStream, ...]
    says_something: bool

    def row(self, number: int) -> WeighedStream | None:
        return next((row for row in self.rows if row.stream.number == number), None)

    @property
    def is_sized(self) -> bool:
        return any(row.size for row in self.rows)

    @property
    def marked(self) -> str:
        """2 migrate, 1 stays on Postfix, 1 is not decided."""
        routes = [row.stream.route for row in self.rows]
        words = {
            Stream.Route.MIGRATE: "migrate",
            Stream.Route.STAY: "stay on Postfix",
            Stream.Route.UNDECIDED: "undecided",
        }
        return ", ".join(f"{routes.count(route)} {word}" for route, word in words.items() if route in routes)


def weighed_for(engagement: Engagement, reader: User) -> Weighed | None:
    """Three queries, however many streams there are. None where nobody asked for anything yet."""
    return _weighed(engagement, Stream.objects.visible_to(reader), book_now())


def weighed_by(engagement: Engagement, book: Book) -> Weighed | None:
    """The same for the engagement's own papers, by a book that is in hand."""
    return _weighed(engagement, Stream.objects.all(), book)


def _weighed(engagement: Engagement, streams: QuerySet[Stream], book: Book) -> Weighed | None:
    request = Request.objects.filter(engagement=engagement).first()
    if request is None:
        return None
    kept = list(streams.filter(engagement=engagement).exclude(state=Stream.State.REMOVED).order_by("number"))
    sizes = {size.stream_id: size for size in StreamSize.objects.filter(stream__in=kept).select_related("changed_by")}
    proposal = work_out(request.points, book)
    found = weigh_streams(_points(kept, sizes), proposal.diagnosis, book.thresholds)
    pairs = zip(kept, found.streams, strict=True)
    rows = tuple(WeighedStream(stream, sizes.get(stream.pk), verdict) for stream, verdict in pairs)
    return Weighed(proposal.diagnosis, found, rows, proposal.says_something)


def _points(streams: Iterable[Stream], sizes: dict[int, StreamSize]) -> Iterable[StreamPoints]:
    for stream in streams:
        size = sizes.get(stream.pk)
        yield StreamPoints(stream.name, size.month, size.peak, size.ips) if size else StreamPoints(stream.name)
