"""The write-ahead journal of the routing proxy: docs/proxy-journal.md."""

from delivery.proxy.journal.journal import Journal
from delivery.proxy.journal.keys import Key, Secrecy
from delivery.proxy.journal.reading import read_journal
from delivery.proxy.journal.records import Entry, Intent, JournalError, JournalUnavailable, Outcome
from delivery.proxy.journal.settings import Settings

__all__ = [
    "Entry",
    "Intent",
    "Journal",
    "JournalError",
    "JournalUnavailable",
    "Key",
    "Outcome",
    "Secrecy",
    "Settings",
    "read_journal",
]
