"""One line of a pattern table as an entry of Lua: its expressions, its action and the parts of its text."""

from collections.abc import Callable

from discovery.lookup.octets import bytes_as_latin
from discovery.lookup.rules import REPLACEMENT
from discovery.translation.emission import one_line
from discovery.translation.kumomta.expressions import (
    Node,
    UnequalError,
    check_captures,
    read_pcre,
    read_posix,
    write_expression,
)
from discovery.translation.kumomta.expressions.tree import Group, nodes_in, number_of
from discovery.translation.kumomta.quoting import lua_boolean, lua_string
from discovery.translation.sending import Expression, HeaderRule

READERS: dict[str, Callable[[str, str], Node]] = {"pcre": read_pcre, "regexp": read_posix}
RECEIVING = frozenset(
    {"REJECT", "DISCARD", "HOLD", "IGNORE", "STRIP", "PREPEND", "REPLACE", "WARN", "INFO", "FILTER", "REDIRECT", "BCC"}
) | {"DUNNO"}
DELIVERY = frozenset({"IGNORE", "STRIP", "PREPEND", "REPLACE", "WARN", "INFO", "DUNNO"})
WITH_TEXT = frozenset({"PREPEND", "REPLACE", "FILTER", "REDIRECT", "BCC"})
NO_ACTION = "The action {} has no equal here."
NO_TEXT = "The action {} says nothing to act with, so Postfix passes over it."
NO_PART = "The text asks for a part that the pattern does not have, so Postfix leaves the line out."
NO_ROUTE = "The way that the FILTER names is not carried over."
FREE_ADDRESS = "The address or route is put together from the message, which is not carried over."


def tests_of(patterns: tuple[Expression, ...], *, is_text_filled: bool) -> str:
    """`{ { "expression", is_negated }, ... }`; raises UnequalError."""
    written = []
    for expression in patterns:
        tree = tree_of(expression)
        check_captures(tree, is_used=is_text_filled, is_longest=expression.dialect == "regexp")
        written.append(f"{{ {lua_string(write_expression(tree))}, {lua_boolean(expression.is_negated)} }}")
    return f"{{ {', '.join(written)} }}"


def tree_of(expression: Expression) -> Node:
    return READERS[expression.dialect](bytes_as_latin(expression.text), expression.flags)


def parts_of(text: str, patterns: tuple[Expression, ...]) -> str:
    """The text as `{ "before ", 1, " after" }`; raises UnequalError for a group that is not there."""
    groups = sum(isinstance(each, Group) for each in nodes_in(tree_of(patterns[0]))) if patterns else 0
    parts: list[str] = []
    end = 0
    for macro in REPLACEMENT.finditer(text):
        number = macro.group(2) or macro.group(3) or macro.group(4)
        if number and number_of(number) > groups:
            raise UnequalError(NO_PART)
        parts += [lua_string(text[end : macro.start()]), number or '"$"']
        end = macro.end()
    parts.append(lua_string(text[end:]))
    return f"{{ {', '.join(part for part in parts if part != lua_string(''))} }}".replace("{  }", "{}")


def is_filled(text: str) -> bool:
    """Whether the text asks for what a group took."""
    return any(not macro.group(1) for macro in REPLACEMENT.finditer(text))


def rule_entry(rule: HeaderRule, depth: int, route: str) -> str:
    """The entry; `route` is the Lua value a FILTER leads to. Raises UnequalError."""
    if rule.op == "endif":
        return f'{{ op = "endif", depth = {depth}, tests = {{}}, text = {{}} }},'
    action = action_of(rule) if rule.op == "match" else ""
    is_text_filled = rule.op == "match" and is_filled(rule.text)
    fields = [
        f'op = "{rule.op}"',
        f"depth = {depth}",
        f"tests = {tests_of(rule.patterns, is_text_filled=is_text_filled)}",
    ]
    if action:
        fields += [f'action = "{action}"', f"at = {lua_string(rule.origin.place)}"]
    fields.append(f"text = {parts_of(rule.text, rule.patterns) if action else '{}'}")
    if action == "FILTER":
        if not route:
            raise UnequalError(NO_ROUTE)
        fields.append(f"route = {route}")
    return f"{{ {', '.join(fields)} }},"


def action_of(rule: HeaderRule) -> str:
    """The action in Postfix's name; raises UnequalError for one that cannot be taken at this stage."""
    action = "DUNNO" if rule.action == "OK" else rule.action
    known = DELIVERY if rule.stage.startswith("smtp_") else RECEIVING
    if action not in known:
        raise UnequalError(NO_ACTION.format(rule.action or "without a name"))
    if action in WITH_TEXT and not rule.text:
        raise UnequalError(NO_TEXT.format(action))
    if action in {"FILTER", "REDIRECT", "BCC"} and is_filled(rule.text):
        raise UnequalError(FREE_ADDRESS)
    return action


def original_of(rule: HeaderRule) -> str:
    """The line as its table writes it, near enough to be found again."""
    if rule.op == "endif":
        return "endif"
    patterns = "".join(
        f"{'!' if expression.is_negated else ''}/{expression.text}/{expression.flags}" for expression in rule.patterns
    )
    said = patterns if rule.op == "match" else f"if {patterns}"
    return one_line(" ".join(word for word in (said, rule.action, rule.text) if word))
