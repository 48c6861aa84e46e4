"""Which finding of an earlier upload is which of a new one. Nothing is saved here."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from discovery.models import Finding
    from discovery.postfix import Finding as Said

Key = tuple[str, int]
SUBJECT_ENDS = re.compile(r"[\s=:]")


class Placed(Protocol):
    """What both kinds of findings have that tells where they are."""

    @property
    def rule(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def evidence(self) -> str: ...


@dataclass(slots=True)
class Matching:
    """`same`: the line is as it was. `changed`: its text is another one now. `new` and `gone` have no counterpart."""

    same: list[tuple[Finding, Key]] = field(default_factory=list)
    changed: list[tuple[Finding, Key]] = field(default_factory=list)
    new: list[Key] = field(default_factory=list)
    gone: list[Finding] = field(default_factory=list)


def by_key(said: Iterable[Said]) -> dict[Key, Said]:
    """Findings by fingerprint; equal fingerprints in one report are told apart by their order."""
    counts: dict[str, int] = defaultdict(int)
    keyed = {}
    for finding in said:
        keyed[finding.fingerprint, counts[finding.fingerprint]] = finding
        counts[finding.fingerprint] += 1
    return keyed


def match(known: Sequence[Finding], found: Mapping[Key, Said]) -> Matching:
    """Match by fingerprint first; what is left by rule, file and the name the line begins with, in order."""
    result = Matching()
    known_keys = {(finding.fingerprint, finding.occurrence) for finding in known}
    candidates: dict[Hashable, list[Finding]] = defaultdict(list)
    for finding in known:
        key = (finding.fingerprint, finding.occurrence)
        if key in found:
            result.same.append((finding, key))
        elif not finding.is_gone:
            candidates[_place(finding, finding.instance_name)].append(finding)
    for key in (key for key in found if key not in known_keys):
        waiting = candidates[_place(found[key], found[key].instance)]
        if waiting:
            result.changed.append((waiting.pop(0), key))
        else:
            result.new.append(key)
    result.gone = [finding for waiting in candidates.values() for finding in waiting]
    return result


def _place(finding: Placed, instance: str) -> Hashable:
    subject = SUBJECT_ENDS.split(finding.evidence.strip(), maxsplit=1)[0]
    return instance, finding.rule, finding.file, subject
