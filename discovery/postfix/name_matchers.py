"""Matchers about names that point nowhere: options, restriction classes, instances."""

from collections.abc import Iterator

from discovery.postfix.braces import split_outside_braces
from discovery.postfix.facts import Setting
from discovery.postfix.report import Instance
from discovery.postfix.scene import Hit, Match, Scene, value_of
from discovery.postfix.setting_matchers import hit_override, hit_setting
from discovery.postfix.usage import CLASSES, unknown_options

DIRECTORIES = "multi_instance_directories"
ALTERNATES = "alternate_config_directories"


def match_unknown_option(_match: Match, scene: Scene) -> Iterator[Hit]:
    """`-o` names that are no parameter of Postfix and that no value refers to."""
    for instance in scene.instances:
        for service, override in unknown_options(written(instance), instance.services):
            yield hit_override(instance, service, override)


def written(instance: Instance) -> dict[str, Setting]:
    return {**instance.parameters, **{setting.name: setting for setting in instance.unused}}


def match_class(match: Match, scene: Scene) -> Iterator[Hit]:
    """Names in smtpd_restriction_classes: `as: undefined` nobody sets them, `as: unused` nobody asks for them."""
    for instance in scene.instances:
        declared = instance.parameters.get(CLASSES)
        settings = written(instance)
        options = [each for service in instance.services for each in service.overrides]
        values = [each.value for each in settings.values() if each.name != CLASSES]
        values += [each.value for each in options if each.name != CLASSES]
        asked = {word for value in values for word in split_outside_braces(value)}
        for name in split_outside_braces(value_of(instance, declared.value)) if declared else ():
            is_set = name in settings or any(each.name == name for each in options)
            is_hit = (
                not is_set if match["as"] == "undefined" else is_set and name not in asked and f"${name}" not in asked
            )
            if is_hit and declared:
                hit = hit_setting(instance, declared, declared.line_of(name))
                yield Hit(hit.file, hit.line, hit.instance, {**hit.words, "name": name})


def match_instance(match: Match, scene: Scene) -> Iterator[Hit]:
    """Instances beside a first one that names others: `as: unlisted` it is not among those."""
    lists = {
        path: (instance, name)
        for instance in scene.instances
        for name in (DIRECTORIES, ALTERNATES)
        if (setting := instance.parameters.get(name))
        for path in split_outside_braces(value_of(instance, setting.value))
    }
    heads = {instance.config_directory for instance, name in lists.values() if name == DIRECTORIES}
    for instance in scene.instances if heads and match["as"] == "unlisted" else ():
        if instance.config_directory not in lists and instance.config_directory not in heads:
            words = {"name": instance.config_directory, "value": ", ".join(sorted(heads))}
            yield Hit(instance.files[0], 1, instance.name, words)
