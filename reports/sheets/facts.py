"""Published facts the plan rests on, each with its source: reports/facts/*.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent.parent / "facts"


@cache
def facts_on(subject: str) -> dict[str, Any]:
    """The table of facts of a subject. Raises FileNotFoundError for one that nobody wrote."""
    table: dict[str, Any] = yaml.safe_load((_FOLDER / f"{subject}.yaml").read_text())
    return table
