"""The words for what becomes of a rule on a target, and what the list of the rules is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.words import are_words_in
from discovery.models import Severity

if TYPE_CHECKING:
    from discovery.postfix.rule_packs import Rule


CLASS_WORDS = {
    "direct": "carries over",
    "partial": "exists, but works differently",
    "custom": "has to be built",
    "feature-change": "has no counterpart",
    "not-applicable": "does not apply",
}


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """What the list is narrowed to; choices nobody knows ask for everything. The class is that of the target."""

    severity: str = ""
    target: str = ""
    wanted: str = ""
    text: str = ""

    def fits(self, rule: Rule) -> bool:
        is_right_severity = self.severity not in Severity.values or rule.severity == self.severity
        says = are_words_in(self.text, (rule.id, rule.title, rule.message, rule.why))
        return is_right_severity and says and self.is_of_class(rule)

    def is_of_class(self, rule: Rule) -> bool:
        classes = {rule.classes[self.target]} if self.target in rule.classes else set(rule.classes.values())
        if self.wanted in CLASS_WORDS:
            return self.wanted in classes
        return self.target not in rule.classes or classes != {"not-applicable"}
