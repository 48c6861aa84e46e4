"""What the rules and the dictionary say, in another language: reports/words/<language>/. Pure.

Rules stand in rules/*.yaml by their id, sentences of the dictionary in dictionary.yaml by the English ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from discovery.postfix.rule_packs import load_rules
from reports.sheets.sentence_forms import Form, filled, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FOLDER = Path(__file__).parent.parent / "words"
TEXTS = ("title", "message", "why")


@dataclass(frozen=True, slots=True)
class Told:
    """A rule in another language. `form` is that of its English message, `message` the same words here."""

    form: Form
    message: str


@cache
def rules_in(language: str) -> Mapping[str, Mapping[str, str]]:
    """By the id of a rule its texts; none in the language that the rules are written in."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted((_FOLDER / language / "rules").glob("*.yaml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


@cache
def sentences_of_the_dictionary(language: str) -> Mapping[str, str]:
    path = _FOLDER / language / "dictionary.yaml"
    found: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


@cache
def sentences_of_rules(language: str) -> Mapping[str, str]:
    """Titles and reasons by the English ones."""
    said = rules_in(language)
    known = [rule for rule in load_rules() if rule.id in said]
    return {getattr(rule, text): said[rule.id][text] for rule in known for text in ("title", "why")}


@cache
def _messages(language: str) -> Mapping[str, Told]:
    """By the English title, which is a rule's own."""
    said = rules_in(language)
    return {
        rule.title: Told(form_of(rule.message), said[rule.id]["message"]) for rule in load_rules() if rule.id in said
    }


def message_in(language: str, title: str, message: str, say: Callable[[str, str], str | None]) -> str | None:
    """The message of a finding by the rule with this title; None where the rule said something else then."""
    told = _messages(language).get(title)
    met = told.form.met(message) if told else None
    return filled(told.message, met, say) if told and met is not None else None
