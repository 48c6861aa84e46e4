"""What a rule can look for. Each matcher takes a rule's `match` and the scene, and yields hits.

Regular expressions of rules must match the whole text for names, any part for values.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from discovery.postfix.bundle import Bundle
from discovery.postfix.expansion import expand
from discovery.postfix.facts import HiddenSecret, MapUse, MissingFile, Override, Service, Setting, Transport
from discovery.postfix.maps import entries_of
from discovery.postfix.naming import is_queue_name, kind_of_unknown
from discovery.postfix.parameters import catalogue, default_of
from discovery.postfix.programs import language_of
from discovery.postfix.report import Instance

Match = Mapping[str, Any]
BIND = "smtp_bind_address"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a rule applies, and the words its message may use."""

    file: str
    line: int
    instance: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that rules may look at; the bundle is masked."""

    bundle: Bundle
    instances: tuple[Instance, ...]
    missing: tuple[MissingFile, ...]
    secrets: tuple[HiddenSecret, ...]


def is_wanted(text: str, match: Match, key: str) -> bool:
    """Whether the rule's expression, if it has one under this key, is found in the text."""
    pattern = match.get(key)
    return pattern is None or re.search(str(pattern), text, re.IGNORECASE) is not None


def is_named(name: str, match: Match) -> bool:
    return re.fullmatch(str(match.get("name", ".*")), name) is not None


def is_right_value(value: str, match: Match) -> bool:
    excluded = match.get("not_value")
    return is_wanted(value, match, "value") and not (excluded and re.search(str(excluded), value, re.IGNORECASE))


def hit_setting(instance: Instance, setting: Setting, line: int = 0) -> Hit:
    words = {"name": setting.name, "value": setting.value, "service": "main.cf"}
    return Hit(setting.file, line or setting.line, instance.name, words)


def hit_override(instance: Instance, service: Service, override: Override) -> Hit:
    words = {"name": override.name, "value": override.value, "service": f"{service.name}/{service.kind}"}
    return Hit(service.file, override.line, instance.name, words)


def match_setting(match: Match, scene: Scene) -> Iterator[Hit]:
    """`name`, `value`, `not_value`; `scope: main` or `service`; `unless` another setting says so."""
    for instance in scene.instances:
        if match.get("scope") != "service":
            yield from settings_hit(match, instance)
        if match.get("scope") != "main":
            yield from overrides_hit(match, instance)


def settings_hit(match: Match, instance: Instance) -> Iterator[Hit]:
    for setting in instance.parameters.values():
        is_hit = is_named(setting.name, match) and is_right_value(value_of(instance, setting.value), match)
        if is_hit and not is_excused(match, instance, None):
            yield hit_setting(instance, setting, matched_line(setting, match))


def overrides_hit(match: Match, instance: Instance) -> Iterator[Hit]:
    for service in instance.services:
        for override in service.overrides:
            is_hit = is_named(override.name, match) and is_right_value(override.value, match)
            if is_hit and not is_excused(match, instance, service):
                yield hit_override(instance, service, override)


def is_excused(match: Match, instance: Instance, service: Service | None) -> bool:
    """Whether the setting named under `unless` has the value that makes the rule void."""
    unless = match.get("unless")
    if not unless:
        return False
    values = {name: setting.value for name, setting in instance.parameters.items()}
    values |= {override.name: override.value for override in service.overrides} if service else {}
    return re.search(str(unless["value"]), values.get(unless["name"], "")) is not None


def value_of(instance: Instance, value: str) -> str:
    """The value with `$names` replaced, as the daemons see it."""
    if "$" not in value:
        return value
    known = {setting.name: setting.value for setting in (*instance.unused, *instance.parameters.values())}
    return expand(value, lambda name: known.get(name, default_of(name))).value


def matched_line(setting: Setting, match: Match) -> int:
    """The physical line that holds what the rule looked for, when one line does."""
    pattern = match.get("value")
    if pattern is None or len(setting.pieces) < 2:  # noqa: PLR2004 - more than one line
        return setting.line
    held = (piece.line for piece in setting.pieces if re.search(str(pattern), piece.text, re.IGNORECASE))
    return next(held, setting.line)


def match_service(match: Match, scene: Scene) -> Iterator[Hit]:
    """`name`, `type`, `program`, `arguments`, `chroot`, `maxproc`."""
    for instance in scene.instances:
        for service in instance.services:
            arguments = " ".join(service.arguments)
            facts = {
                "type": service.kind,
                "program": service.command,
                "arguments": arguments,
                "maxproc": service.maxproc,
            }
            if is_named(service.name, match) and all(is_wanted(text, match, key) for key, text in facts.items()):
                words = {"name": service.name, "value": arguments, "service": f"{service.name}/{service.kind}"}
                yield Hit(service.file, service.line, instance.name, words)


def match_transport(match: Match, scene: Scene) -> Iterator[Hit]:
    """Own delivery agents: `program`, `argv`."""
    for instance in scene.instances:
        for transport in instance.transports:
            argv = " ".join(transport.argv)
            if (
                transport.is_custom
                and is_wanted(transport.program, match, "program")
                and is_wanted(argv, match, "argv")
            ):
                words = {"name": transport.name, "value": argv, "script": transport.script}
                yield Hit(transport.file, transport.line, instance.name, words)


def match_map(match: Match, scene: Scene) -> Iterator[Hit]:
    """Tables in use: `name` is the parameter, `type` the table's type."""
    for instance in scene.instances:
        for table in instance.maps:
            if is_named(table.parameter, match) and is_wanted(table.kind, match, "type"):
                words = {"name": table.parameter, "value": f"{table.kind}:{table.path}", "path": table.path}
                yield Hit(table.file, table.line, instance.name, words | {"entries": str(table.entries or 0)})


def match_entry(match: Match, scene: Scene) -> Iterator[Hit]:
    """Rows of tables in the bundle: `name` is the parameter, `key` and `value` are the row."""
    for instance in scene.instances:
        for table in {(each.parameter, each.source): each for each in instance.maps if each.source}.values():
            if is_named(table.parameter, match):
                yield from hits_in_table(match, scene, instance, table)


def hits_in_table(match: Match, scene: Scene, instance: Instance, table: MapUse) -> Iterator[Hit]:
    for entry in entries_of(scene.bundle, table.parameter, table.kind, table.source):
        if is_wanted(entry.key, match, "key") and is_wanted(entry.value, match, "value"):
            words = {"name": entry.key, "value": entry.value, "parameter": table.parameter}
            yield Hit(table.source, entry.line, instance.name, words)


def match_milter(match: Match, scene: Scene) -> Iterator[Hit]:
    """`product`; `source: absent` or `present` for a custom milter's program."""
    for instance in scene.instances:
        for milter in instance.milters:
            state = "present" if milter.source else "absent"
            if re.fullmatch(str(match.get("product", ".*")), milter.product) and match.get("source", state) == state:
                words = {"name": milter.socket, "value": milter.product, "service": milter.service or "main.cf"}
                yield Hit(milter.file, milter.line, instance.name, words)


def match_problem(match: Match, scene: Scene) -> Iterator[Hit]:
    """What the readers noticed: `problem` is its kind."""
    for instance in scene.instances:
        for problem in instance.problems:
            if problem.kind == match["problem"]:
                words = {"name": problem.subject, "value": problem.message}
                yield Hit(problem.file, problem.line, instance.name, words)


def match_unknown(match: Match, scene: Scene) -> Iterator[Hit]:
    """Names that Postfix would not use: `as` is unknown, dead, newer or misplaced-case."""
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


def match_dead_option(_match: Match, scene: Scene) -> Iterator[Hit]:
    """Queue manager settings given to a daemon that does not read them."""
    for instance in scene.instances:
        for service in instance.services:
            for override in service.overrides:
                if is_queue_name(override.name) and service.command not in {"qmgr", "oqmgr", "nqmgr"}:
                    yield hit_override(instance, service, override)


def match_missing(match: Match, scene: Scene) -> Iterator[Hit]:
    """Files that are pointed at and absent: `parameter`, `note`."""
    for missing in scene.missing:
        is_compiled = bool(missing.note)
        if is_wanted(missing.parameter, match, "parameter") and is_compiled == bool(match.get("compiled", is_compiled)):
            words = {"name": missing.path, "parameter": missing.parameter or "Postfix", "value": missing.note}
            yield Hit(missing.file, missing.line, "", words)


def match_cron(match: Match, scene: Scene) -> Iterator[Hit]:
    """Cron jobs whose `command`, or the script it runs, matches."""
    for instance in scene.instances:
        for job in instance.cron_jobs:
            if is_wanted(job.command, match, "command"):
                yield Hit(job.file, job.line, "", {"name": job.command, "value": job.schedule})


def match_script(match: Match, scene: Scene) -> Iterator[Hit]:
    """Programs of the bundle with a line that matches `text`; `path` narrows by name."""
    for path, file in scene.bundle.files.items():
        language = language_of(file)
        if not language or not is_wanted(path, match, "path"):
            continue
        for number, line in enumerate(file.text.split("\n"), start=1):
            if not line.lstrip().startswith(("#", "//")) and is_wanted(line, match, "text"):
                yield Hit(path, number, "", {"name": path, "value": line.strip()[:120], "language": language})
                break


def match_secret(match: Match, scene: Scene) -> Iterator[Hit]:
    """Secrets that were masked, by `secret` kind."""
    for secret in scene.secrets:
        if is_wanted(secret.kind, match, "secret"):
            yield Hit(secret.path, secret.line, "", {"name": f"{secret.kind} {secret.line}", "value": secret.kind})


def match_several(match: Match, scene: Scene) -> Iterator[Hit]:
    """More than `than` of something: `what` is instances, bind_addresses or streams."""
    if match["what"] == "instances":
        counted = [(scene.instances[0], len(scene.instances))] if scene.instances else []
    else:
        counted = [(instance, len(getattr(instance, match["what"]))) for instance in scene.instances]
    for instance, count in counted:
        if count > int(match["than"]):
            file, line = telling_line(instance, str(match["what"]))
            yield Hit(file, line, instance.name, {"name": str(match["what"]), "value": str(count)})


def telling_line(instance: Instance, what: str) -> tuple[str, int]:
    """A line that shows there are several: an address, an own transport, the list of instances."""
    places: list[Setting | Service | Transport] = []
    if what == "streams":
        places += [transport for transport in instance.transports if transport.is_custom]
    elif what == "bind_addresses":
        places += [each for each in instance.services if any(BIND in option.name for option in each.overrides)]
        places += [setting for name, setting in instance.parameters.items() if BIND in name]
    else:
        places += [setting for name, setting in instance.parameters.items() if name == "multi_instance_directories"]
    places += [*instance.parameters.values(), *instance.services]
    return next(((place.file, place.line) for place in places), ("", 0))


def match_observed(_match: Match, _scene: Scene) -> Iterator[Hit]:
    """Nothing in a bundle: `rules.observe` says it about what was measured, answered or agreed."""
    yield from ()


MATCHERS: Mapping[str, Callable[[Match, Scene], Iterator[Hit]]] = {
    "setting": match_setting,
    "service": match_service,
    "transport": match_transport,
    "map": match_map,
    "entry": match_entry,
    "milter": match_milter,
    "problem": match_problem,
    "unknown": match_unknown,
    "former": match_former,
    "dead-option": match_dead_option,
    "missing": match_missing,
    "cron": match_cron,
    "script": match_script,
    "secret": match_secret,
    "several": match_several,
    "observed": match_observed,
}
