"""regexp: and pcre: tables. The rules are walked in a child process with a deadline (see docs/adr)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from discovery.lookup.answers import ABSENT, ASKS, FOUND, SLOW, Found
from discovery.lookup.clock import Clock
from discovery.lookup.deadline import NoEngineError, PatternMatcher, TooSlowError
from discovery.lookup.octets import bytes_as_latin, latin_as_text
from discovery.lookup.rules import (
    BadRuleError,
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


class PatternTable:
    """`find` compiles and walks anew for each key: nothing outlives a question."""

    is_fixed = False

    def __init__(self, kind: str, name: str, file: str, text: str, clock: Clock) -> None:
        """A table whose text, decoded as Latin-1, is `text`; its rules are read when the first key is asked for."""
        self.name, self.file, self._kind, self._text, self._clock = name, file, kind, text, clock

    @cached_property
    def _rules(self) -> list[Rule]:
        """The rules as they stand, without the lines that Postfix leaves out; raises TimeOverError."""
        lines = self._clock.watch(logical_lines(self._text), f"rules of {self.file} had been read")
        return read_patterns(self._kind, (line for line in lines if not line.is_orphan)).rules

    @cached_property
    def _patterns(self) -> list[tuple[str, str]]:
        return [(pattern.text, pattern.flags) for rule in self._rules for pattern in rule.patterns]

    @cached_property
    def _lines(self) -> list[int]:
        return [rule.line for rule in self._rules for _ in rule.patterns]

    def find(self, key: str) -> Found:
        """The first rule that fires; raises TimeOverError."""
        try:
            with self.matcher() as matcher:
                program = self.program(matcher)
                return self._found(matcher.walk(program.steps, bytes_as_latin(key)), program)
        except TooSlowError as slow:
            self._clock.check()
            line = self._lines[slow.number] if slow.number < len(self._lines) else 0
            return Found(SLOW, "", self.file, line, f"The pattern took too long at {self.file}:{line}.")
        except NoEngineError:
            return Found(ASKS, "", self.file, 0, NO_ENGINE)

    def matcher(self, limit: int = 0) -> PatternMatcher:
        """All patterns compiled; raises TooSlowError and NoEngineError."""
        return PatternMatcher(self._kind, self._patterns, limit=limit, clock=self._clock)

    def program(self, matcher: PatternMatcher) -> Program:
        """What is left of the rules once the library has said which patterns it takes."""
        usable: list[Rule] = []
        numbers: dict[int, tuple[int, ...]] = {}
        start = 0
        for rule in self._clock.watch(self._rules, f"rules of {self.file} had been prepared"):
            own = tuple(range(start, start + len(rule.patterns)))
            start += len(rule.patterns)
            try:
                check_rule(rule, own, matcher)
            except BadRuleError:
                continue
            numbers[id(rule)] = own
            usable.append(rule)
        nested, _ = nest(usable)
        steps = tuple(step_of(rule, depth, numbers[id(rule)]) for rule, depth in nested)
        return Program(tuple(rule for rule, _ in nested), steps)

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
