"""What lies around the instances of one host: programs, crontabs, aliases, keys; looked at once for all of them."""

import posixpath
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from discovery.postfix.bundle import Bundle, BundleFile
from discovery.postfix.estate_facts import SigningKey
from discovery.postfix.facts import CronJob, Script
from discovery.postfix.posture import mechanisms_in
from discovery.postfix.programs import Call, alias_calls, cron_calls, language_of, scripts_in
from discovery.postfix.report import Instance
from discovery.postfix.routes import split_target
from discovery.postfix.schedules import cron_jobs
from discovery.postfix.signing import signing_keys

MILTER_CODE = re.compile(
    r"import Milter|from Milter|pymilter|libmilter|smfi_register|Sendmail::PMilter|require ['\"]milter"
)


@dataclass(frozen=True)
class Surroundings:
    """The files of one host in a bundle, and what is read out of them."""

    files: Mapping[str, BundleFile]
    found: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def holding(self, folders: tuple[str, ...]) -> tuple[str, ...]:
        """The paths that contain one of these pieces, such as `etc/opendkim/`; asked for again by every instance."""
        if folders not in self.found:
            pieces = [f"/{folder}" for folder in folders]
            self.found[folders] = tuple(path for path in self.files if any(piece in f"/{path}" for piece in pieces))
        return self.found[folders]

    @cached_property
    def mechanisms(self) -> tuple[str, ...]:
        return mechanisms_in(self.files)

    @cached_property
    def jobs(self) -> tuple[CronJob, ...]:
        return tuple(cron_jobs(self.files))

    @cached_property
    def aliases(self) -> tuple[Call, ...]:
        return tuple(alias_calls(self.files))

    @cached_property
    def keys(self) -> tuple[SigningKey, ...]:
        return signing_keys(self.files)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The programs, by path."""
        return {path: file.text for path, file in self.files.items() if language_of(file)}

    @cached_property
    def milter_texts(self) -> Mapping[str, str]:
        """The programs that are written as milters, by path."""
        return {path: text for path, text in self.texts.items() if MILTER_CODE.search(text)}

    def scripts(self, calls: Iterable[Call]) -> tuple[Script, ...]:
        """Every program, called by these, by the clock or by an alias."""
        known = [*calls, *cron_calls(self.jobs), *self.aliases]
        programs = {path: self.files[path] for path in self.texts}
        return tuple(scripts_in(programs, known))


def surroundings_of(bundle: Bundle, roots: Iterable[str]) -> Mapping[str, Surroundings]:
    """Each file belongs to the longest root it lies under."""
    ordered = sorted(set(roots), key=len, reverse=True)
    files: dict[str, dict[str, BundleFile]] = {root: {} for root in ordered}
    for path, file in bundle.files.items():
        root = owner_of(path, files)
        if root is not None:
            files[root][path] = file
    return {root: Surroundings(held) for root, held in files.items()}


def owner_of(path: str, roots: Container[str]) -> str | None:
    """The root of a file, or None for a file under none of them."""
    folder = posixpath.dirname(path)
    while folder and folder not in roots:
        folder = posixpath.dirname(folder)
    return folder if folder in roots else None


def calls_of(instances: Sequence[Instance], calls: Iterable[Call]) -> list[Call]:
    """What the services of these instances run, and the programs that are their milters."""
    milters = [
        Call("milter", f"/{milter.source}", milter.file, milter.line)
        for instance in instances
        for milter in instance.milters
        if milter.source
    ]
    return [*calls, *milters]


def names_of_filters(instance: Instance) -> set[str]:
    """Services of master.cf that mail is filtered by."""
    named = {each.transport for each in instance.filters if each.kind == "content_filter"}
    return named | {split_target(text)[0] for text in instance.content_filters}


def names_of_policies(instance: Instance) -> set[str]:
    return {each.transport for each in instance.filters if each.kind == "policy"}
