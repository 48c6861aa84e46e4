"""Lazy `$name` expansion, as mac_expand(3) and mac_parse(3) of Postfix do it.

`expand` looks only at the branch that is taken, `referenced_names` at all of them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from discovery.postfix.braces import closing_brace, inside_braces, is_braced

NAME = re.compile(r"[A-Za-z0-9_]+")
OPERATOR = re.compile(r"\s*(<=level|>=level|==level|!=level|<level|>level|<=|>=|==|!=|<|>)\s*")
LEVEL = re.compile(r"\s*\d{1,7}(\.\d{1,4}){0,2}", re.ASCII)  # compat_level_from_string(3)
DEEPEST = 50
LONGEST_FAULT = 200
MOST_STEPS = 5000
LONGEST = 200_000
TRUTH = "bYES"

Lookup = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Macro:
    """What stands after one `$`: a name or a comparison, and what depends on it.

    `fault` is the text that Postfix cannot parse: a program that needs the value stops ("macro processing error").
    """

    name: str = ""
    comparison: tuple[str, str, str] | None = None
    if_true: str | None = None
    if_false: str | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Expansion:
    """An expanded value, the names that were asked for but are defined nowhere, and what could not be parsed."""

    value: str
    undefined: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def pieces(value: str) -> Iterator[str | Macro]:
    """Literal text and macros in turn; what cannot be parsed is a macro with a fault."""
    start = 0
    while (dollar := value.find("$", start)) >= 0:
        yield value[start:dollar]
        piece, start = piece_at(value, dollar)
        yield piece
    yield value[start:]


def piece_at(value: str, dollar: int) -> tuple[str | Macro, int]:
    """The piece that starts at a dollar sign, and the offset behind it."""
    following = value[dollar + 1 : dollar + 2]
    if following == "$":
        return "$", dollar + 2
    if following in {"{", "("} and following:
        rest = value[dollar + 1 :]
        end = closing_brace(rest, following, "}" if following == "{" else ")")
        if end == len(rest):
            return Macro(fault=value[dollar:]), len(value)
        return parse_macro(rest[1:end].strip()), dollar + 1 + end + 1
    if name := NAME.match(value, dollar + 1):
        return Macro(name.group()), name.end()
    return Macro(fault=value[dollar : dollar + 2]), dollar + 1


def parse_macro(body: str) -> Macro:
    """The inside of `${...}`: name or comparison, then `?` and `:` branches."""
    comparison, rest = None, body
    name = NAME.match(body)
    if is_braced(body):
        comparison, rest = parse_comparison(body)
    elif name:
        rest = body[name.end() :].strip()
    if_true, if_false = parse_branches(rest)
    is_sound = (name or comparison or body.startswith(("?", ":"))) and is_whole(rest)
    fault = "" if is_sound else f"${{{body}}}"
    return Macro(name.group() if name and not comparison else "", comparison, if_true, if_false, fault)


def parse_comparison(body: str) -> tuple[tuple[str, str, str] | None, str]:
    """`{left} operator {right}` and what follows it."""
    left, rest = inside_braces(body)
    operator = OPERATOR.match(rest)
    if not operator or not is_braced(rest[operator.end() :]):
        return None, rest
    right, rest = inside_braces(rest[operator.end() :])
    return (left, operator.group(1), right), rest


def parse_branches(rest: str) -> tuple[str | None, str | None]:
    """The texts behind `?` and `:`, either of them None when it is not there."""
    if rest.startswith(":"):
        return None, unwrap(rest[1:].strip())
    if not rest.startswith("?"):
        return None, None
    if not is_braced(rest[1:].strip()):
        return rest[1:], None
    if_true, rest = inside_braces(rest[1:].strip())
    return if_true, unwrap(rest[1:].strip()) if rest.startswith(":") else None


def is_whole(rest: str) -> bool:
    """Whether what follows a name is nothing, or `?` and `:` branches with nothing behind their braces."""
    while rest[:1] in {"?", ":"} and is_braced(rest[1:].strip()):
        mark, (_, behind) = rest[0], inside_braces(rest[1:].strip())
        if not behind or mark == ":":
            return not behind
        rest = behind
        if rest[0] != ":":
            return False
    return rest[:1] in {"", "?", ":"}


def unwrap(text: str) -> str:
    return inside_braces(text)[0] if is_braced(text) else text


def referenced_names(value: str) -> Iterator[str]:
    """Every name in a value, in all branches of conditions."""
    for piece in pieces(value):
        if isinstance(piece, str) or piece.fault:
            continue
        if piece.name:
            yield piece.name
        left, _, right = piece.comparison or ("", "", "")
        for inner in (left, right, piece.if_true or "", piece.if_false or ""):
            if "$" in inner:
                yield from referenced_names(inner)


def expand(value: str, lookup: Lookup) -> Expansion:
    """Replace every macro by its value; a definition that contains itself, or grows without end, is cut off."""
    walk = Walk(lookup)
    return Expansion(walk.text_of(value, 0), tuple(walk.undefined), tuple(walk.faults))


@dataclass(slots=True)
class Walk:
    """One expansion under way; `steps` bounds the work, whatever the definitions say."""

    lookup: Lookup
    undefined: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    steps: int = 0

    def text_of(self, value: str, depth: int) -> str:
        if "$" not in value:
            return value
        self.steps += 1
        if depth > DEEPEST:
            self.faults.append(value[:LONGEST_FAULT])  # it contains itself, and Postfix gives up as well
        if depth > DEEPEST or self.steps > MOST_STEPS:
            return ""
        parts = [piece if isinstance(piece, str) else self.macro_text(piece, depth + 1) for piece in pieces(value)]
        return "".join(parts)[:LONGEST]

    def macro_text(self, macro: Macro, depth: int) -> str:
        """The text of one macro; a name that is only tested need not be defined."""
        if macro.fault:
            self.faults.append(macro.fault)
            return ""
        is_plain = macro.if_true is None and macro.if_false is None
        subject = self.comparison_text(macro.comparison, depth) if macro.comparison else self.lookup(macro.name)
        if subject is None and is_plain:
            self.undefined.append(macro.name)
        if is_plain:
            return self.text_of(subject or "", depth)
        # Postfix tests the value as it is written: `$name` counts as something even where it expands to nothing.
        return self.text_of((macro.if_true if subject else macro.if_false) or "", depth)

    def comparison_text(self, comparison: tuple[str, str, str], depth: int) -> str:
        left, operator, right = comparison
        one, other = self.text_of(left, depth), self.text_of(right, depth)
        if operator.endswith("level") and not (LEVEL.fullmatch(one) and LEVEL.fullmatch(other)):
            self.faults.append(f"{{{left}}} {operator} {{{right}}}")
            return ""
        return TRUTH if compare(one, operator, other) else ""


def compare(left: str, operator: str, right: str) -> bool:
    """Numbers as numbers, versions for `level` operators, anything else as text."""
    if operator.endswith("level"):
        return ordered(level_order(left, right), operator.removesuffix("level"))
    if left.isdecimal() and right.isdecimal():
        return ordered((int(left) > int(right)) - (int(left) < int(right)), operator)
    return ordered((left > right) - (left < right), operator)


def level_order(left: str, right: str) -> int:
    """Below, equal or above, part by part; `3` equals `3.0`."""
    for one, other in zip_longest(level_parts(left), level_parts(right), fillvalue=0):
        if one != other:
            return 1 if one > other else -1
    return 0


def level_parts(level: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d{1,9}", level)]


def ordered(order: int, operator: str) -> bool:
    outcomes = {"==": order == 0, "!=": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}
    return outcomes[operator]
