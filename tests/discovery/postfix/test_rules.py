"""Every rule speaks about its own example and is silent about its near miss; the packs are whole."""

import ast
import re
from functools import cache

import pytest

from discovery.postfix import audit_bundle, read_archive
from discovery.postfix.matchers import MATCHERS
from discovery.postfix.rule_packs import SCOPES, RuleError, load_rules, rule_of
from discovery.postfix.setting_matchers import words_found
from discovery.translation.coverage import load_estimate
from tests.discovery.postfix.golden import ROOT
from tests.factories.discovery import pack, pack_short

KEY = b"key of this portal"
RULES = load_rules()
MATCHED = [rule for rule in RULES if not rule.is_observed]
TARGETS = {"powermta", "kumomta"}
CLASSES = {"direct", "partial", "custom", "feature-change", "not-applicable"}

PACKED_BY = {"cut-short": pack_short}

each_matched = pytest.mark.parametrize("rule", MATCHED, ids=lambda rule: rule.id)


def findings_about(rule, files, packed_by=pack):
    report = audit_bundle(read_archive("estate.tar.gz", packed_by(files)), secret_key=KEY)
    return [finding for finding in report.findings if finding.rule == rule.id]


@each_matched
def test_a_rule_speaks_about_its_example(rule):
    found = findings_about(rule, rule.example, PACKED_BY.get(rule.match["kind"], pack))

    assert [f"{finding.file}:{finding.line}" for finding in found[:1]] == [rule.at]
    assert rule.says
    assert rule.says in found[0].message
    assert not re.search(r"\{(name|value|names|pairs|services|service|count|path|script|parameter)\}", found[0].message)


@each_matched
def test_a_rule_is_silent_about_its_near_miss(rule):
    assert findings_about(rule, rule.near_miss) == []


@each_matched
def test_no_rule_is_without_both(rule):
    assert rule.example
    assert rule.near_miss
    assert rule.example != rule.near_miss


def test_there_are_at_least_150_rules_and_each_is_whole():
    assert len(RULES) >= 150
    assert {rule.per for rule in RULES} <= set(SCOPES)
    for rule in RULES:
        assert set(rule.classes) == TARGETS
        assert set(rule.classes.values()) <= CLASSES
        assert rule.why.endswith(".")
        assert rule.title
        assert re.fullmatch(r"[a-z0-9-]+", rule.id)


def test_titles_tell_rules_apart():
    titles = [rule.title for rule in RULES]

    assert len(titles) == len(set(titles))


@cache
def problem_kinds():
    """The kinds that the readers can emit: the first argument of each `Problem(...)`, also by way of a variable."""
    found = set()
    for path in (ROOT / "discovery" / "postfix").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            found |= kinds_in(function)
    return found


def kinds_in(function):
    named = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)
    kinds = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem" and node.args:
            first = node.args[0]
            sources = named.get(first.id, []) if isinstance(first, ast.Name) else [first]
            kinds |= {text.value for each in sources for text in texts_in(each)}
    return kinds


def texts_in(node):
    """The strings a value can be; what a condition compares is none of them."""
    if isinstance(node, ast.IfExp):
        return [*texts_in(node.body), *texts_in(node.orelse)]
    return [node] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_problem_of_the_readers_has_a_rule_and_no_rule_waits_for_another():
    ruled = {rule.match["problem"] for rule in RULES if rule.match["kind"] == "problem"}

    assert problem_kinds() - ruled == set()
    assert ruled - problem_kinds() == set()


def test_every_kind_of_match_is_used():
    assert set(MATCHERS) - {rule.match["kind"] for rule in RULES} <= {"unset", "observed"}


def test_what_is_said_once_names_all_places():
    rule = next(rule for rule in RULES if rule.id == "concurrency-limit")
    limits = "".join(f"t{number}_destination_concurrency_limit = {number}\n" for number in range(1, 10))
    services = "".join(f"t{number} unix - - y - - smtp\n" for number in range(1, 10))

    (finding,) = findings_about(rule, {"main.cf": limits, "master.cf": services})

    assert finding.line == 1
    assert "t1_destination_concurrency_limit = 1, t2" in finding.message
    assert "t6_destination_concurrency_limit = 6 and 3 more" in finding.message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"severity": "awful"}, "The rule x has an unknown severity or confidence."),
        ({"match": {"kind": "magic"}}, "The rule x has an unknown kind of match."),
        ({"per": "month"}, "The rule x has an unknown scope."),
    ],
)
def test_a_rule_that_is_not_well_formed_is_refused(change, message):
    row = {
        "id": "x", "title": "t", "severity": "low", "confidence": "guess", "class": {}, "effort": 0,
        "message": "m", "why": "w", "manual": [], "match": {"kind": "setting"},
    }  # fmt: skip

    with pytest.raises(RuleError, match=message):
        rule_of(row | change)


def test_a_finding_about_a_policy_server_names_it_however_long_the_setting_is():
    words = words_found(
        "check_recipient_access hash:/etc/postfix/recipients, check_policy_service inet:127.0.0.1:10031, reject",
        {"value": r"check_policy_service\s+(?P<server>[^\s,]+)"},
    )

    assert words == {"server": "inet:127.0.0.1:10031"}


def test_rules_count_effort_in_the_units_of_the_dictionary():
    half_a_day = load_estimate().units_in_a_day // 2

    odd = {rule.id: rule.effort for rule in load_rules() if rule.effort % half_a_day}

    assert odd == {}
