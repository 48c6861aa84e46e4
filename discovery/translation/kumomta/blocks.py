"""Rows of address tables as blocks of Lua, which mail_routing.lua searches in Postfix's order.

{ on = "keys", rows = { ["a@b.example"] = VALUE } }     the whole address
{ on = "domain" | "subdomains", rows = {...} }          its domain, or a domain above it
{ on = "pattern", tests = {...}, value = VALUE }        an expression over the whole address
{ on = "everything", value = VALUE }
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from discovery.translation.emission import Line, indented
from discovery.translation.kumomta.quoting import lua_string
from discovery.translation.kumomta.rules import tests_of
from discovery.translation.sending import Expression, Origin


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `on` is keys, domain, subdomains, pattern or everything; `value` is written in Lua."""

    on: str
    key: str
    value: str
    origin: Origin
    tests: tuple[Expression, ...] = ()


def block_lines(name: str, rows: Iterable[Row]) -> Iterator[Line]:
    """`name = { block, ... },`; nothing when there are no rows. Raises UnequalError for an expression without equal."""
    made = list(rows)
    if not made:
        return
    yield Line(f"{name} = {{", (made[0].origin,))
    for is_single, group in groupby(enumerate(made), lambda pair: kind_of(*pair)):
        members = [row for _, row in group]
        yield from indented(single(members[0]) if is_single[1] else table(members))
    yield Line("},")


def kind_of(number: int, row: Row) -> tuple[str, int]:
    """Rows with keys that follow each other share one table; others stand alone."""
    return (row.on, number + 1) if row.on in {"pattern", "everything"} else (row.on, 0)


def single(row: Row) -> Iterator[Line]:
    tests = f"tests = {tests_of(row.tests, is_text_filled=False)}, " if row.on == "pattern" else ""
    yield Line(f'{{ on = "{row.on}", {tests}value = {row.value} }},', (row.origin,))


def table(rows: list[Row]) -> Iterator[Line]:
    """The first row of a key counts, as in Postfix."""
    yield Line(f'{{ on = "{rows[0].on}", rows = {{', (rows[0].origin,))
    seen: set[str] = set()
    for row in rows:
        if row.key.lower() not in seen:
            seen.add(row.key.lower())
            yield Line(f"  [{lua_string(row.key.lower())}] = {row.value},", (row.origin,))
    yield Line("} },")
