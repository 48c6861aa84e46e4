"""Which finding of an earlier upload is which of a new one. Nothing is saved here."""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from discovery.models import Finding
    from discovery.postfix import Finding as Said

Key = tuple[str, int]
SUBJECT_ENDS = re.compile(r"[\s=:]")
REPEATED = re.compile(r"(?<=^[0-9a-f]{16})-\d+$")
# Of equal lines the decided ones give way first, the dismissed before the accepted: what is open stays in sight.
GIVES_WAY = ("open", "accepted", "dismissed")


class Placed(Protocol):
    """What both kinds of findings have that tells where they are."""

    @property
    def rule(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def evidence(self) -> str: ...


Place = Callable[[Placed, str], Hashable]


@dataclass(slots=True)
class Matching:
    """`same`: the line is as it was. `changed`: its text is another one now. `new` and `gone` have no counterpart.

    `rekeyed` are those gone whose key went to an equal line that stays, with the key they have instead.
    """

    same: list[tuple[Finding, Key]] = field(default_factory=list)
    changed: list[tuple[Finding, Key]] = field(default_factory=list)
    new: list[Key] = field(default_factory=list)
    gone: list[Finding] = field(default_factory=list)
    rekeyed: list[tuple[Finding, Key]] = field(default_factory=list)


def by_key(said: Iterable[Said]) -> dict[Key, Said]:
    """Findings by fingerprint; equal fingerprints in one report are told apart by their order."""
    counts: dict[str, int] = defaultdict(int)
    keyed = {}
    for finding in said:
        keyed[finding.fingerprint, counts[finding.fingerprint]] = finding
        counts[finding.fingerprint] += 1
    return keyed


def match(known: Sequence[Finding], found: Mapping[Key, Said]) -> Matching:
    """Match by fingerprint first, then what a renamed file says as before, then by the name a line begins with."""
    result = Matching()
    left = _match_keys(known, found, result)
    taken = {key for _, key in result.same}
    keys = [key for key in found if key not in taken]
    renamed = _renamed(result, left, [found[key] for key in keys], found)
    moved = [finding for finding in left if finding.file in renamed]
    keys = _pair(moved, keys, found, _line(renamed), result.same)
    for place in (_subject(renamed), _subject(renamed, is_any_instance=True)):
        left = _without(left, result.same, result.changed)
        keys = _pair(left, keys, found, place, result.changed)
    result.new, result.gone = keys, _without(left, result.same, result.changed)
    gone = {finding.number for finding in result.gone}
    result.rekeyed = [(finding, key) for finding, key in result.rekeyed if finding.number in gone]
    return result


def _match_keys(known: Sequence[Finding], found: Mapping[Key, Said], result: Matching) -> list[Finding]:
    """Those with a key that is found; the answer are the others that are still shown."""
    for finding, key in _keys_now(known, found):
        if key in found:
            result.same.append((finding, key))
        elif key != _key(finding):
            result.rekeyed.append((finding, key))
    matched = {finding.number for finding, _ in result.same}
    return [finding for finding in known if finding.number not in matched and not finding.is_gone]


def _keys_now(known: Sequence[Finding], found: Mapping[Key, Said]) -> list[tuple[Finding, Key]]:
    """Each finding with its key; where fewer equal lines are left than were, the open ones have the first keys."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in known:
        groups[REPEATED.sub("", finding.fingerprint)].append(finding)
    keyed = []
    for group in groups.values():
        keys = [_key(finding) for finding in group]
        is_fewer = 0 < sum(key in found for key in keys) < len(keys)
        if is_fewer and not any(finding.is_gone for finding in group):
            keys.sort(key=lambda key: key not in found)
            group.sort(key=lambda finding: GIVES_WAY.index(finding.state))
        keyed += list(zip(group, keys, strict=True))
    return keyed


def _key(finding: Finding) -> Key:
    return finding.fingerprint, finding.occurrence


def _renamed(
    result: Matching, left: Sequence[Finding], said: Sequence[Said], found: Mapping[Key, Said]
) -> dict[str, str]:
    """{old path: new path} of files that say at least half of what they did under another name alone."""
    there = {finding.file for finding, _ in result.same} | {found[key].file for _, key in result.same} | {""}
    before = [finding for finding in left if finding.file not in there and finding.evidence]
    places: dict[Hashable, set[str]] = defaultdict(set)
    for one in said:
        if one.file not in there:
            places[one.rule, one.evidence].add(one.file)
    shared = Counter((one.file, new) for one in before for new in places[one.rule, one.evidence])
    sizes = Counter(one.file for one in before)
    renamed: dict[str, str] = {}
    for (old, new), count in sorted(shared.items(), key=_likeness):
        if old not in renamed and new not in renamed.values() and 2 * count >= sizes[old]:
            renamed[old] = new
    return renamed


def _likeness(pair: tuple[tuple[str, str], int]) -> tuple[int, bool, int, str, str]:
    """Most lines in common first, then the same name, then most folders in common."""
    (old, new), count = pair
    folders = len(set(old.split("/")) & set(new.split("/")))
    return -count, posixpath.basename(old) != posixpath.basename(new), -folders, old, new


def _pair(
    left: Sequence[Finding],
    keys: Sequence[Key],
    found: Mapping[Key, Said],
    place_of: Place,
    pairs: list[tuple[Finding, Key]],
) -> list[Key]:
    """Pair what has the same place, in order; the answer are the keys that stay alone."""
    waiting: dict[Hashable, list[Finding]] = defaultdict(list)
    for finding in left:
        waiting[place_of(finding, finding.instance_name)].append(finding)
    alone = []
    for key in keys:
        if candidates := waiting.get(place_of(found[key], found[key].instance)):
            pairs.append((candidates.pop(0), key))
        else:
            alone.append(key)
    return alone


def _without(findings: Sequence[Finding], *pairs: Sequence[tuple[Finding, Key]]) -> list[Finding]:
    paired = {finding.number for several in pairs for finding, _ in several}
    return [finding for finding in findings if finding.number not in paired]


def _line(renamed: Mapping[str, str]) -> Place:
    return lambda one, _: (one.rule, renamed.get(one.file, one.file), one.evidence)


def _subject(renamed: Mapping[str, str], *, is_any_instance: bool = False) -> Place:
    """By the name a line begins with. A file tells its instance; what has no file is told apart by it."""

    def place(one: Placed, instance: str) -> Hashable:
        name = SUBJECT_ENDS.split(one.evidence.strip(), maxsplit=1)[0]
        told = "" if is_any_instance and one.file else instance
        return told, one.rule, renamed.get(one.file, one.file), name

    return place
