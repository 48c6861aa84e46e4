"""The checks and what they say. A check is computed each time it is asked; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from datetime import date

    from discovery.estate import Estate, Row
    from discovery.xray.translation import TranslationFacts

PROBLEM, ORDER, UNTOLD = "problem", "order", "untold"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the checks look at.

    `texts` are small files of the current uploads by (host, path); `read_on` is the day on which each host was read,
    `answers` how far the questionnaire is: draft, submitted, returned or accepted. `translation` is None before the
    first set was made.
    """

    estate: Estate
    today: date
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    read_on: Mapping[str, date] = field(default_factory=dict)
    answers: str = "draft"
    translation: TranslationFacts | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence, and the page on which the thing is mended: a page of discovery with its arguments, or a line."""

    sentence: str
    page: str
    arguments: tuple[str | int, ...] = ()
    jump: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a check cannot be answered, or not in full."""

    sentence: str


Said = Callable[[Scene], Iterator["Fault | Doubt"]]


@dataclass(frozen=True, slots=True)
class Whole:
    """The page of discovery that lists everything a check speaks of; `label` is the text of its link."""

    label: str
    page: str
    arguments: tuple[str, ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    key: str
    title: str
    says: Said
    needs_uploads: bool
    whole: Whole | None


@dataclass(frozen=True, slots=True)
class Verdict:
    check: Check
    faults: tuple[Fault, ...]
    doubts: tuple[Doubt, ...]

    @property
    def state(self) -> str:
        if self.faults:
            return PROBLEM
        return UNTOLD if self.doubts else ORDER


_checks: dict[str, Check] = {}


def check(key: str, title: str, *, needs_uploads: bool = True, whole: Whole | None = None) -> Callable[[Said], Said]:
    """Register a check. One that needs uploads cannot be told before the first was read."""

    def register(says: Said) -> Said:
        if key in _checks:
            raise ValueError(f"There is a check {key} already")
        _checks[key] = Check(key, title, says, needs_uploads, whole)
        return says

    return register


def known_checks() -> tuple[Check, ...]:
    return tuple(_checks.values())


def verdict_of(known: Check, scene: Scene) -> Verdict:
    if known.needs_uploads and not scene.estate.hosts:
        return Verdict(known, (), (Doubt("No configuration has been read yet."),))
    said = list(known.says(scene))
    faults = tuple(one for one in said if isinstance(one, Fault))
    return Verdict(known, faults, tuple(one for one in said if isinstance(one, Doubt)))


@cache
def thresholds() -> Mapping[str, int]:
    limits: Mapping[str, int] = yaml.safe_load((Path(__file__).parent / "thresholds.yaml").read_text(encoding="utf-8"))
    return limits


def at_line(sentence: str, row: Row) -> Fault:
    """A fault that is mended at the line it was read from."""
    return Fault(f"{sentence} ({row.host}, {row.place})", "file", (row.upload, row.file), row.jump)
