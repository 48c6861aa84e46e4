"""Why a delivery was refused or put off, in the practice's own few categories."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

FACTS = Path(__file__).with_name("bounces.yaml")
LOOKED_AT = 400
MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Category:
    """`means` is hard, soft or block: about the address, the moment, or the sender."""

    key: str
    label: str
    means: str


@dataclass(frozen=True, slots=True)
class _Rule:
    category: Category
    code: re.Pattern[str] | None
    text: re.Pattern[str] | None


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            Category(row["key"], row["label"], row["means"]),
            re.compile(rf"[245]\.(?:{row['code']})") if "code" in row else None,
            re.compile(row["text"], re.IGNORECASE) if "text" in row else None,
        )
        for row in yaml.load(FACTS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    )


@cache
def categories() -> dict[str, Category]:
    return {rule.category.key: rule.category for rule in reversed(_rules())}


@lru_cache(maxsize=MOST_REMEMBERED)
def category_of(dsn: bytes, reason: bytes) -> str:
    """The key of the first category that fits; "other" is the last."""
    code, text = dsn.decode("ascii", "replace"), reason[:LOOKED_AT].decode("utf-8", "replace")
    for rule in _rules():
        if rule.text is not None and rule.text.search(text):
            return rule.category.key
        if rule.code is not None and rule.code.fullmatch(code):
            return rule.category.key
    return "other"
