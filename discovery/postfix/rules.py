"""Rule packs: loads discovery/rules/*.yaml, runs each rule's matcher, numbers the findings.

A rule says what to look for (`match`, see `matchers`), how sure and how bad it is, and in
plain words what it means; it holds no code.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from discovery.postfix.bundle import Bundle
from discovery.postfix.matchers import MATCHERS, Hit, Scene
from discovery.postfix.report import CONFIDENCES, SEVERITIES, Finding

PACKS = Path(__file__).parent.parent / "rules"
LONGEST_EVIDENCE = 240
LONGEST_WORD = 120
OBSERVED = "observed"
REQUIRED = frozenset({"id", "title", "severity", "confidence", "class", "effort", "message", "why", "manual", "match"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a rule pack; `effort` is in units of half a day."""

    id: str
    title: str
    severity: str
    confidence: str
    classes: Mapping[str, str]
    effort: int
    message: str
    why: str
    manual: tuple[str, ...]
    match: Mapping[str, Any]
    is_once: bool


class RuleError(ValueError):
    """A rule pack is not well formed; the text names the rule and what is wrong."""


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rules of all packs, by file name and position; raises RuleError."""
    rows = [row for pack in sorted(PACKS.glob("*.yaml")) for row in yaml.safe_load(pack.read_text(encoding="utf-8"))]
    rules = tuple(rule_of(row) for row in rows)
    repeated = [name for name, count in Counter(rule.id for rule in rules).items() if count > 1]
    if repeated:
        raise RuleError(f"The rule {repeated[0]} is defined twice.")
    return rules


def rule_of(row: Mapping[str, Any]) -> Rule:
    """A checked rule; raises RuleError."""
    name = row.get("id", "without an id")
    absent = REQUIRED - set(row)
    if absent:
        raise RuleError(f"The rule {name} has no {', '.join(sorted(absent))}.")
    if row["severity"] not in SEVERITIES or row["confidence"] not in CONFIDENCES:
        raise RuleError(f"The rule {name} has an unknown severity or confidence.")
    if row["match"].get("kind") not in MATCHERS:
        raise RuleError(f"The rule {name} has an unknown kind of match.")
    texts = {key: " ".join(row[key].split()) for key in ("title", "message", "why")}
    return Rule(
        id=row["id"],
        severity=row["severity"],
        confidence=row["confidence"],
        classes=dict(row["class"]),
        effort=int(row["effort"]),
        manual=tuple(row["manual"]),
        match=dict(row["match"]),
        is_once=bool(row.get("once")),
        **texts,
    )


class Evidence:
    """Lines of the masked bundle, split once for each file."""

    def __init__(self, bundle: Bundle) -> None:
        """Look up lines in `bundle`."""
        self.bundle = bundle
        self.lines: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str:
        """One line, shortened, "" when there is none."""
        if path in self.bundle.files and path not in self.lines:
            self.lines[path] = self.bundle.files[path].text.split("\n")
        lines = self.lines.get(path, [])
        return lines[number - 1].strip()[:LONGEST_EVIDENCE] if 0 < number <= len(lines) else ""


def run_rules(scene: Scene, rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """All findings, worst first, numbered F-001 onwards."""
    evidence = Evidence(scene.bundle)
    found = [finding for rule in rules for finding in findings_of(scene, rule, evidence)]
    found.sort(key=lambda each: (SEVERITIES.index(each.severity), each.file, each.line, each.rule))
    seen: Counter[str] = Counter()
    numbered = []
    for number, finding in enumerate(found, start=1):
        seen[finding.fingerprint] += 1
        fingerprint = repeat_fingerprint(finding.fingerprint, seen[finding.fingerprint])
        numbered.append(replace(finding, number=f"F-{number:03d}", fingerprint=fingerprint))
    return tuple(numbered)


def findings_of(scene: Scene, rule: Rule, evidence: Evidence) -> Iterator[Finding]:
    """What one rule finds; the same line is reported once."""
    known: set[tuple[str, int, str]] = set()
    for hit in MATCHERS[rule.match["kind"]](rule.match, scene):
        key = ("", 0, hit.instance) if rule.is_once else (hit.file, hit.line, hit.words.get("name", ""))
        if key not in known:
            known.add(key)
            yield finding_of(rule, hit, evidence.line(hit.file, hit.line))


def finding_of(rule: Rule, hit: Hit, evidence: str) -> Finding:
    return Finding(
        number="",
        rule=rule.id,
        title=rule.title,
        severity=rule.severity,
        confidence=rule.confidence,
        file=hit.file,
        line=hit.line,
        evidence=evidence,
        message=fill(rule.message, hit.words),
        why=rule.why,
        manual=rule.manual,
        classes=rule.classes,
        effort=rule.effort,
        instance=hit.instance,
        fingerprint=fingerprint_of(rule.id, hit, evidence),
    )


def observe(rule_id: str, *, words: Mapping[str, str], evidence: str, file: str = "", line: int = 0) -> Finding:
    """What a rule of kind `observed` says about something that was measured, answered or agreed, not read in a bundle.

    `words` fill the message; `name` among them tells two sayings of one rule apart. Raises KeyError for another rule.
    """
    rule = {each.id: each for each in load_rules() if each.match["kind"] == OBSERVED}[rule_id]
    return finding_of(rule, Hit(file, line, "", words), evidence[:LONGEST_EVIDENCE])


def fill(template: str, words: Mapping[str, str]) -> str:
    """The message with `{name}` and the like replaced; other braces stay."""
    for name, value in words.items():
        shown = value if len(value) <= LONGEST_WORD else f"{value[:LONGEST_WORD]}..."
        template = template.replace(f"{{{name}}}", shown)
    return template


def fingerprint_of(rule: str, hit: Hit, evidence: str) -> str:
    """The same as long as rule, file, subject and the line's text are; where the line stands does not count."""
    parts = (rule, hit.file, hit.words.get("name", ""), " ".join(evidence.split()))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def repeat_fingerprint(fingerprint: str, occurrence: int) -> str:
    return fingerprint if occurrence == 1 else f"{fingerprint}-{occurrence}"
