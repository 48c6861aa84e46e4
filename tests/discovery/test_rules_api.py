"""Rules, hard stops and the X-ray over the API say what their pages say."""

import pytest
from django.urls import reverse

from discovery.models import Finding
from discovery.postfix.rule_packs import load_rules
from tests.discovery.pages import text_of, url
from tests.factories.discovery import read

pytestmark = pytest.mark.django_db


def test_rules_are_listed_a_page_at_a_time_and_narrowed(as_ada):
    listed = as_ada.get(reverse("api:rules:list"), {"limit": 200}).json()
    blockers = as_ada.get(reverse("api:rules:list"), {"severity": "blocker", "limit": 200}).json()

    assert listed["count"] == len(load_rules())
    assert {rule["severity"] for rule in blockers["results"]} == {"blocker"}
    assert 0 < blockers["count"] < listed["count"]


def test_a_rule_is_told_and_an_unknown_one_is_not_there(as_ada):
    rule = as_ada.get(reverse("api:rules:rule", args=["slow-pattern"])).json()

    assert (rule["id"], rule["severity"]) == ("slow-pattern", "high")
    assert rule["classes"] == {"powermta": "custom", "kumomta": "custom"}
    assert as_ada.get(reverse("api:rules:rule", args=["no-such-rule"])).status_code == 404


def test_a_word_nobody_knows_is_refused_with_the_field(as_ada):
    answer = as_ada.get(reverse("api:rules:list"), {"severity": "awful"})

    assert answer.status_code == 422
    assert "severity" in answer.json()["fields"]


def test_hard_stops_name_the_findings_they_rest_on(as_ada, engagement, ada):
    read(engagement, actor=ada)

    stops = as_ada.get(reverse("api:discovery:hard_stops", args=[engagement.code])).json()

    verdicts = [verdict for stop in stops for verdict in stop["targets"]]
    known = set(Finding.objects.values_list("number", flat=True))
    assert {verdict["state"] for verdict in verdicts} <= {"pass", "fail", "unknown"}
    assert all(set(verdict["findings"]) <= known for verdict in verdicts)
    assert all(verdict["findings"] for verdict in verdicts if verdict["state"] == "fail")


def test_the_xray_says_the_same_as_its_page_and_the_inventory_leads_there(as_ada, engagement, ada):
    read(engagement, actor=ada)

    checks = as_ada.get(reverse("api:discovery:xray", args=[engagement.code])).json()

    problems = [check for check in checks if check["state"] == "problem"]
    page = text_of(as_ada.get(url("xray", engagement)))
    assert problems
    assert all(check["title"] in page for check in problems)
    assert all(fault["page"].startswith("/") for check in problems for fault in check["faults"])
    assert f"{len(problems)} with problems" in page
    assert url("xray", engagement) in as_ada.get(url("inventory", engagement)).content.decode()


@pytest.mark.parametrize(("person", "is_shown"), [("ada", True), ("sam", True), ("carl", False)])
def test_the_rules_stand_in_the_navigation_of_the_consultancy(client, engagement, request, person, is_shown):
    client.force_login(request.getfixturevalue(person))

    page = text_of(client.get(reverse("engagements:list")))

    assert (f'href="{reverse("rules:list")}"' in page) == is_shown
