"""What happens beside the mail: the clock is written down, old segments go, siblings' folders are looked at."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from delivery.proxy.journal.clock import now
from delivery.proxy.journal.records import encode_tick

if TYPE_CHECKING:
    from delivery.proxy.journal.journal import Journal

ROUND = 60.0
LOOK = 1.0


class Housekeeping:
    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.began = self.compacted = journal.clock.read()
        self.ticked_at = journal.segment.size
        self.expire()
        self.timer = journal.loop.call_later(ROUND, self.go_round)
        self.look = journal.loop.call_later(LOOK, self.look_round)

    def stop(self) -> None:
        self.timer.cancel()
        self.look.cancel()
        with contextlib.suppress(OSError):
            self.journal.unknowns.flush()

    def go_round(self) -> None:
        journal = self.journal
        self.timer = journal.loop.call_later(ROUND, self.go_round)
        with contextlib.suppress(
            OSError
        ):  # the journal says itself when it cannot be written; the next round tries again
            self.tick()
            self.expire()
            for sibling in journal.siblings:
                sibling.refresh()

    def look_round(self) -> None:
        """Another process may just have begun."""
        self.look = self.journal.loop.call_later(LOOK, self.look_round)
        with contextlib.suppress(OSError):
            self.journal.find_siblings()

    def tick(self) -> None:
        """Only where something was written since: an idle journal stays as it is."""
        journal = self.journal
        journal.unknowns.flush()
        if not journal.available or journal.segment.size == self.ticked_at:
            return
        clock = journal.clock.read()
        if clock - journal.segment_began >= journal.settings.segment_age:
            journal.rotate()
        journal.segment.append(encode_tick(now(), clock))
        journal.commits.flush()
        self.ticked_at = journal.segment.size

    def expire(self) -> None:
        journal, settings = self.journal, self.journal.settings
        clock = journal.clock.read()
        keep = max(settings.retention, settings.retry_window)
        journal.shelf.expire(ask=clock - settings.retry_window, keep=clock - keep)
        if clock - self.compacted >= settings.unknown_window / 10:
            self.compacted = clock
            keep = max(keep, settings.unknown_window)
            journal.unknowns.compact(keep=clock - keep, ask=clock - settings.unknown_window)
