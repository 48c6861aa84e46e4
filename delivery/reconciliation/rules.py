"""The rules of causes.yaml and the limits, as parts of the statements that judge."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
STATES = ("matched", "missing", "duplicate", "late", "ambiguous", "out of window", "in flight")


@cache
def causes() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((HERE / "causes.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read


@cache
def limits() -> dict[str, float]:
    read: dict[str, float] = yaml.load((HERE / "limits.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read


def parts_of_statements() -> dict[str, str]:
    """What stands for {ends_state} and its like."""
    rules = causes()
    return {
        f"{subject}_{answer}": case_of(rules[subject], answer)
        for subject in ("claims", "ends", "pairs")
        for answer in ("state", "cause")
        if subject != "pairs" or answer == "cause"
    }


def case_of(rules: list[dict[str, str]], answer: str) -> str:
    """One condition after the other; causes are given by their names."""
    names = {key: cause["name"] for key, cause in causes()["causes"].items()}
    given = (
        (rule["when"], names[rule["cause"]] if answer == "cause" and "cause" in rule else rule.get(answer, ""))
        for rule in rules
    )
    cases = " ".join(f"WHEN {when} THEN nullif('{value}', '')" for when, value in given)
    return f"CASE {cases} END"
