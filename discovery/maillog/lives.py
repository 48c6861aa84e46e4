"""What a block says about the messages of one host: those that begin and end in it are added up all at once.

The others, and those that are put off or touched by hand, go line by line into what is under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from discovery.maillog.alike import alike, numbered
from discovery.maillog.joins import Attempts
from discovery.maillog.octets import mark
from discovery.maillog.outcomes import DEFERRED, NAMES, NUMBERS
from discovery.maillog.providers import names
from discovery.maillog.streams import UNKNOWN

if TYPE_CHECKING:
    from discovery.maillog.joins import Joins
    from discovery.maillog.octets import Choice, Marks, Places
    from discovery.maillog.stamps import Key

UNNAMED = mark(UNKNOWN)


@dataclass(slots=True)
class Lives:
    """Lines of one host as columns, the first of each are marks of queue ids."""

    ids: list[Marks]  # Message-IDs; a message is once in it
    queued: list[Marks]  # senders' domains, sizes
    attempts: list[Marks]  # recipients, providers, outcomes, numbers of hours
    removed: Marks
    passed: Marks  # the next queue id of messages that a filter handed back
    touched: Marks  # by hand, or given up
    senders: dict[int, bytes]  # domains by their marks
    hours: list[Key]  # by their numbers


class Filing:
    """Files lives with the messages that are under way."""

    def __init__(self, lives: Lives, joins: Joins) -> None:
        """Give every message of the block a number, and tell which of them are whole."""
        self.lives, self.joins = lives, joins
        columns = [lives.ids[0], lives.queued[0], lives.attempts[0], lives.removed, lives.passed, lives.touched]
        together = np.concatenate(columns)
        rows, numbers = numbered(together)
        self.queue_ids = together[rows]
        ends = np.cumsum([len(column) for column in columns])
        self.ids, self.queued, self.attempts, self.removed, self.passed, self.touched = np.split(numbers, ends[:-1])
        self.is_whole = self._whole()

    def _whole(self) -> Choice:
        """Begun and removed here, by the queue manager, and nothing of it was or is put off."""
        is_whole = self._at(self.ids) & self._at(self.removed)
        is_put_off = self.lives.attempts[3] == np.uint64(NUMBERS[DEFERRED])
        is_whole[self.attempts[is_put_off]] = False
        is_whole[self.touched] = False
        candidates = np.flatnonzero(is_whole)
        known = self.joins.senders.keys() | self.joins.waiting.keys() if self.joins.waiting else self.joins.senders
        under_way = map(known.__contains__, self.queue_ids[candidates].tolist())
        is_whole[candidates] = ~np.fromiter(under_way, bool, len(candidates))
        return is_whole

    def _at(self, numbers: Places) -> Choice:
        there = np.zeros(len(self.queue_ids), bool)
        there[numbers] = True
        return there

    def begin(self) -> None:
        """File the beginnings; add up what whole messages say."""
        part = ~self.is_whole[self.ids]
        queue_ids, ids = (column[part].tolist() for column in self.lives.ids)
        self.joins.begin(dict(zip(queue_ids, ids, strict=True)))
        is_whole = self.is_whole[self.queued]
        queue_ids, senders, sizes = (column[~is_whole].tolist() for column in self.lives.queued)
        self.joins.queued(queue_ids, [self.lives.senders[sender] for sender in senders], sizes)
        self._add_up(is_whole)

    def _add_up(self, is_queued: Choice) -> None:
        senders = np.full(len(self.queue_ids), UNNAMED, np.uint64)
        sizes = np.zeros(len(self.queue_ids), np.uint64)
        messages = self.queued[is_queued]
        senders[messages] = self.lives.queued[1][is_queued]
        sizes[messages] = self.lives.queued[2][is_queued]  # one that is tried again says it again
        self.joins.bytes += int(sizes.sum())
        rows = np.flatnonzero(self.is_whole[self.attempts])
        providers, outcomes, hours = (column[rows] for column in self.lives.attempts[2:])
        columns = (hours, providers, senders[self.attempts[rows]], outcomes)
        kinds, counts = alike(*columns)
        for hour, provider, sender, outcome, count in zip(
            *(column[kinds].tolist() for column in columns), counts, strict=True
        ):
            domain = UNKNOWN if sender == UNNAMED else self.lives.senders[sender]
            self.joins.count(self.lives.hours[hour], names()[provider], domain, NAMES[outcome], count)

    def handed_back(self) -> Marks:
        """The Message-IDs of messages that came back from a filter, for each time."""
        values = np.zeros(len(self.queue_ids), np.uint64)
        values[self.ids] = self.lives.ids[1]
        is_here = self._at(self.ids)[self.passed]
        earlier = map(self.joins.ids.get, self.lives.passed[~is_here].tolist())
        known = np.array([each for each in earlier if each is not None], np.uint64)
        return np.concatenate((values[self.passed[is_here]], known))

    def deliver(self) -> None:
        rows = np.flatnonzero(~self.is_whole[self.attempts])
        queue_ids, recipients, providers, outcomes, hours = (column[rows].tolist() for column in self.lives.attempts)
        self.joins.delivered(
            Attempts(
                queue_ids,
                recipients,
                [names()[each] for each in providers],
                [NAMES[each] for each in outcomes],
                [self.lives.hours[each] for each in hours],
            )
        )

    def remove(self) -> None:
        self.joins.remove(self.lives.removed[~self.is_whole[self.removed]].tolist())
