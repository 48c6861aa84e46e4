"""Rows of regexp and pcre tables for the estate: expressions with the `if` lines around them."""

from collections.abc import Iterator
from dataclasses import dataclass

from discovery.lookup.rules import Rule, nest, read_patterns
from discovery.postfix import MapUse
from discovery.postfix.lines import logical_lines
from discovery.postfix.tables import PATTERN_KINDS
from discovery.translation.sending.desk import ABSENT, Desk
from discovery.translation.sending.model import Expression, Origin


@dataclass(frozen=True, slots=True)
class PatternRow:
    """One line of a pattern table that Postfix keeps; `conditions` are the `if` expressions it stands in."""

    op: str
    patterns: tuple[Expression, ...]
    conditions: tuple[Expression, ...]
    value: str
    origin: Origin


def is_pattern_table(table: MapUse) -> bool:
    return table.kind in PATTERN_KINDS


def pattern_rows(desk: Desk, table: MapUse) -> Iterator[PatternRow]:
    """Every line in order, `if` and `endif` too; a line Postfix leaves out is refused with Postfix's reason."""
    if not table.source:
        desk.refuse_table(table, ABSENT)
        return
    text = desk.bundle.files[table.source].text
    book = read_patterns(table.kind, (line for line in logical_lines(text) if not line.is_orphan))
    nested, more = nest(book.rules)
    for fault in (*book.faults, *more):
        desk.refuse(
            Origin(table.source, fault.line, table.parameter), "", f"Postfix leaves this line out: {fault.message}."
        )
    opened: list[Expression] = []
    for rule, depth in nested:
        del opened[depth:]
        row = row_of(table, rule, tuple(opened))
        if rule.op == "if":
            opened += row.patterns
        yield row


def row_of(table: MapUse, rule: Rule, conditions: tuple[Expression, ...]) -> PatternRow:
    patterns = tuple(Expression(table.kind, each.text, each.flags, each.is_negated) for each in rule.patterns)
    key = f"/{rule.patterns[0].text}/" if rule.patterns else rule.op
    return PatternRow(rule.op, patterns, conditions, rule.value, Origin(table.source, rule.line, key))
