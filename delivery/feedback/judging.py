"""What something that came back means: by the first rule of taxonomy.yaml that fits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from delivery.feedback.addresses import domain_of
from delivery.feedback.items import Action, Feedback, Kind, Source, Verdict
from discovery.maillog.providers import provider_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from delivery.feedback.items import Told

BOOK = Path(__file__).with_name("taxonomy.yaml")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Category:
    """`powermta` and `kumomta` are the servers' own names for it."""

    key: str
    title: str
    means: str
    action: Action
    powermta: tuple[str, ...]
    kumomta: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """All that is asked has to hold; None asks nothing."""

    key: str
    category: str
    text: re.Pattern[str] | None
    status: re.Pattern[str] | None
    reply: frozenset[str]
    provider: frozenset[str]
    feedback: frozenset[str]
    mta: frozenset[tuple[Source, str]]

    def fits(self, told: Told, provider: str) -> bool:
        return (
            (self.text is None or bool(self.text.search(told.diagnostic)))
            and (self.status is None or bool(self.status.fullmatch(told.status)))
            and (not self.reply or told.reply in self.reply)
            and (not self.provider or provider in self.provider)
            and (not self.feedback or told.feedback_type in self.feedback)
            and (not self.mta or (told.source, told.mta_category.lower()) in self.mta)
        )


@dataclass(frozen=True, slots=True)
class Taxonomy:
    categories: Mapping[str, Category]
    failures: tuple[Rule, ...]
    complaints: tuple[Rule, ...]


@cache
def load_taxonomy() -> Taxonomy:
    """Raises KeyError for a rule whose category is not listed."""
    told = yaml.load(BOOK.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    categories = {row["key"]: _category(row) for row in told["categories"]}
    failures = [rule for row in told["failures"] for rule in _rules(row, categories)]
    complaints = [rule for row in told["complaints"] for rule in _rules(row, categories)]
    return Taxonomy(categories, tuple(failures), tuple(complaints))


def _category(row: Mapping[str, Any]) -> Category:
    names = {server: tuple(row.get(server, ())) for server in ("powermta", "kumomta")}
    return Category(row["key"], row["title"], row["means"], Action(row["action"]), **names)


def _rules(row: Mapping[str, Any], categories: Mapping[str, Category]) -> Iterator[Rule]:
    """One rule; for the row that takes the servers' own word, one for each category they have a name for."""
    if not row.get("own_word"):
        yield _rule(row, categories[row["category"]].key, frozenset())
        return
    for category in categories.values():
        own = {(Source.POWERMTA, name.lower()) for name in category.powermta if name not in row.get("but", ())}
        own |= {(Source.KUMOMTA, name.lower()) for name in category.kumomta if name not in row.get("but", ())}
        if own and category.key != UNKNOWN:
            yield _rule(row, category.key, frozenset(own))


def _rule(row: Mapping[str, Any], category: str, mta: frozenset[tuple[Source, str]]) -> Rule:
    texts = "|".join(f"(?:{text})" for text in row.get("text", ()))
    return Rule(
        key=row["id"],
        category=category,
        text=re.compile(texts, re.IGNORECASE) if texts else None,
        status=re.compile("|".join(_status_pattern(text) for text in row["status"])) if "status" in row else None,
        reply=frozenset(map(str, row.get("reply", ()))),
        provider=frozenset(row.get("provider", ())),
        feedback=frozenset(row.get("feedback", ())),
        mta=mta,
    )


def _status_pattern(text: str) -> str:
    """`x` is either class, `*` any number, "none" that there is none."""
    if text == "none":
        return ""
    return re.escape(text).replace("x", "[45]", 1).replace(r"\*", r"\d{1,3}")


def judged(told: Told) -> Feedback:
    provider = provider_at(told.remote_mta or _host_named(told), domain_of(told.recipient))
    return Feedback(told, judge(told, provider), provider)


def _host_named(told: Told) -> str:
    """A complaint comes from whoever runs the mailbox; a failure may be reported by the sending side."""
    return told.mta if told.kind in (Kind.COMPLAINT, Kind.REPORT) else ""


def judge(told: Told, provider: str) -> Verdict:
    taxonomy = load_taxonomy()
    if told.kind is Kind.ARRIVED:
        return Verdict("arrived", Action.IGNORE, "action-arrived")
    is_about_reader = told.kind in (Kind.COMPLAINT, Kind.REPORT)
    rules = taxonomy.complaints if is_about_reader else taxonomy.failures
    rule = next(rule for rule in rules if rule.fits(told, provider))
    action = taxonomy.categories[rule.category].action
    if action is Action.HARD and (
        told.kind is Kind.DELAYED or told.status.startswith("4") or told.reply.startswith("4")
    ):
        action = Action.SOFT
    return Verdict(rule.category, action, rule.key)
