"""The subjects of training sessions, as `training_subjects.yaml` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_BOOK = Path(__file__).with_name("training_subjects.yaml")


@dataclass(frozen=True, slots=True)
class Subject:
    """`exercise` is what is proposed to whoever came; `runbooks` the keys of those that a session goes through."""

    key: str
    title: str
    exercise: str
    runbooks: tuple[str, ...]


@cache
def subjects() -> dict[str, Subject]:
    rows = yaml.safe_load(_BOOK.read_text(encoding="utf-8"))
    return {row["key"]: Subject(**(row | {"runbooks": tuple(row["runbooks"])})) for row in rows}


def exercise_for(title: str) -> str:
    """What is proposed for a session; empty for a title that somebody wrote."""
    return next((subject.exercise for subject in subjects().values() if subject.title == title), "")
