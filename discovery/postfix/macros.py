"""Values whose `$` expressions Postfix cannot parse: a program that needs one stops (mac_parse(3))."""

from collections.abc import Iterable, Iterator, Sequence

from discovery.postfix.expansion import LEVEL, Expansion, expand
from discovery.postfix.facts import Problem, Service, Setting
from discovery.postfix.parameters import NEVER_PRINTED, catalogue
from discovery.postfix.scope import Scope

LEVEL_NAME = "compatibility_level"


def broken_macros(used: Iterable[Setting], services: Sequence[Service], scope: Scope) -> Iterator[Problem]:
    """One problem for each value that cannot be expanded, in main.cf and in options of services."""
    for setting in used:
        for fault in faults_of(setting.name, setting.value, scope):
            yield problem(setting.name, fault, setting.file, setting.line_of(fault))
    for service in services:
        inside = scope.within(service)
        for override in service.overrides:
            for fault in faults_of(override.name, override.value, inside):
                yield problem(override.name, fault, service.file, override.line)


def faults_of(name: str, value: str, scope: Scope) -> Sequence[str]:
    known = catalogue().get(name)
    is_read = "$" in value and name not in NEVER_PRINTED and not (known and known.is_deferred)
    expanded = expand(value, scope.raw) if is_read else Expansion(value)
    is_wrong_level = (
        name == LEVEL_NAME and not (scope.overrides or expanded.faults) and not LEVEL.fullmatch(expanded.value)
    )
    return (value,) if is_wrong_level else tuple(dict.fromkeys(expanded.faults))


def problem(name: str, fault: str, file: str, line: int) -> Problem:
    message = f"Postfix cannot read “{fault}” in it: every program that needs the value stops with a fatal error."
    return Problem("broken-macro", name, message, file, line)
