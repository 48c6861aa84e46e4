"""The rule packs for everybody who is signed in, and the hard stops of an engagement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from discovery.estate import CLASS_LETTERS
from discovery.found import find_estate
from discovery.hard_stops import hard_stops, verdicts_of
from discovery.models import Confidence, Severity
from discovery.postfix.rule_packs import Rule, load_rules
from discovery.rule_filter import CLASS_WORDS, RuleFilter
from discovery.translation.coverage import days_of, load_estimate
from discovery.views.page_context import evidence_context
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

MOST_EXAMPLE_LINES = 20


@require_safe
@login_required
def rule_list(request: HttpRequest) -> HttpResponse:
    asked = RuleFilter(*(request.GET.get(name, "") for name in ("severity", "target", "class", "text")))
    rules = [rule for rule in load_rules() if asked.fits(rule)]
    context = {
        "groups": [(label, [rule for rule in rules if rule.severity == value]) for value, label in Severity.choices],
        "shown": len(rules),
        "total": len(load_rules()),
        "severities": Severity.choices,
        "targets": Engagement.Target.choices,
        "classes": CLASS_WORDS.items(),
        "asked": asked,
    }
    return render(request, "discovery/rules.html", context)


@require_safe
@login_required
def rule_detail(request: HttpRequest, rule: str) -> HttpResponse:
    found = next((each for each in load_rules() if each.id == rule), None)
    if found is None:
        raise Http404
    stops = [stop for stop in hard_stops() if any(found.id in each.fails for each in stop.targets)]
    context = {
        "rule": found,
        "days": days_of(found.effort, load_estimate()),
        "severity": Severity(found.severity).label,
        "confidence": Confidence(found.confidence).label,
        "becomes": list(targets_of(found)),
        "example": files_of(found.example),
        "near_miss": files_of(found.near_miss),
        "stops": stops,
    }
    return render(request, "discovery/rule.html", context)


def targets_of(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Target, letter of its class if it has one, and words."""
    for target, label in Engagement.Target.choices:
        if target in rule.classes:
            word = rule.classes[target]
            yield str(label), CLASS_LETTERS.get(word, ""), CLASS_WORDS[word]


def files_of(example: object) -> list[tuple[str, str]]:
    """Path and text, cut where a file is long."""
    files = example if isinstance(example, dict) else {}
    return [(path, shorten(text)) for path, text in files.items()]


def shorten(text: str) -> str:
    lines = text.replace("\0", "?").splitlines()
    rest = len(lines) - MOST_EXAMPLE_LINES
    shown = "\n".join(lines[:MOST_EXAMPLE_LINES])
    return f"{shown}\n... and {rest:,} more lines" if rest > 0 else shown


@require_safe
@login_required
def hard_stop_list(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    stops = verdicts_of(engagement)
    counts = [
        (label, [verdict.state for _, verdicts in stops for verdict in verdicts if verdict.target.target == target])
        for target, label in Engagement.Target.choices
    ]
    context = evidence_context(
        request,
        engagement,
        stops=stops,
        counts=[
            (label, states.count("pass"), states.count("fail"), states.count("unknown"))
            for label, states in counts
            if states
        ],
    )
    return render(request, "discovery/hard_stops.html", context)
