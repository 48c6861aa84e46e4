"""Which rows of a map a reader looks at, the map as a table for spreadsheets, and two sets against each other."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from django.db.models import Q

from discovery.models import TranslatedConstruct
from discovery.spreadsheets import safe_cell
from discovery.translation.treatments import DROPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from discovery.models import TranslationSet
    from discovery.models.translation import TranslatedConstructQuerySet

LONGEST = 200
WHOLE = 100
LETTERS = TranslatedConstruct.Letter.choices
FATES = TranslatedConstruct.Fate.choices
HEADER = (
    *("host", "instance", "construct", "kind", "subject", "value", "file", "line", "class"),
    *("fate", "target names", "generated", "what changes", "reasons"),
    *("percent of mail", "share known from", "override"),
)
TOLD = ("letter", "fate", "value", "lines", "reasons")
WORDS = {"letter": "class", "fate": "what becomes of it", "value": "value", "lines": "lines", "reasons": "reasons"}


@dataclass(frozen=True, slots=True)
class MapFilter:
    """Empty means all; `changing` asks for rows whose class is another one on another target."""

    letter: str = ""
    fate: str = ""
    changing: str = ""
    text: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """From an address. Words nobody knows ask for nothing."""
        told = {name: asked.get(name, "").replace("\0", "").strip()[:LONGEST] for name in cls.__slots__}
        known = {"letter": dict(LETTERS), "fate": dict(FATES), "changing": {"yes": ""}}
        return cls(**{name: value for name, value in told.items() if value in known.get(name, {value: ""})})

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def is_narrow(self) -> bool:
        return bool(self.query)

    def narrow(self, rows: TranslatedConstructQuerySet) -> TranslatedConstructQuerySet:
        exact = {name: getattr(self, name) for name in ("letter", "fate") if getattr(self, name)}
        asked = rows.filter(**exact)
        if self.changing:
            asked = asked.filter(is_changing=True)
        if self.text:
            places = ("name", "subject", "value", "file", "emitted")
            wanted = Q()
            for place in places:
                wanted |= Q(**{f"{place}__icontains": self.text})
            asked = asked.filter(wanted)
        return asked.blocking_first()


def map_csv(rows: Iterable[TranslatedConstruct]) -> str:
    """One line a construct. No cell begins as a formula does."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows([safe_cell(cell) for cell in cells_of(row)] for row in rows)
    return text.getvalue()


def cells_of(row: TranslatedConstruct) -> tuple[str, ...]:
    emitted = "\n".join(f"{line['file']}:{line['line']} {line['text']}" for line in row.emitted)
    share = row.traffic.get("percent")
    basis = (row.traffic.get("basis") or "not known", row.traffic.get("why", ""))
    traffic = ("" if share is None else f"{share:g}", ": ".join(text for text in basis if text))
    said = (row.loss, " ".join(row.reasons), *traffic, row.override.get("reference", ""))
    where = (row.upload.host_label, row.instance, row.name, row.kind, row.subject, row.value, row.file, str(row.line))
    return (*where, row.letter, row.fate, " ".join(row.names), emitted, *said)


@dataclass(frozen=True, slots=True)
class RowChange:
    """What became of a construct from one set to the next: new, gone or changed; `differs` names what changed."""

    kind: str
    before: TranslatedConstruct | None
    after: TranslatedConstruct | None
    differs: tuple[str, ...] = ()

    @property
    def shown(self) -> TranslatedConstruct:
        row = self.after or self.before
        assert row is not None  # noqa: S101 (a change has one of both)
        return row


@dataclass(frozen=True, slots=True)
class SetComparison:
    changes: tuple[RowChange, ...]
    unchanged: int

    @property
    def counts(self) -> dict[str, int]:
        return {kind: sum(each.kind == kind for each in self.changes) for kind in ("new", "gone", "changed")}


def compare_sets(before: TranslationSet, after: TranslationSet) -> SetComparison:
    """By construct, whatever line it moved to."""
    old, new = _by_construct(before), _by_construct(after)
    changes = [RowChange("gone", row, None) for key, row in old.items() if key not in new]
    changes += [RowChange("new", None, row) for key, row in new.items() if key not in old]
    both = [(old[key], row, _differences(old[key], row)) for key, row in new.items() if key in old]
    changes += [RowChange("changed", was, now, differs) for was, now, differs in both if differs]
    return SetComparison(tuple(changes), sum(not differs for _, _, differs in both))


def _by_construct(translation: TranslationSet) -> dict[tuple[str, str], TranslatedConstruct]:
    return {(row.upload.host_label, row.key): row for row in translation.rows.select_related("upload")}


def _differences(before: TranslatedConstruct, after: TranslatedConstruct) -> tuple[str, ...]:
    was, now = _told(before), _told(after)
    return tuple(WORDS[name] for name in TOLD if was[name] != now[name])


def _told(row: TranslatedConstruct) -> dict[str, object]:
    """What a set says of a construct; where a line stands does not count."""
    lines = [(line["file"], line["text"]) for line in row.emitted]
    return {"letter": row.letter, "fate": row.fate, "value": row.value, "lines": lines, "reasons": row.reasons}


@dataclass(frozen=True, slots=True)
class ClassTraffic:
    """How much mail passes a class in words; `unknown` constructs may be on more of it than these say."""

    words: str
    unknown: int = 0
    is_known: bool = True


def class_traffic(letter: str, constructs: int, share: Mapping[str, Any] | None) -> ClassTraffic | None:
    """Nothing is said of what is dropped: no mail loses anything. A share means little where most are not known."""
    if letter == DROPPED:
        return None
    if not constructs:
        return ClassTraffic("none", is_known=False)
    if share is None or share["percent"] is None:
        return ClassTraffic("not known", is_known=False)
    if share["percent"] >= WHOLE:
        return ClassTraffic("all mail")
    if share["unknown"] > share["known"]:
        return ClassTraffic("not known", is_known=False)
    return ClassTraffic(f"at least {share['percent']:g} %", share["unknown"])
