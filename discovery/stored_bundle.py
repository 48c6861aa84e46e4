"""The files of an upload as a bundle, fetched one by one as they are asked for, and what a lookup finds in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db.models import Q

from discovery.lookup.clock import Clock
from discovery.lookup.desks import branches_of, choose_branch
from discovery.lookup.lookup import look_up
from discovery.lookup.uses import uses
from discovery.models import Instance, Parameter, SkippedMember, StoredFile, Upload
from discovery.postfix.bundle import Bundle, BundleFile, Skipped

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.lookup.lookup import Lookup
    from engagements.models import Engagement

SECONDS = 5.0
DIGITS = re.compile(r"[0-9]{1,9}")


class StoredFiles(Mapping[str, BundleFile]):
    """The masked files of one upload by their paths; the content of each is read once, when somebody wants it."""

    def __init__(self, upload: Upload, reader: User) -> None:
        """Read the paths."""
        self._rows = StoredFile.objects.visible_to(reader).filter(upload=upload)
        self._held: dict[str, BundleFile | None] = dict.fromkeys(self._rows.values_list("path", flat=True))

    def __getitem__(self, path: str) -> BundleFile:
        """Raises KeyError for a path that is not in the upload."""
        held = self._held[path]
        if held is None:
            row = self._rows.get(path=path)
            held = self._held[path] = BundleFile(path, bytes(row.content), row.sha256)
        return held

    def __iter__(self) -> Iterator[str]:
        """The paths."""
        return iter(self._held)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._held)


def whole_bundle(upload: Upload) -> Bundle:
    """All masked files of an upload at once, for work in the background that reads them all."""
    rows = StoredFile.objects.filter(upload=upload).order_by("pk")
    files = {row.path: BundleFile(row.path, bytes(row.content), row.sha256) for row in rows}
    skipped = SkippedMember.objects.filter(upload=upload)
    return Bundle(MappingProxyType(files), tuple(Skipped(one.path, one.reason) for one in skipped))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one instance; service "" is main.cf alone."""

    instance: str
    service: str
    parameter: str
    key: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer, and the services whose own options would give another."""

    lookup: Lookup
    differing: tuple[str, ...]


def ask_upload(upload: Upload, question: Question, *, reader: User) -> Asked:
    """What Postfix would find. Stores nothing; raises NoDeskError and UnknownParameterError."""
    skipped = SkippedMember.objects.visible_to(reader).filter(upload=upload)
    bundle = Bundle(StoredFiles(upload, reader), tuple(Skipped(one.path, one.reason) for one in skipped))
    branch = choose_branch(branches_of(bundle), question.instance)
    found = look_up(branch.desk(question.service), question.parameter, question.key, clock=Clock(SECONDS))
    names = [] if question.service else [spot.parameter for spot in found.spots] or [question.parameter]
    return Asked(found, tuple(dict.fromkeys(service.label for service, _ in branch.differing(names))))


def instances_to_ask(engagement: Engagement, reader: User) -> list[Instance]:
    """The instances of the latest upload of each host."""
    current = Upload.objects.visible_to(reader).filter(engagement=engagement).current()
    found = Instance.objects.visible_to(reader).filter(upload__in=current.order_by())
    return list(found.select_related("upload").order_by("upload__host_label", "name"))


def instance_meant(at: str, instances: list[Instance], engagement: Engagement, reader: User) -> tuple[str, str]:
    """Which of the current instances `upload:instance` means, and a sentence where that is not the one it named.

    Without a name it is the only one; a replaced upload stands for the newest one of its host.
    """
    known = {f"{each.upload.number}:{each.name}": each for each in instances}
    if not at and len(known) == 1:
        return next(iter(known)), ""
    number, _, name = at.partition(":")
    if at in known or not DIGITS.fullmatch(number):
        return at, ""
    asked = Upload.objects.visible_to(reader).filter(engagement=engagement, number=number).first()
    of_host = {key: one for key, one in known.items() if asked and one.upload.host_label == asked.host_label}
    named = [key for key, one in of_host.items() if one.name == name] or list(of_host)
    if asked is None or len(named) != 1:
        return at, ""
    newest = known[named[0]].upload.number
    moved = f"Upload {asked.number} of {asked.host_label} was replaced: this is what upload {newest} says."
    return named[0], moved


def parameters_in_use(instances: list[Instance], reader: User) -> set[str]:
    """The tables and lists that some main.cf sets, and the checks its restrictions name."""
    uploads = {instance.upload_id for instance in instances}
    telling = Q(name__in=list(uses())) | Q(value__contains="check_")
    rows = Parameter.objects.visible_to(reader).filter(telling, upload__in=uploads).values_list("name", "value")
    named: set[str] = set()
    for name, value in rows:
        named.add(name)
        named.update(value.replace(",", " ").split() if "check_" in value else ())
    return named & set(uses())
