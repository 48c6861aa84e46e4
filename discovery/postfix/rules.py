"""Runs each rule's matcher, makes findings of the hits and numbers them."""

import hashlib
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from discovery.postfix.bundle import Bundle
from discovery.postfix.matchers import MATCHERS
from discovery.postfix.report import SEVERITIES, Finding, Instance
from discovery.postfix.rule_packs import Rule, load_rules
from discovery.postfix.scene import MOST_LINES, Hit, Match, Scene, names_of, written_value
from discovery.postfix.unrendered import is_unrendered

LONGEST_EVIDENCE = 240
LONGEST_WORD = 120
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")  # a database takes no NUL in a text, and nobody can read the others
MOST_NAMES = 6
JUDGING = frozenset({"setting", "map", "entry", "milter", "missing", "transport", "class", "service", "several"})
TELLING = frozenset({"name", "names", "value", "path"})
LISTS = frozenset({"names", "pairs", "services", "defaults"})


class Evidence:
    """Lines of the masked bundle; the first MOST_LINES of each file are split once."""

    def __init__(self, bundle: Bundle) -> None:
        """Look up lines in `bundle`."""
        self.bundle = bundle
        self.lines: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str:
        """One line, shortened, "" when there is none."""
        if path in self.bundle.files and path not in self.lines:
            self.lines[path] = self.bundle.files[path].text.split("\n", MOST_LINES)
        lines = self.lines.get(path, [])
        if number > MOST_LINES and len(lines) > MOST_LINES:
            lines = lines[MOST_LINES].split("\n", number - MOST_LINES)
            number -= MOST_LINES
        line = lines[number - 1].strip()[:LONGEST_EVIDENCE] if 0 < number <= len(lines) else ""
        return CONTROL.sub("\ufffd", line)


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
    """What one rule finds; what it says once, it says at the first place, with all the others counted."""
    groups: dict[Hashable, list[Hit]] = {}
    instances = {instance.name: instance for instance in scene.instances}
    for hit in MATCHERS[rule.match["kind"]](rule.match, scene):
        if judges_a_template(rule.match, hit, instances):
            continue
        groups.setdefault(group_of(rule.per, hit), []).append(hit)
    for hits in groups.values():
        first = hits[0]
        together = replace(first, words={**words_of(hits), **first.words})
        yield finding_of(rule, together, evidence.line(first.file, first.line))


def judges_a_template(match: Match, hit: Hit, instances: Mapping[str, Instance]) -> bool:
    """Whether a rule would judge something that is still to be filled in; whether a setting is there, it may say."""
    kind, instance = match["kind"], instances.get(hit.instance)
    if instance is None or kind not in JUDGING or (kind == "setting" and not match.keys() & {"value", "not_value"}):
        return False
    judged = [text for word, text in hit.words.items() if word in match or word in TELLING]
    judged.append(written_value(hit.words.get("parameter", ""), instance))
    names = names_of(instance)
    return any(is_unrendered(text, names) for text in judged)


def group_of(per: str, hit: Hit) -> Hashable:
    name = hit.words.get("name", "")
    groups: Mapping[str, Hashable] = {
        "line": (hit.file, hit.line, name),
        "subject": (hit.instance, name),
        "file": hit.file,
        "instance": hit.instance,
        "bundle": "",
    }
    return groups[per]


def words_of(hits: Sequence[Hit]) -> dict[str, str]:
    """`{count}`, `{names}`, `{pairs}` and `{services}` of all hits that are told together."""
    names = tuple(dict.fromkeys(hit.words.get("name", "") for hit in hits))
    pairs = tuple(dict.fromkeys(f"{hit.words.get('name', '')} = {hit.words.get('value', '')}" for hit in hits))
    services = tuple(dict.fromkeys(hit.words.get("service", "") for hit in hits))
    told = {"names": listed(names), "pairs": listed(pairs), "services": listed(services)}
    return {"count": f"{len(names):,}", **told}


def listed(words: Sequence[str]) -> str:
    left = len(words) - MOST_NAMES
    shown = ", ".join(shortened(word) for word in words[:MOST_NAMES])
    return f"{shown} and {left:,} more" if left > 0 else shown


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
    rule = {each.id: each for each in load_rules() if each.is_observed}[rule_id]
    return finding_of(rule, Hit(file, line, "", words), evidence[:LONGEST_EVIDENCE])


def fill(template: str, words: Mapping[str, str]) -> str:
    """The message with `{name}` and the like replaced; other braces stay."""
    for name, value in words.items():
        shown = value if name in LISTS else shortened(value)
        template = template.replace(f"{{{name}}}", shown)
    return template


def shortened(word: str) -> str:
    return word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}..."


def fingerprint_of(rule: str, hit: Hit, evidence: str) -> str:
    """The same as long as rule, file, subject and the line's text are; where the line stands does not count."""
    parts = (rule, hit.file, hit.words.get("name", ""), " ".join(evidence.split()))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def repeat_fingerprint(fingerprint: str, occurrence: int) -> str:
    return fingerprint if occurrence == 1 else f"{fingerprint}-{occurrence}"
