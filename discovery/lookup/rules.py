"""Reads the rules of regexp, pcre and cidr tables (regexp_table(5), pcre_table(5), cidr_table(5)).

A line that Postfix warns about and leaves out gives no rule; what it says about it comes back as a `Fault`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from discovery.lookup.numbers import whole_number
from discovery.postfix.lines import BLANKS, LogicalLine

FLAGS = {"regexp": "imx", "pcre": "imsxAEUX"}
REPLACEMENT = re.compile(r"\$(?:(\$)|\{([^{}]*)\}|\(([^()]*)\)|(\w*))")


@dataclass(frozen=True, slots=True)
class Fault:
    """What Postfix warns about when it opens the table."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One `/expression/flags`."""

    text: str
    flags: str
    is_negated: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """`op` is match, if or endif. `value` is the replacement as it is written."""

    op: str
    line: int
    patterns: tuple[Pattern, ...] = ()
    value: str = ""


@dataclass(slots=True)
class RuleBook:
    """The rules of one table in their order."""

    rules: list[Rule] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class BadRuleError(ValueError):
    """One line cannot be used; the text says why."""


def operation_of(text: str) -> tuple[str, str]:
    """`("if", rest)`, `("endif", rest)` or `("match", text)`."""
    word = re.match(r"(if|endif)(?![0-9A-Za-z])", text, re.IGNORECASE)
    return (word.group().lower(), text[word.end() :].lstrip(BLANKS)) if word else ("match", text)


def read_patterns(kind: str, lines: Iterator[LogicalLine]) -> RuleBook:
    """The rules of a regexp or pcre table, before anything is compiled."""
    book = RuleBook()
    for logical in lines:
        try:
            book.rules.append(pattern_rule(kind, logical))
        except BadRuleError as bad:
            book.faults.append(Fault(logical.line, str(bad)))
    return book


def pattern_rule(kind: str, logical: LogicalLine) -> Rule:
    """One line of a pattern table; raises BadRuleError."""
    text = logical.text.strip(BLANKS)
    op, rest = operation_of(text)
    if op == "endif":
        return Rule("endif", logical.line)
    if op == "match" and rest[:1].isalnum():
        raise BadRuleError("the request is not recognised")
    first, rest = take_pattern(kind, rest)
    if op == "if":
        return Rule("if", logical.line, (first,))
    patterns = [first]
    if rest.startswith("!") and kind == "regexp":
        second, rest = take_pattern(kind, rest)
        patterns.append(second)
    value = rest.strip(BLANKS)
    if first.is_negated and any(True for _ in group_numbers(value)):
        raise BadRuleError("a $number stands in the result of a negative match")
    return Rule("match", logical.line, tuple(patterns), value)


def take_pattern(kind: str, text: str) -> tuple[Pattern, str]:
    """`(pattern, what follows)` of `!/pattern/flags`; raises BadRuleError."""
    body = text.lstrip("!" + BLANKS) if kind == "pcre" else text.lstrip("!")
    is_negated = text[: len(text) - len(body)].count("!") % 2 == 1
    if not body:
        raise BadRuleError("there is no pattern")
    end = 1
    while end < len(body) and body[end] != body[0]:
        end += 2 if body[end] == "\\" and end + 1 < len(body) else 1
    if end >= len(body):
        raise BadRuleError("the pattern has no closing delimiter")
    stop = end + 1
    while stop < len(body) and body[stop] not in BLANKS + "!":
        if body[stop] not in FLAGS[kind]:
            raise BadRuleError(f"the option {body[stop]} is not known")
        stop += 1
    return Pattern(body[1:end], body[end + 1 : stop], is_negated), body[stop:]


def group_numbers(value: str) -> Iterator[int]:
    """Every number a result refers to; raises BadRuleError for what is no number above 0."""
    for macro in REPLACEMENT.finditer(value):
        if macro.group(1):
            continue
        name = macro.group(2) or macro.group(3) or macro.group(4) or ""
        if not name.isdecimal() or not name.isascii():
            raise BadRuleError(f"{macro.group()} in the result is not a number")
        number = whole_number(name)
        if not number:
            raise BadRuleError(f"{macro.group()} in the result is out of range")
        yield number


def fill_groups(value: str, groups: list[str | None]) -> str:
    """The result with `$1`, `${1}`, `$(1)` and `$$` replaced."""

    def text_of(macro: re.Match[str]) -> str:
        if macro.group(1):
            return "$"
        number = whole_number(macro.group(2) or macro.group(3) or macro.group(4)) or 0
        return groups[number] or ""

    return REPLACEMENT.sub(text_of, value)


def nest(rules: list[Rule]) -> tuple[list[tuple[Rule, int]], list[Fault]]:
    """Each rule with how deep it lies; an `endif` without its `if` is left out, an open `if` is told."""
    kept: list[tuple[Rule, int]] = []
    faults: list[Fault] = []
    opened: list[int] = []
    for rule in rules:
        if rule.op == "endif" and not opened:
            faults.append(Fault(rule.line, "this endif has no if"))
            continue
        kept.append((rule, len(opened)))
        if rule.op == "if":
            opened.append(rule.line)
        elif rule.op == "endif":
            opened.pop()
    return kept, faults + [Fault(line, "this if has no endif") for line in opened]
