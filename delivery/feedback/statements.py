"""The queue as SQL for a table of the customer's own: rows that are there already are left as they are.

Written for `psql` and `mysql`, which both stop at the first error then and end with another status than 0, so that the
portal knows no password of a customer's database. What is to count once
needs a unique key in the table, on `id` for example: the same rows asked for again then change nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from delivery.feedback.limits import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from delivery.feedback.exports import Columns

TABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?")
USUAL_TABLE = "bounces"


@dataclass(frozen=True, slots=True)
class Dialect:
    """`known` is what an INSERT says of a row that is there already; `{first}` stands for its first column."""

    opening: str
    mark: str
    known: str
    text: Callable[[str], str]
    moment: Callable[[datetime], str]

    def name(self, word: str) -> str:
        return ".".join(f"{self.mark}{piece}{self.mark}" for piece in word.split("."))

    def column(self, word: str) -> str:
        return f"{self.mark}{word}{self.mark}"

    def value(self, value: object) -> str:
        if value is None or value == "":
            return "NULL"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, datetime):
            return self.text(self.moment(value.astimezone(UTC)))
        return self.text(value.isoformat() if isinstance(value, date) else str(value))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _in_hex(text: str) -> str:
    """Whatever NO_BACKSLASH_ESCAPES says, nothing in it is read as an escape."""
    return f"CONVERT(X'{text.encode('utf-8', 'replace').hex()}' USING utf8mb4)"


POSTGRESQL = Dialect(
    opening="\\set ON_ERROR_STOP on\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\nBEGIN;\n",
    mark='"',
    known="ON CONFLICT DO NOTHING",
    text=_quoted,
    moment=lambda moment: moment.isoformat(),
)
MYSQL = Dialect(
    opening="SET NAMES utf8mb4;\nSET time_zone = '+00:00';\nSTART TRANSACTION;\n",
    mark="`",
    known="ON DUPLICATE KEY UPDATE {first} = {first}",
    text=_in_hex,
    moment=lambda moment: f"{moment:%Y-%m-%d %H:%M:%S.%f}",
)


def table_in(text: str) -> str:
    """`bounces`, or what was asked for: a name, or a schema and a name. Raises Unreadable."""
    name = text.strip() or USUAL_TABLE
    if not TABLE.fullmatch(name):
        raise Unreadable(
            f"“{name[:60]}” cannot be the name of a table: letters, digits and _, a schema before a point."
        )
    return name


def as_sql(rows: Iterable[Sequence[object]], columns: Columns, *, table: str, dialect: Dialect) -> Iterator[str]:
    """One transaction: all rows are in the table afterwards, or none of them is."""
    names = [dialect.column(name) for name, _ in columns]
    known = dialect.known.format(first=names[0])
    yield dialect.opening
    for row in rows:
        values = ", ".join(map(dialect.value, row))
        yield f"INSERT INTO {dialect.name(table)} ({', '.join(names)}) VALUES ({values}) {known};\n"  # noqa: S608 (names are letters and digits, values are quoted by the dialect; the customer runs it)
    yield "COMMIT;\n"
