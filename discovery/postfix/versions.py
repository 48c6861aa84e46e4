"""Which version of Postfix a host runs, as far as its files say; what is not said stays open."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from discovery.postfix.bundle import Bundle
from discovery.postfix.expansion import level_parts
from discovery.postfix.facts import Setting
from discovery.postfix.parameters import catalogue
from discovery.postfix.places import MAIN, MASTER
from discovery.postfix.printed import ALL_AS_JSON, json_pairs

LARGEST = 512 * 1024
VERSION = r"(?P<version>\d+\.\d+(?:\.\d+)?)"
PRINTED = re.compile(rf"^mail_version = {VERSION}[ \t\r]*$", re.MULTILINE)
PACKAGE_LISTS = re.compile(r"(?:dpkg|rpm|packages?|apk|versions?)[^/]*$", re.IGNORECASE)
PACKAGE = re.compile(rf"^(?:ii[ \t]+)?postfix(?::\w+)?(?:[ \t]+|-)(?:\d+:)?{VERSION}", re.MULTILINE)
LEVEL_NAME = "compatibility_level"


@dataclass(frozen=True, slots=True)
class Sign:
    """A place that tells something about the version: the version itself, or the oldest it can be."""

    version: str
    is_exact: bool
    file: str
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Release:
    """`exact`, or "" and the `lowest` that the files allow; both are "" when nothing tells. `sign` is what says so."""

    exact: str = ""
    lowest: str = ""
    sign: Sign | None = None

    @property
    def words(self) -> str:
        if self.exact:
            return f"Postfix {self.exact}"
        return f"Postfix {self.lowest} or later" if self.lowest else "any version of Postfix"

    def may_be_before(self, version: str) -> bool:
        return is_older(self.exact or self.lowest or "0", version)

    def may_be_from(self, version: str) -> bool:
        return not self.exact or not is_older(self.exact, version)


ANY_RELEASE = Release()


def is_older(version: str, other: str) -> bool:
    """Whether one comes before the other, counting only the parts that the other has."""
    parts = level_parts(other)
    return level_parts(version)[: len(parts)] < parts


def release_of(exact: Sign | None, used: Mapping[str, Setting]) -> Release:
    """What the prints and package lists of a host say, else what its settings need."""
    if exact:
        return Release(exact.version, exact.version, exact)
    oldest = max(needs_of(used.values()), key=lambda sign: level_parts(sign.version), default=None)
    return Release("", oldest.version, oldest) if oldest else ANY_RELEASE


def exact_sign(bundle: Bundle, root: str, prints: Mapping[str, str]) -> Sign | None:
    """The first thing on a host that names the version."""
    return next(exact_signs(bundle, root, prints), None)


def exact_signs(bundle: Bundle, root: str, prints: Mapping[str, str]) -> Iterator[Sign]:
    """`mail_version` in a print; main.cf may claim any. Then packages by name and version."""
    here = [file for path, file in sorted(bundle.files.items()) if not root or path.startswith(f"{root}/")]
    small = [file for file in here if len(file.content) <= LARGEST and not file.path.endswith((MAIN, MASTER))]
    for file in small:
        if prints.get(file.path) == ALL_AS_JSON and (found := dict(json_pairs(file.text)).get("mail_version")):
            yield Sign(
                found, True, file.path, line_at(file.text, file.text.find("mail_version")), "a print of postconf"
            )
        elif match := PRINTED.search(file.text) if b"mail_version = " in file.content else None:
            yield Sign(match["version"], True, file.path, line_at(file.text, match.start()), "a print of postconf")
    for file in small:
        if PACKAGE_LISTS.search(file.path) and (match := PACKAGE.search(file.text)):
            yield Sign(match["version"], True, file.path, line_at(file.text, match.start()), "a list of packages")


def line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, max(offset, 0)) + 1


def needs_of(settings: Iterable[Setting]) -> Iterator[Sign]:
    """Settings that only a version from some number on has. A level is never above the version."""
    for setting in settings:
        known = catalogue().get(setting.name)
        version = known.since if known else ""
        if setting.name == LEVEL_NAME and re.fullmatch(r"\d+\.\d+(\.\d+)?", setting.value):
            version = setting.value
        if version:
            yield Sign(version, False, setting.file, setting.line, f"{setting.name} is set")
