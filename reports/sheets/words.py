"""The plan's own sentences in each language, out of reports/words/*.yaml: every text stands there in all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from core.languages import FIRST
from core.wording import zone_text
from reports.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

_NUMBER = re.compile(r"[\u2212-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?( %)?")
_FOLDER = Path(__file__).parent.parent / "words"


def _leaves(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, value in tree.items():
        name = f"{path}.{key}" if path else str(key)
        if FIRST in value:
            yield name, value
        else:
            yield from _leaves(value, name)


@cache
def all_texts() -> dict[str, Mapping[str, Any]]:
    """By dotted key, each with its languages. Raises ValueError when two files say the same key."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        for key, texts in _leaves(yaml.safe_load(path.read_text())):
            if key in found:
                raise ValueError(f"{path.name} says {key} once more")
            found[key] = texts
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language. Templates ask `words.<key>` for those of the annexes."""

    do_not_call_in_templates: ClassVar[bool] = True  # Django calls whatever can be called

    language: str = FIRST
    zone: ZoneInfo = field(default_factory=lambda: zone_of({}))

    def __call__(self, key: str, **values: object) -> str:
        """The sentence with its values. Raises KeyError for one that nobody wrote."""
        text: str = all_texts()[key][self.language]
        return text.format(**values) if values else text

    def __getitem__(self, key: str) -> str:
        return self(f"annex.{key}")

    def several(self, key: str) -> list[str]:
        return list(all_texts()[key][self.language])

    def has(self, key: str) -> bool:
        return key in all_texts()

    def of(self, texts: Mapping[str, str]) -> str:
        """Out of a table of facts that holds both languages itself."""
        return texts[self.language]

    def label(self, text: str) -> str:
        """A name the records use, such as a severity; one that has no translation stays as it is."""
        known = all_texts().get(f"label.{text}")
        return str(known[self.language]) if known else text

    def digits(self, text: str) -> str:
        """A number that is written 1,402,117.5, as the language writes it; anything else stays as it is."""
        if self.language == FIRST or not _NUMBER.fullmatch(text):
            return text
        return text.translate({ord(","): self("number.thousands"), ord("."): self("number.decimal")})

    def day(self, text: str | date) -> str:
        """Thu 14 May 2026 or jue 14 may 2026, of a date or its ISO text; "" for none."""
        if not text:
            return ""
        day = text if isinstance(text, date) else date.fromisoformat(text)
        weekday = self.several("calendar.days")[day.weekday()]
        return f"{weekday} {day.day} {self.several('calendar.months')[day.month - 1]} {day.year}"

    def moment(self, text: str) -> str:
        """With the hour, in the zone of the document."""
        if not text:
            return ""
        moment = datetime.fromisoformat(text).astimezone(self.zone)
        return f"{self.day(moment.date())}, {moment:%H:%M} {zone_text(moment)}"
