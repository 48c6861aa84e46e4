"""Matchers about the version of Postfix: what is known of it, and what depends on it."""

from collections.abc import Iterator

from discovery.postfix.effective import Effective, effective, former_defaults, is_undecided
from discovery.postfix.parameters import catalogue
from discovery.postfix.report import Instance
from discovery.postfix.scene import Hit, Match, Scene
from discovery.postfix.scope import Scope
from discovery.postfix.versions import is_older

LONGEST_VALUE = 40


def match_version(match: Match, scene: Scene) -> Iterator[Hit]:
    """`as: told` the version stands in the files; `open` it does not; `too-new` settings that this version lacks."""
    finders = {"told": told, "open": left_open, "too-new": too_new}
    for instance in scene.instances:
        yield from finders[match["as"]](instance)


def told(instance: Instance) -> Iterator[Hit]:
    release = instance.release
    if release.exact and release.sign:
        words = {"name": release.exact, "value": release.sign.words}
        yield Hit(release.sign.file, release.sign.line, instance.name, words)


def left_open(instance: Instance) -> Iterator[Hit]:
    """One hit for an instance, with the defaults in force that depend on the version."""
    release = instance.release
    scope = Scope(instance.parameters, instance.config_directory)
    names = [name for name in former_defaults() if is_undecided(name, scope, release)]
    if release.exact or not names:
        return
    file, line = (release.sign.file, release.sign.line) if release.sign else (instance.files[0], 1)
    listed = "; ".join(f"{name} {in_words(effective(name, scope, release))}" for name in names)
    words = {"name": release.words, "value": str(len(names)), "defaults": listed}
    yield Hit(file, line, instance.name, words | {"sign": release.sign.words if release.sign else "nothing tells it"})


def in_words(possible: tuple[Effective, ...]) -> str:
    return " or ".join(f"“{each.value[:LONGEST_VALUE]}” ({each.reason.removeprefix('default ')})" for each in possible)


def too_new(instance: Instance) -> Iterator[Hit]:
    exact = instance.release.exact
    for setting in instance.parameters.values() if exact else ():
        known = catalogue().get(setting.name)
        if known and known.since and is_older(exact, known.since):
            words = {"name": setting.name, "value": known.since, "version": exact}
            yield Hit(setting.file, setting.line, instance.name, words)
