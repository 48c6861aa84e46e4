"""The dictionary: what becomes of each Postfix construct on both targets. Loads and checks `dictionary/*.yaml`.

`docs/dictionary.md` says how a row is written. Names are exact or patterns; an exact name goes before a pattern.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from discovery.translation.target_names import described_in
from discovery.translation.treatments import DROPPED, TARGETS, DictionaryError, Treatment, treatment_of

FOLDER = Path(__file__).parent / "dictionary"
ROW_KEYS = frozenset(
    {
        "id",
        "kind",
        "names",
        "patterns",
        "manual",
        "note",
        "main_only",
        "nothing_at",
        "when",
        "both",
        "example",
        *TARGETS,
    }
)
VARIANT_KEYS = frozenset({"value", "both", *TARGETS})
MOST_SHOWN = 3
ALTERNATIVES = re.compile(r"\(([^()]*)\)")
OFF = Treatment(DROPPED, reason="Switched off or empty here: nothing is left to translate.", confidence="certain")
Treatments = Mapping[str, Treatment]


@dataclass(frozen=True, slots=True)
class Variant:
    """What becomes of a construct with certain values; targets that are absent are as usual."""

    value: re.Pattern[str]
    treatments: Treatments

    def fits(self, value: str) -> bool:
        return self.value.fullmatch(value.strip()) is not None


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. `nothing_at` are values with which nothing is left to translate.

    `main_only` names the program that alone reads the parameter: as an option of another service it has no effect.
    """

    id: str
    group: str
    kind: str
    names: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    manual: str
    treatments: Treatments
    variants: tuple[Variant, ...] = ()
    note: str = ""
    nothing_at: frozenset[str] = frozenset()
    main_only: str = ""
    example: str = ""

    @property
    def title(self) -> str:
        """What the row is called: its first names, else its identity in words."""
        return self.called(MOST_SHOWN)

    @property
    def short_title(self) -> str:
        return self.called(1)

    def called(self, most: int) -> str:
        rest = len(self.names) - most
        named = ", ".join(self.names[:most]) + (f" and {rest} more" if rest > 0 else "")
        return named or self.id.replace("-", " ").capitalize()

    def treatment(self, target: str, value: str, *, written: str = "", is_override: bool = False) -> Treatment:
        """What becomes of it on a target with a value; `written` is the same before its names were replaced."""
        if is_override and self.main_only:
            reason = f"Only {self.main_only} reads this, from main.cf: as an option of this service it has no effect."
            return Treatment(DROPPED, reason=reason, confidence="certain")
        if self.is_off(value):
            return OFF
        fitting = (each.treatments for each in self.variants if each.fits(value) or (written and each.fits(written)))
        return next((each[target] for each in fitting if target in each), self.treatments[target])

    def is_off(self, value: str) -> bool:
        """Whether nothing is left to translate with this value."""
        return value.strip().lower() in self.nothing_at

    def sources(self, target: str) -> tuple[str, ...]:
        """Where the names that stand for it are described, each once."""
        every = [self.treatments, *(variant.treatments for variant in self.variants)]
        named = [name for each in every if target in each for name in each[target].names]
        places = described_in(target)
        return tuple(dict.fromkeys(f"{name}: {places[name]}" if places[name] else name for name in named))


@dataclass(frozen=True, slots=True)
class Book:
    """All rows, in the order of the files."""

    rows: tuple[Row, ...]
    by_name: Mapping[tuple[str, str], Row] = field(default_factory=dict)

    def find(self, kind: str, name: str) -> Row | None:
        """The row of a construct, or None for one that nobody has looked at."""
        exact = self.by_name.get((kind, name))
        return exact or next(iter(self.fitting(kind, name)), None)

    def fitting(self, kind: str, name: str) -> list[Row]:
        """The rows whose patterns fit; there should never be two."""
        rows = (row for row in self.rows if row.kind == kind)
        return [row for row in rows if any(pattern.fullmatch(name) for pattern in row.patterns)]

    def row(self, id: str) -> Row | None:  # noqa: A002 - it is what the files call it
        return next((row for row in self.rows if row.id == id), None)


@cache
def load_book() -> Book:
    """The dictionary as it is shipped; raises DictionaryError."""
    return bind(row for path in sorted(FOLDER.glob("*.yaml")) for row in read_rows(path))


def bind(rows: Iterator[Row]) -> Book:
    """A book of rows; raises DictionaryError where two have the same identity or name."""
    kept = tuple(rows)
    by_name: dict[tuple[str, str], Row] = {}
    for row in kept:
        if sum(row.id == each.id for each in kept) > 1:
            raise DictionaryError(f"The row {row.id} is written twice.")
        for name in row.names:
            if other := by_name.get((row.kind, name)):
                raise DictionaryError(f"{name} stands in the rows {other.id} and {row.id}.")
            by_name[row.kind, name] = row
    return Book(kept, MappingProxyType(by_name))


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of one file, with what the file says of all of them."""
    written: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for row in written["rows"]:
        yield row_of({"kind": written["kind"], "manual": written["manual"], **row}, written["group"])


def row_of(written: Mapping[str, Any], group: str) -> Row:
    """One row as it is written; raises DictionaryError."""
    where = f"The row {written.get('id', 'without an id')}"
    if unknown := set(written) - ROW_KEYS:
        raise DictionaryError(f"{where} has the unknown key {min(unknown)}.")
    row = Row(
        id=written["id"],
        group=group,
        kind=written["kind"],
        names=names_of(written.get("names", "")),
        patterns=tuple(re.compile(pattern) for pattern in str(written.get("patterns", "")).split()),
        manual=written["manual"],
        treatments=treatments_of(written, where),
        variants=tuple(variant_of(variant, where) for variant in written.get("when", ())),
        note=written.get("note", ""),
        nothing_at=frozenset(str(value) for value in written.get("nothing_at", ())),
        main_only=written.get("main_only", ""),
        example=written.get("example", ""),
    )
    if set(row.treatments) != set(TARGETS):
        raise DictionaryError(f"{where} does not say what becomes of it on both targets.")
    if not row.names and not row.patterns:
        raise DictionaryError(f"{where} has neither names nor patterns.")
    return row


def names_of(written: str | list[str]) -> tuple[str, ...]:
    """Names between blanks, `(smtp,lmtp)_x` standing for both; a list holds names with blanks in them."""
    if not isinstance(written, str):
        return tuple(written)
    return tuple(name for word in written.split() for name in spelt_out(word))


def spelt_out(word: str) -> Iterator[str]:
    parts = ALTERNATIVES.split(word)
    choices = [part.split(",") if position % 2 else [part] for position, part in enumerate(parts)]
    return ("".join(chosen) for chosen in product(*choices))


def variant_of(written: Mapping[str, Any], where: str) -> Variant:
    if unknown := set(written) - VARIANT_KEYS:
        raise DictionaryError(f"{where} has a variant with the unknown key {min(unknown)}.")
    return Variant(re.compile(str(written["value"]), re.IGNORECASE), treatments_of(written, where))


def treatments_of(written: Mapping[str, Any], where: str) -> Treatments:
    """By target; `both` says the same of both. Every name has to be one the target knows."""
    said = {target: written.get(target, written.get("both")) for target in TARGETS}
    made = {target: treatment_of(each, f"{where}, {target},") for target, each in said.items() if each is not None}
    for target, treatment in made.items():
        for name in treatment.names:
            if name not in described_in(target):
                raise DictionaryError(f"{where} names {name}, which is not known of {target}.")
    return MappingProxyType(made)
