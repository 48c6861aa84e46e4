"""Tables without a file of their own, and tables made of tables (DATABASE_README)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product
from typing import Protocol

from discovery.lookup.answers import ABSENT, FOUND, Found, drawn_from

MOST_DRAWS = 100


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
        return self._through(self._tables, key)

    def _through(self, tables: Sequence[Table], key: str) -> Found:
        """Each value that may be drawn goes its own way through the tables that follow."""
        found = tables[0].find(key) if tables else Found(ABSENT)
        if not found.is_found or len(tables) == 1:
            return found
        ways = found.drawn[:MOST_DRAWS] or (found.value,)
        return one_of(self._through(tables[1:], way) if way else Found(ABSENT) for way in ways)


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
        ways = islice(product(*(each.drawn or (each.value,) for each in found)), MOST_DRAWS)
        return drawn_from((",".join(filter(None, way)) for way in ways), found[0].file, found[0].line)


class RandomTable:
    """One of several answers, drawn anew each time."""

    is_fixed = True

    def __init__(self, name: str, values: Sequence[str]) -> None:
        """Draw from `values`."""
        self.name, self._values = name, values

    def find(self, key: str) -> Found:  # noqa: ARG002 (whatever is asked)
        """All that may come, because nobody can say which one will."""
        return drawn_from(self._values or ("",))


def one_of(answers: Iterable[Found]) -> Found:
    """The answer of a table that was asked for each of several values; one open answer leaves the whole open."""
    held = list(answers)
    opened = next((answer for answer in held if answer.is_open), None)
    if opened or len(held) == 1:
        return opened or held[0]
    values = [value for answer in held for value in answer.drawn or (answer.value,)]
    first = next((answer for answer in held if answer.is_found), held[0])
    return drawn_from(values, first.file, first.line)
