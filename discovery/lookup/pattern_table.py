"""regexp: and pcre: tables. The rules are walked in a child process with a deadline (see docs/adr)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from discovery.lookup.answers import ABSENT, ASKS, FOUND, SLOW, Found
from discovery.lookup.deadline import NoEngineError, PatternMatcher, TooSlowError
from discovery.lookup.octets import bytes_as_latin, latin_as_text
from discovery.lookup.rules import (
    BadRuleError,
    Fault,
    Pattern,
    Rule,
    fill_groups,
    group_numbers,
    nest,
    read_patterns,
)
from discovery.postfix.lines import logical_lines

NO_ENGINE = "This table cannot be tried here: the library PCRE2 is not on this machine."
Numbered = tuple[Rule, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Program:
    """The rules that Postfix would keep, as the child wants them, and whose lines they are."""

    rules: tuple[Rule, ...]
    steps: tuple[dict[str, Any], ...]
    faults: tuple[Fault, ...]


class PatternTable:
    """`find` compiles and walks anew for each key: nothing outlives a question."""

    is_fixed = False

    def __init__(self, kind: str, name: str, file: str, text: str) -> None:
        """Read the rules of a table whose text, decoded as Latin-1, is `text`."""
        self.name, self.file, self._kind = name, file, kind
        book = read_patterns(kind, (line for line in logical_lines(text) if not line.is_orphan))
        self._book = book
        self._patterns = [pattern for rule in book.rules for pattern in rule.patterns]
        self._lines = [rule.line for rule in book.rules for _ in rule.patterns]

    @property
    def patterns(self) -> Iterator[tuple[Pattern, int]]:
        """Every pattern with its line."""
        return zip(self._patterns, self._lines, strict=True)

    def find(self, key: str) -> Found:
        """The first rule that fires."""
        try:
            with self.matcher() as matcher:
                program = self.program(matcher)
                return self._found(matcher.walk(program.steps, bytes_as_latin(key)), program)
        except TooSlowError as slow:
            line = self._lines[slow.number] if slow.number < len(self._lines) else 0
            return Found(SLOW, "", self.file, line, f"The pattern took too long at {self.file}:{line}.")
        except NoEngineError:
            return Found(ASKS, "", self.file, 0, NO_ENGINE)

    def matcher(self, limit: int = 0) -> PatternMatcher:
        """All patterns compiled; raises TooSlowError and NoEngineError."""
        return PatternMatcher(self._kind, [(each.text, each.flags) for each in self._patterns], limit=limit)

    def program(self, matcher: PatternMatcher) -> Program:
        """What is left of the rules once the library has said which patterns it takes."""
        faults = list(self._book.faults)
        usable: list[Rule] = []
        numbers: dict[int, tuple[int, ...]] = {}
        start = 0
        for rule in self._book.rules:
            own = tuple(range(start, start + len(rule.patterns)))
            start += len(rule.patterns)
            try:
                check_rule(rule, own, matcher)
            except BadRuleError as bad:
                faults.append(Fault(rule.line, str(bad)))
                continue
            numbers[id(rule)] = own
            usable.append(rule)
        nested, more = nest(usable)
        steps = tuple(step_of(rule, depth, numbers[id(rule)]) for rule, depth in nested)
        return Program(tuple(rule for rule, _ in nested), steps, (*faults, *more))

    def _found(self, said: dict[str, Any], program: Program) -> Found:
        gave_up = [self._lines[number] for number in said["gave_up"]]
        note = ""
        if gave_up:
            note = (
                f"The pattern took too long at {self.file}:{gave_up[0]}: the library stops there, "
                "and Postfix goes on as if the rule did not match."
            )
        if said["rule"] is None:
            return Found(SLOW if gave_up else ABSENT, "", self.file, gave_up[0] if gave_up else 0, note)
        rule = program.rules[said["rule"]]
        return Found(FOUND, latin_as_text(fill_groups(rule.value, said["groups"])), self.file, rule.line, note)


def check_rule(rule: Rule, numbers: Sequence[int], matcher: PatternMatcher) -> None:
    """Raises BadRuleError for a pattern the library refuses, or a result that asks for a group there is not."""
    for number in numbers:
        if matcher.counts[number] < 0:
            raise BadRuleError(matcher.errors[number])
    if rule.op == "match" and max(group_numbers(rule.value), default=0) > matcher.counts[numbers[0]]:
        raise BadRuleError("the result asks for a part that the pattern does not have")


def step_of(rule: Rule, depth: int, numbers: Sequence[int]) -> dict[str, Any]:
    tests = [[number, pattern.is_negated] for number, pattern in zip(numbers, rule.patterns, strict=True)]
    return {"op": rule.op, "nesting": depth, "tests": tests}
