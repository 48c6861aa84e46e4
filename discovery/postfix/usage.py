"""Which settings of main.cf Postfix would use, by the rules of `postconf -n`.

A name counts when it is built in, created by a service or a database table, or referenced as
`$name` from any value (used or not), from a default, or from a restriction class list.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from discovery.postfix.braces import inside_braces, is_braced, split_outside_braces
from discovery.postfix.expansion import expand, referenced_names
from discovery.postfix.facts import Override, Service, Setting
from discovery.postfix.parameters import (
    DATABASE_SUFFIXES,
    NEVER_PRINTED,
    built_in_names,
    catalogue,
    default_of,
    service_names,
)

CLASSES = "smtpd_restriction_classes"


def used_settings(current: Mapping[str, Setting], services: Sequence[Service]) -> dict[str, Setting]:
    """The settings that `postconf -n` prints, sorted by name."""
    own = set(built_in_names()) | set(service_names((each.name, each.command) for each in services))
    valid = own | set(names_in_values(current, services, own))
    valid -= NEVER_PRINTED
    return {name: current[name] for name in sorted(current) if name in valid}


def names_in_values(
    current: Mapping[str, Setting], services: Sequence[Service], own: AbstractSet[str]
) -> Iterator[str]:
    """Names made valid by some value, a default's included; `own` are the names Postfix has without them."""
    values = {name: setting.value for name, setting in current.items()}
    yield from names_in_scope(values, values, own)
    for parameter in catalogue().values():
        if parameter.is_built_in and "$" in parameter.default:
            yield from referenced_names(parameter.default)
    for service in services:
        local = {override.name: override.value for override in service.overrides}
        for name in names_in_scope(local, values | local, own):
            if name not in local:
                yield name


def names_in_scope(scope: Mapping[str, str], values: Mapping[str, str], own: AbstractSet[str]) -> Iterator[str]:
    """Names that the values of main.cf, or of a service's options, refer to; tables count in values of `own` names."""
    yield from split_outside_braces(scope.get(CLASSES, ""))
    for name, value in scope.items():
        if "$" in value:
            yield from referenced_names(value)
        if name in own and (":" in value or "$" in value):
            yield from database_names(value, values)


def database_names(value: str, values: Mapping[str, str]) -> Iterator[str]:
    """`ldapsource_server_host` and the like, for tables whose settings stand in main.cf."""
    expanded = expand(value, lambda name: values.get(name, default_of(name))).value if "$" in value else value
    for element in split_outside_braces(expanded):
        yield from names_of_table(inside_braces(element)[0] if is_braced(element) else element)


def names_of_table(reference: str) -> Iterator[str]:
    kind, _, name = reference.partition(":")
    while kind == "proxy":
        kind, _, name = name.partition(":")
    if name and not name.startswith(("/", ".")):
        yield from (f"{name}_{suffix}" for suffix in DATABASE_SUFFIXES.get(kind, ()))


def unused_settings(settings: Iterable[Setting], used: Mapping[str, Setting]) -> tuple[Setting, ...]:
    """Settings whose names Postfix does not know; nothing is dropped silently."""
    last = {setting.name: setting for setting in settings}
    return tuple(setting for name, setting in last.items() if name not in used)


def unknown_options(current: Mapping[str, Setting], services: Sequence[Service]) -> Iterator[tuple[Service, Override]]:
    """`-o` names that are no parameter of Postfix and that no value refers to, each with its service."""
    own = set(built_in_names()) | set(service_names((each.name, each.command) for each in services))
    valid = own | NEVER_PRINTED | set(names_in_values(current, services, own))
    for service in services:
        values = [option.value for option in service.overrides if "$" in option.value]
        local = {name for value in values for name in referenced_names(value)}
        for option in service.overrides:
            if option.name not in valid | local:
                yield service, option
