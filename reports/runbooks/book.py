"""The runbooks as their files write them: texts/*.yaml, with what they ask for and the tables they show.

A runbook: `key`, `title` by language, `needs` (tables without which a customer has no use for it), `tables` it shows,
`trigger`, `contact` (keys of what is asked for), `steps` and `back`.
A step: `title`, or `rollback_step` with the number of a step of the portal's own rollback; `where` it is done; `text`;
commands (`once`, then `run` for each row of the table `each`, then `then`); `expect`. Where the targets differ, a part
says so for each of them. [[marks]] are names of facts, or of a column of `each`. The texts are English; `es.yaml` has
each of them in Spanish, with the same marks. Commands are the same in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.languages import FIRST

FOLDER = Path(__file__).parent
TARGETS = ("kumomta", "powermta")
FORMS = frozenset({"path", "hosts", "addresses", "words"})

Part = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    expect: Part
    title: str = ""
    rollback_step: int = 0
    where: str = ""
    text: Part = ""
    each: str = ""
    once: Part = ""
    run: Part = ""
    then: Part = ""


@dataclass(frozen=True, slots=True)
class Runbook:
    key: str
    title: Mapping[str, str]
    trigger: Sequence[str]
    contact: Sequence[str]
    steps: Sequence[Step]
    back: Sequence[Step]
    needs: Sequence[str] = field(default=())
    tables: Sequence[str] = field(default=())

    @property
    def name(self) -> str:
        """As the pages of the portal call it."""
        return self.title[FIRST]


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact that no file says. `answer` is the question of the questionnaire that says it already."""

    key: str
    form: str
    party: str
    title: str
    ask: str
    answer: str = ""

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise ValueError(f"{self.key}: {self.form} is none of {', '.join(sorted(FORMS))}")


@dataclass(frozen=True, slots=True)
class TableShape:
    title: str
    columns: Mapping[str, str]


@cache
def runbooks() -> Mapping[str, Runbook]:
    """By key, in the order in which their files are named."""
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / "texts").glob("*.yaml"))]
    return {row["key"]: _runbook(row) for row in read}


def _runbook(row: Mapping[str, Any]) -> Runbook:
    steps = {part: [Step(**step) for step in row[part]] for part in ("steps", "back")}
    return Runbook(**{**row, **steps})


@cache
def _translations(language: str) -> Mapping[str, str]:
    found: Mapping[str, str] = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return found


def in_language(text: str, language: str) -> str:
    """A text of these files. Raises KeyError for one that nobody translated, and a test asks for each."""
    return text if language == FIRST or not text else _translations(language)[text]


@cache
def asks() -> Mapping[str, Ask]:
    rows = yaml.safe_load((FOLDER / "asks.yaml").read_text(encoding="utf-8"))
    return {row["key"]: Ask(**row) for row in rows}


@cache
def shapes() -> Mapping[str, TableShape]:
    rows = yaml.safe_load((FOLDER / "tables.yaml").read_text(encoding="utf-8"))
    return {key: TableShape(**row) for key, row in rows.items()}
