"""Every construct of a configuration, each exactly once, and its row in the dictionary.

A construct is one thing Postfix was told: a setting of main.cf, an override, a service, its process limit and its
arguments, a check in a list, a table and each kind of action in it, a milter or service beside Postfix, a program, a
job, a signing key.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from discovery.postfix import Bundle, Instance, Report
from discovery.translation.book import Book, Row
from discovery.translation.detection.bench import Bench
from discovery.translation.detection.found import ASLEEP, OVERRIDE, PARAMETER, Found
from discovery.translation.detection.programs import find_filters, find_keys, find_programs
from discovery.translation.detection.restrictions import find_restrictions
from discovery.translation.detection.services import find_services
from discovery.translation.detection.settings import find_settings
from discovery.translation.detection.table_actions import find_tables
from discovery.translation.overrides import NONE, Override, Overrides
from discovery.translation.treatments import TARGETS, Treatment

FINDERS = (find_settings, find_services, find_restrictions, find_tables, find_filters, find_programs, find_keys)
KEY_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Construct:
    """One thing Postfix was told. `key` stays the same when lines move; `lines` is how many lines of a file say it.

    `name` is what the dictionary is asked for, `subject` tells it from others of the same name. `value` has its
    `$names` replaced, `written` is as it stands. `asleep` says why Postfix itself makes nothing of it, "" for what is
    in use. `rows` is a digest of the rows of a table that say it, "" for what stands on one line.
    """

    key: str
    kind: str
    name: str
    subject: str
    instance: str
    file: str
    line: int
    value: str
    written: str
    lines: int
    asleep: str
    rows: str = ""

    @property
    def text_digest(self) -> str:
        """Another one as soon as anything that is written about it changes."""
        return hashlib.sha256(f"{self.value}\0{self.rows}".encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Classified:
    """A construct with its row and what overrides it; without both it is not classified, and `treatments` is empty."""

    construct: Construct
    row: Row | None
    treatments: Mapping[str, Treatment]
    override: Override | None = None

    @property
    def is_classified(self) -> bool:
        return bool(self.treatments)

    @property
    def entry(self) -> str:
        """The entry that speaks: effort counts the first construct of one more than those after it."""
        return self.override.reference if self.override else self.row.id if self.row else ""

    def as_json(self) -> dict[str, Any]:
        construct = self.construct
        return {
            "key": construct.key,
            "kind": construct.kind,
            "construct": construct.name,
            "subject": construct.subject,
            "instance": construct.instance,
            "file": construct.file,
            "line": construct.line,
            "lines": construct.lines,
            "value": construct.value,
            "row": self.row.id if self.row else "",
            "override": self.override.as_json() if self.override else None,
            "targets": {target: treatment.as_json() for target, treatment in self.treatments.items()},
        }


def detect(bundle: Bundle, report: Report) -> tuple[Construct, ...]:
    """All constructs of a masked bundle as it was audited: by instance, by finder, in the order of the files."""
    return tuple(
        construct for instance in report.instances for construct in of_instance(bundle, instance, report.instances)
    )


def of_instance(bundle: Bundle, instance: Instance, all_instances: Sequence[Instance]) -> Iterator[Construct]:
    """The constructs of one instance; what is found twice under the same words gets a number."""
    bench = Bench(bundle, instance, tuple(all_instances))
    met: Counter[tuple[str, ...]] = Counter()
    for finder in FINDERS:
        for found in finder(bench):
            words = (instance.name, found.kind, found.name, found.subject)
            met[words] += 1
            yield construct_of(found, instance.name, (*words, str(met[words])))


def construct_of(found: Found, instance: str, words: Sequence[str]) -> Construct:
    digest = hashlib.sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()
    return Construct(
        key=digest[:KEY_LENGTH],
        kind=found.kind,
        name=found.name,
        subject=found.subject,
        instance=instance,
        file=found.file,
        line=found.line,
        value=found.value,
        written=found.written or found.value,
        lines=found.lines,
        asleep=found.asleep,
        rows=found.rows,
    )


def classify(construct: Construct, book: Book, overrides: Overrides = NONE) -> Classified:
    """What an override or else the dictionary says of a construct; nothing is guessed for one that neither knows."""
    row = row_of(construct, book)
    if override := override_of(construct, row, overrides):
        return Classified(construct, row, override.treatments, override)
    is_override = construct.kind == OVERRIDE
    treatments = {
        target: row.treatment(target, construct.value, written=construct.written, is_override=is_override)
        for target in TARGETS
        if row is not None
    }
    return Classified(construct, row, MappingProxyType(treatments))


def override_of(construct: Construct, row: Row | None, overrides: Overrides) -> Override | None:
    """None for what Postfix itself makes nothing of, whoever says what; what is switched off asks for its value."""
    found = overrides.find(entry_kind(construct.kind), construct.name, construct.value)
    if row is None or found is None:
        return found
    if row.kind == ASLEEP or (construct.kind == OVERRIDE and row.main_only):
        return None
    return found if found.value or not row.is_off(construct.value) else None


def entry_kind(kind: str) -> str:
    """The kind under which the dictionary knows a construct."""
    return PARAMETER if kind == OVERRIDE else kind


def row_of(construct: Construct, book: Book) -> Row | None:
    """The row of what is asleep goes before that of what it would be."""
    row = book.find(entry_kind(construct.kind), construct.name)
    return book.find(ASLEEP, construct.asleep) if construct.asleep and row is not None else row


def classify_all(constructs: Sequence[Construct], book: Book, overrides: Overrides = NONE) -> tuple[Classified, ...]:
    return tuple(classify(construct, book, overrides) for construct in constructs)
