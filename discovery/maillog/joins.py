"""What needs more than one line: whose mail it was, which recipients still wait, what passed through twice.

Logs are read in parts, side by side. A part knows only the messages whose beginning it saw; what it reads about
others is kept as events, and played back in order when the parts are put together. Memory is bounded: past the caps
the oldest messages are forgotten, which is counted.
"""

from __future__ import annotations

from collections import Counter, deque
from itertools import compress, repeat
from operator import eq, is_, or_
from typing import TYPE_CHECKING, Any, NamedTuple

from discovery.maillog.streams import UNKNOWN, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from discovery.maillog.streams import Cells

MOST_LIVE = 1_000_000
MOST_EVENTS = 500_000
MOST_CELLS = 200_000  # of streams by hour and provider, before the small streams go


class Event(NamedTuple):
    """One line of a message: `step` is sender, deferred, final, expired or removed."""

    step: str
    queue_id: int
    provider: str
    about: Any  # the recipient, or the sender's domain
    outcome: str
    size: int = 0
    hour: Any = None


class Attempts(NamedTuple):
    """Attempts in their order, in columns; hours are as the part of the log has them."""

    queue_ids: list[int]
    recipients: list[int]
    providers: list[str]
    outcomes: list[str]
    hours: list[Any]


class Joins:
    """The messages of one host that are under way."""

    def __init__(self) -> None:
        """Nothing under way."""
        self.senders: dict[int, bytes] = {}
        self.ids: dict[int, int] = {}  # marks of Message-IDs
        self.foreign: set[int] = set()
        self.waiting: dict[int, dict[int, str]] = {}
        self.events: list[Event] = []
        self.by_sender: Counter[tuple[bytes, str]] = Counter()
        self.by_stream: Cells[bytes] = Counter()
        self.room = MOST_CELLS
        self.put_off: Counter[tuple[str, bytes]] = Counter()  # recipients put off at least once, by provider and sender
        self.expired: Counter[tuple[str, bytes]] = Counter()
        self.bytes = 0  # of messages that began here
        self.taken_out: int = 0  # recipients of messages removed by hand
        self.forgotten: int = 0

    def begin(self, ids: dict[int, int]) -> None:
        """Messages whose header was read here, with the mark of their Message-ID."""
        self.ids.update(ids)
        self.senders.update(dict.fromkeys(ids, UNKNOWN))

    def queued(self, queue_ids: list[int], domains: list[bytes], sizes: list[int]) -> None:
        """Messages with the domain of the sender and the size; one that is tried again says them again."""
        known = list(map(self.senders.get, queue_ids))
        is_begun = list(map(eq, known, repeat(UNKNOWN)))
        self.bytes += sum(dict(zip(compress(queue_ids, is_begun), compress(sizes, is_begun), strict=True)).values())
        self.senders.update(zip(compress(queue_ids, is_begun), compress(domains, is_begun), strict=True))
        if None in known:
            rows = zip(queue_ids, domains, sizes, strict=True)
            for queue_id, domain, size in compress(rows, map(is_, known, repeat(None))):
                if queue_id not in self.foreign:
                    self.foreign.add(queue_id)
                    self._keep(Event("sender", queue_id, "", domain, "", size))

    def delivered(self, attempts: Attempts) -> None:
        queue_ids, _, providers, outcomes, hours = attempts
        senders = list(map(self.senders.get, queue_ids))
        counted = Counter(zip(hours, providers, senders, outcomes, strict=True))
        for (hour, provider, sender, outcome), count in counted.items():
            if sender is not None:
                self.count(hour, provider, sender, outcome, count)
        if "deferred" in outcomes or None in senders or not self.waiting.keys().isdisjoint(queue_ids):
            put_off = self.waiting.keys() | compress(queue_ids, map(eq, outcomes, repeat("deferred")))
            asked = map(or_, map(is_, senders, repeat(None)), map(put_off.__contains__, queue_ids))
            for row in compress(zip(senders, *attempts, strict=True), asked):
                self._follow_up(*row)

    def count(self, hour: Any, provider: str, sender: bytes, outcome: str, count: int) -> None:
        self.by_sender[sender, outcome] += count
        self.by_stream[hour, provider, sender, outcome] += count
        self._fold()

    def _fold(self) -> None:
        """What is left may be much by right: there is room for as much again before the next look."""
        if len(self.by_stream) > self.room:
            self.by_stream = folded(self.by_stream)
            self.room = max(MOST_CELLS, 2 * len(self.by_stream))

    def _follow_up(
        self, sender: bytes | None, queue_id: int, recipient: int, provider: str, outcome: str, hour: Any
    ) -> None:
        if sender is None:
            step = "deferred" if outcome == "deferred" else "final"
            self._keep(Event(step, queue_id, provider, recipient, outcome, hour=hour))
        elif outcome == "deferred":
            self._put_off(queue_id, recipient, provider, sender)
        elif queue_id in self.waiting:
            self.waiting[queue_id].pop(recipient, None)

    def _put_off(self, queue_id: int, recipient: int, provider: str, sender: bytes) -> None:
        waiting = self.waiting.setdefault(queue_id, {})
        if recipient not in waiting:
            waiting[recipient] = provider
            self.put_off[provider, sender] += 1

    def expire(self, queue_id: int) -> None:
        """The recipients that still waited are given up."""
        if queue_id not in self.senders:
            self._keep(Event("expired", queue_id, "", b"", ""))
            return
        waiting, sender = self.waiting.pop(queue_id, {}), self.senders[queue_id]
        for provider in waiting.values():
            self.expired[provider, sender] += 1
        self.by_sender[sender, "expired"] += len(waiting)

    def remove(self, queue_ids: Iterable[int]) -> None:
        ended = list(queue_ids)
        deque(map(self.ids.pop, ended, repeat(None)), maxlen=0)
        if None in (senders := list(map(self.senders.pop, ended, repeat(None)))):
            for queue_id in compress(ended, map(is_, senders, repeat(None))):
                self._keep(Event("removed", queue_id, "", b"", ""))
        for queue_id in filter(self.waiting.__contains__, ended):
            self.taken_out += len(self.waiting.pop(queue_id, ()))
        self._forget()

    def _keep(self, event: Event) -> None:
        if len(self.events) < MOST_EVENTS:
            self.events.append(event)
        else:
            self.forgotten += 1

    def _forget(self) -> None:
        """Let the oldest half go when too much is under way: their last lines were lost."""
        if len(self.senders) <= MOST_LIVE:
            return
        for queue_id in list(self.senders)[: MOST_LIVE // 2]:
            self.senders.pop(queue_id)
            self.ids.pop(queue_id, None)
            self.waiting.pop(queue_id, None)
            self.forgotten += 1

    def follow(self, later: Joins) -> None:
        """Put the part of the log that comes next behind this one, which then stands for both."""
        for event in later.events:
            self._play(event)
        self.by_sender.update(later.by_sender)
        self.by_stream.update(later.by_stream)
        self._fold()
        self.put_off.update(later.put_off)
        self.expired.update(later.expired)
        self.senders.update(later.senders)
        self.ids.update(later.ids)
        self.waiting.update(later.waiting)
        self.taken_out += later.taken_out
        self.bytes += later.bytes
        self.forgotten += later.forgotten

    def close(self) -> None:
        """Nothing comes before what was read: what is left are messages whose beginning is in no log."""
        events, self.events = self.events, []
        for event in events:
            self.senders.setdefault(event.queue_id, event.about if event.step == "sender" else UNKNOWN)
            self._play(event)

    def _play(self, event: Event) -> None:
        """One line about a message that began in an earlier part; kept on when that part is not here yet."""
        queue_id = event.queue_id
        if queue_id not in self.senders:
            self._keep(event)
            return
        match event.step:
            case "removed":
                self.remove([queue_id])
            case "sender":
                self.queued([queue_id], [event.about], [event.size])
            case "expired":
                self.expire(queue_id)
            case _:
                self.delivered(Attempts([queue_id], [event.about], [event.provider], [event.outcome], [event.hour]))

    def relabel(self, moments: Mapping[Any, Any]) -> None:
        """Hours become moments once the year is known."""
        moved: Cells[bytes] = Counter()
        for (hour, *rest), count in self.by_stream.items():
            moved[moments[hour], *rest] += count
        self.by_stream = moved
        self.events = [each if each.hour is None else each._replace(hour=moments[each.hour]) for each in self.events]

    @property
    def still_waiting(self) -> int:
        """Recipients that were put off and have no end in what was read."""
        return sum(map(len, self.waiting.values()))
