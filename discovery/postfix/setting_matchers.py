"""Matchers that look at settings of main.cf and at `-o` options of services."""

from collections.abc import Iterator

from discovery.postfix.facts import Override, Service, Setting
from discovery.postfix.naming import is_queue_default, is_queue_name, kind_of_unknown
from discovery.postfix.parameters import catalogue
from discovery.postfix.report import Instance
from discovery.postfix.scene import (
    Hit,
    Match,
    Scene,
    conditions,
    expression,
    is_excused,
    is_named,
    is_right_value,
    value_of,
)

QUEUE_MANAGERS = frozenset({"qmgr", "oqmgr", "nqmgr"})


def hit_setting(instance: Instance, setting: Setting, line: int = 0, **found: str) -> Hit:
    words = {"name": setting.name, "value": setting.value, "service": "main.cf"} | found
    return Hit(setting.file, line or setting.line, instance.name, words)


def hit_override(instance: Instance, service: Service, override: Override, **found: str) -> Hit:
    words = {"name": override.name, "value": override.value, "service": service.label} | found
    return Hit(service.file, override.line, instance.name, words)


def match_setting(match: Match, scene: Scene) -> Iterator[Hit]:
    """`name`, `value`, `not_value`; `raw` compares as written; `scope: main` or `service`; `unless` and `given`.

    The conditions are `{name, value, not_value}` of other settings, one or a list.
    """
    for instance in scene.instances:
        if match.get("scope") != "service":
            yield from settings_hit(match, instance)
        if match.get("scope") != "main":
            yield from overrides_hit(match, instance)


def settings_hit(match: Match, instance: Instance) -> Iterator[Hit]:
    for setting in instance.parameters.values():
        if not is_named(setting.name, match):
            continue
        value = setting.value if match.get("raw") else value_of(instance, setting.value)
        if is_right_value(value, match) and not is_excused(match, instance, None):
            yield hit_setting(instance, setting, matched_line(setting, match), **words_found(value, match))


def overrides_hit(match: Match, instance: Instance) -> Iterator[Hit]:
    for service in instance.services:
        for override in service.overrides:
            if not is_named(override.name, match):
                continue
            value = override.value if match.get("raw") else value_of(instance, override.value)
            if is_right_value(value, match) and not is_excused(match, instance, service):
                yield hit_override(instance, service, override, **words_found(value, match))


def words_found(value: str, match: Match) -> dict[str, str]:
    """What the named groups of the rule's `value` hold, each with all its places: a long value hides its middle."""
    pattern = expression(str(match.get("value", "")))
    places = [found.groupdict() for found in pattern.finditer(value)] if pattern.groupindex else []
    return {name: ", ".join(dict.fromkeys(each[name] for each in places)) for name in pattern.groupindex if places}


def matched_line(setting: Setting, match: Match) -> int:
    """The physical line that holds what the rule looked for, when one line does."""
    pattern = match.get("value")
    if pattern is None or len(setting.pieces) < 2:  # noqa: PLR2004 - more than one line
        return setting.line
    held = (piece.line for piece in setting.pieces if expression(str(pattern)).search(piece.text))
    return next(held, setting.line)


def match_unset(match: Match, scene: Scene) -> Iterator[Hit]:
    """`name` is not set in main.cf and its default counts; `given` says why that matters and where it is shown."""
    for instance in scene.instances:
        if match["name"] in instance.parameters or is_excused(match, instance, None):
            continue
        wanted = [str(condition["name"]) for condition in conditions(match, "given")]
        shown = next((instance.parameters[name] for name in wanted if name in instance.parameters), None)
        if shown:
            hit = hit_setting(instance, shown)
            yield Hit(hit.file, hit.line, hit.instance, {**hit.words, "name": str(match["name"]), "given": shown.name})


def match_unknown(match: Match, scene: Scene) -> Iterator[Hit]:
    """Names that Postfix would not use: `as` is unknown, dead, newer, case, gone or fixed."""
    for instance in scene.instances:
        for setting in instance.unused:
            if kind_of_unknown(setting.name) == match["as"]:
                yield hit_setting(instance, setting)


def match_former(_match: Match, scene: Scene) -> Iterator[Hit]:
    """Former spellings that still act."""
    for instance in scene.instances:
        for setting in (*instance.parameters.values(), *instance.unused):
            known = catalogue().get(setting.name)
            if known and known.replacement:
                hit = hit_setting(instance, setting)
                yield Hit(hit.file, hit.line, hit.instance, {**hit.words, "replacement": known.replacement})


def match_dead_option(match: Match, scene: Scene) -> Iterator[Hit]:
    """Queue manager settings given to a daemon that does not read them; `as: default` those for all transports."""
    is_meant = is_queue_default if match.get("as") == "default" else is_queue_name
    for instance in scene.instances:
        for service in instance.services:
            for override in service.overrides:
                if is_meant(override.name) and service.command not in QUEUE_MANAGERS:
                    yield hit_override(instance, service, override)
