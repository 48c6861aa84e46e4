"""Rule packs: loads discovery/rules/NN_*.yaml and checks each rule.

A rule says what to look for (`match`, see `matchers`), how sure and how bad it is, and in plain words what it means; it
holds no code. `example` is a small configuration that it speaks about, `near_miss` one that it must be silent about.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from discovery.postfix.matchers import MATCHERS
from discovery.postfix.places import MAIN
from discovery.postfix.report import CONFIDENCES, SEVERITIES

PACKS = Path(__file__).parent.parent / "rules"
PACK_NAMES = "[0-9]*_*.yaml"
OBSERVED = "observed"
SCOPES = ("line", "subject", "file", "instance", "bundle")
REQUIRED = frozenset({"id", "title", "severity", "confidence", "class", "effort", "message", "why", "manual", "match"})
PLAIN_MAIN = "compatibility_level = 3.6\n"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a rule pack; `effort` is in the units of the published table, as those of the dictionary.

    `per` says what is said once: each line, each subject (a socket, a name), each file, each instance, the bundle.
    `at` is where the example makes it speak (`main.cf:3`), `says` are words of its message there.
    """

    id: str
    pack: str
    title: str
    severity: str
    confidence: str
    classes: Mapping[str, str]
    effort: int
    message: str
    why: str
    manual: tuple[str, ...]
    match: Mapping[str, Any]
    per: str = "line"
    versions: str = ""
    example: Mapping[str, str] | None = None
    at: str = ""
    says: str = ""
    near_miss: Mapping[str, str] | None = None

    @property
    def is_observed(self) -> bool:
        """Whether it is about something measured, answered or agreed, not matched in a bundle."""
        return bool(self.match["kind"] == OBSERVED)


class RuleError(ValueError):
    """A rule pack is not well formed; the text names the rule and what is wrong."""


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rules of all packs, by file name and position; raises RuleError."""
    packs = [(path.stem, rows_of(path)) for path in sorted(PACKS.glob(PACK_NAMES))]
    rules = tuple(rule_of(row, pack) for pack, rows in packs for row in rows)
    repeated = [name for name, count in Counter(rule.id for rule in rules).items() if count > 1]
    if repeated:
        raise RuleError(f"The rule {repeated[0]} is defined twice.")
    return rules


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of one pack; the loader of libyaml is ten times as fast as the one in Python."""
    rows: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return rows


def is_rule(name: str) -> bool:
    return name in {rule.id for rule in load_rules()}


def rule_of(row: Mapping[str, Any], pack: str = "") -> Rule:
    """A checked rule; raises RuleError."""
    check(row)
    texts = {key: " ".join(row[key].split()) for key in ("title", "message", "why")}
    return Rule(
        id=row["id"],
        pack=pack,
        severity=row["severity"],
        confidence=row["confidence"],
        classes=dict(row["class"]),
        effort=int(row["effort"]),
        manual=tuple(row["manual"]),
        match=dict(row["match"]),
        per=row.get("per", "line"),
        versions=row.get("versions", ""),
        example=files_of(row.get("example")),
        at=row.get("at", ""),
        says=row.get("says", ""),
        near_miss=files_of(row.get("near_miss")),
        **texts,
    )


def check(row: Mapping[str, Any]) -> None:
    name = row.get("id", "without an id")
    absent = REQUIRED - set(row)
    if absent:
        raise RuleError(f"The rule {name} has no {', '.join(sorted(absent))}.")
    if row["severity"] not in SEVERITIES or row["confidence"] not in CONFIDENCES:
        raise RuleError(f"The rule {name} has an unknown severity or confidence.")
    if row["match"].get("kind") not in MATCHERS:
        raise RuleError(f"The rule {name} has an unknown kind of match.")
    if row.get("per", "line") not in SCOPES:
        raise RuleError(f"The rule {name} has an unknown scope.")


def files_of(example: str | Mapping[str, Any] | None) -> Mapping[str, str] | None:
    """`{path: text}`; a bare text is a main.cf, and a configuration without one gets a plain one.

    `{line, times}` in the place of a text is a long file of equal lines.
    """
    if example is None:
        return None
    files = {MAIN: example} if isinstance(example, str) else {path: text_of(text) for path, text in example.items()}
    has_main = any(path.rpartition("/")[2].startswith(MAIN) for path in files)
    return files if has_main else {MAIN: PLAIN_MAIN, **files}


def text_of(text: str | Mapping[str, Any]) -> str:
    return text if isinstance(text, str) else str(text["line"]) * int(text["times"])
