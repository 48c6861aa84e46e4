"""Tables without a file of their own, and tables made of tables (DATABASE_README)."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from discovery.lookup.answers import ABSENT, FOUND, Found


class Table(Protocol):
    """Anything that answers a key. `is_fixed`: keys are compared whole, so parts of an address may be asked for."""

    name: str
    is_fixed: bool

    def find(self, key: str) -> Found:
        """What this table says to one key."""
        ...


class StaticTable:
    """One answer, whatever is asked."""

    is_fixed = True

    def __init__(self, name: str, value: str) -> None:
        """Answer with `value`."""
        self.name, self._value = name, value

    def find(self, key: str) -> Found:  # noqa: ARG002 (whatever is asked)
        """The one value."""
        return Found(FOUND, self._value)


class InlineTable:
    """Rows that stand in the parameter itself."""

    is_fixed = True

    def __init__(self, name: str, rows: Mapping[str, str]) -> None:
        """Keys are in lower case."""
        self.name, self._rows = name, rows

    def find(self, key: str) -> Found:
        """The value of one row."""
        value = self._rows.get(key.lower())
        return Found(ABSENT) if value is None else Found(FOUND, value)


class SilentTable:
    """A table that cannot be asked here; `answer` says why, or what would be asked."""

    is_fixed = True

    def __init__(self, name: str, answer: Found) -> None:
        """Give `answer` to every key."""
        self.name, self._answer = name, answer

    def find(self, key: str) -> Found:  # noqa: ARG002 (whatever is asked)
        """Why there is no answer."""
        return self._answer


class PipeTable:
    """Each table is asked for what the one before it answered; all have to answer."""

    def __init__(self, name: str, tables: Sequence[Table]) -> None:
        """Ask `tables` in their order."""
        self.name, self._tables = name, tables
        self.is_fixed = all(table.is_fixed for table in tables[:1])

    def find(self, key: str) -> Found:
        """The last table's answer, or the first that is none."""
        found = Found(ABSENT)
        for table in self._tables:
            found = table.find(key)
            if not found.is_found:
                return found
            key = found.value
        return found


class UnionTable:
    """The answers of all tables, joined by commas."""

    def __init__(self, name: str, tables: Sequence[Table]) -> None:
        """Ask `tables` in their order."""
        self.name, self._tables = name, tables
        self.is_fixed = any(table.is_fixed for table in tables)

    def find(self, key: str) -> Found:
        """All that was found; one open answer leaves the whole open."""
        answers = [table.find(key) for table in self._tables]
        found = [answer for answer in answers if answer.is_found]
        opened = next((answer for answer in answers if answer.is_open), None)
        if opened:
            return opened
        if not found:
            return Found(ABSENT)
        return Found(FOUND, ",".join(each.value for each in found), found[0].file, found[0].line)


class RandomTable:
    """One of several answers, drawn anew each time."""

    is_fixed = True

    def __init__(self, name: str, values: Sequence[str]) -> None:
        """Draw from `values`."""
        self.name, self._values = name, values

    def find(self, key: str) -> Found:  # noqa: ARG002 (whatever is asked)
        """All that may come, because nobody can say which one will."""
        note = f"Postfix draws one of these {len(self._values)} at random, each time anew."
        return Found(FOUND, ", ".join(self._values), note=note if len(self._values) > 1 else "")
