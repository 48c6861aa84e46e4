"""Waiting for two at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery.proxy.journal.commits import Done
    from delivery.proxy.journal.records import JournalUnavailable


class Both:
    """Tells `done` once two have told, with what failed first."""

    def __init__(self, done: Done) -> None:
        self.done, self.left = done, 2
        self.error: JournalUnavailable | None = None

    def __call__(self, error: JournalUnavailable | None) -> None:
        self.left -= 1
        self.error = self.error or error
        if not self.left:
            self.done(self.error)
