"""Uploads as runs: what one shows against another. Pure: rows in, differences out."""

from discovery.runs.comparison import Change, Item, Run, RunComparison, Section, compare
from discovery.runs.items import items_of

__all__ = ["Change", "Item", "Run", "RunComparison", "Section", "compare", "items_of"]
