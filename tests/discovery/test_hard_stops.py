"""The hard stops of each target: pass, fail, or not to be told yet; and the pages of the rules."""

import pytest
from django.urls import reverse

from discovery.domain.dismiss_finding import dismiss_finding
from discovery.hard_stops import hard_stops, rules_asked, verdicts_of
from discovery.postfix.rule_packs import load_rules
from tests.discovery.pages import text_of, url
from tests.factories.discovery import add_finding, bare_upload

NAMED = {
    "auth-login", "cleartext-auth", "sendmail-callers", "multi-instance", "dsn", "milters", "policy-services",
    "suppression-lists", "message-id", "multi-recipient",
}  # fmt: skip


def verdict_on(engagement, stop, target):
    verdicts = {each.id: found for each, found in verdicts_of(engagement)}[stop]
    return next(verdict for verdict in verdicts if verdict.target.target == target)


def test_every_named_stop_is_there_and_asks_rules_that_exist():
    assert {stop.id for stop in hard_stops()} >= NAMED
    assert set(rules_asked()) - {rule.id for rule in load_rules()} == set()
    for stop in hard_stops():
        assert [target.target for target in stop.targets] == ["powermta", "kumomta"]
        assert all(target.workaround.endswith(".") for target in stop.targets)


@pytest.mark.django_db
def test_nothing_can_be_told_before_something_was_read(engagement):
    verdict = verdict_on(engagement, "milters", "kumomta")

    assert (verdict.state, verdict.words) == ("unknown", "No configuration has been read yet.")


@pytest.mark.django_db
def test_a_visible_stop_passes_and_says_what_was_looked_at(engagement, ada):
    bare_upload(engagement, actor=ada)

    verdict = verdict_on(engagement, "milters", "kumomta")

    assert verdict.state == "pass"
    assert verdict.words.endswith("Looked at: mta1.")


@pytest.mark.django_db
def test_what_a_configuration_does_not_show_never_passes_by_silence(engagement, ada):
    bare_upload(engagement, actor=ada)

    assert verdict_on(engagement, "sendmail-callers", "kumomta").state == "unknown"
    assert verdict_on(engagement, "message-id", "powermta").state == "unknown"


@pytest.mark.django_db
def test_a_finding_fails_one_target_and_not_the_other(engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    finding = add_finding(upload, 1, rule="auth-login-clients")

    failed, passed = (verdict_on(engagement, "auth-login", target) for target in ("kumomta", "powermta"))

    assert (failed.state, failed.findings) == ("fail", (finding,))
    assert (passed.state, passed.findings) == ("pass", ())


@pytest.mark.django_db
def test_a_doubt_leaves_it_open(engagement, ada):
    finding = add_finding(bare_upload(engagement, actor=ada), 1, rule="auth-clients")

    verdict = verdict_on(engagement, "auth-login", "kumomta")

    assert (verdict.state, verdict.findings) == ("unknown", (finding,))


@pytest.mark.django_db
def test_a_dismissed_or_vanished_finding_stops_nothing(engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    dismissed = add_finding(upload, 1, rule="policy-service")
    add_finding(upload, 2, rule="policy-service", gone_since=upload)
    dismiss_finding(dismissed, actor=ada, version=1, reason="no_effect", note="Nobody asks it.")

    verdict = verdict_on(engagement, "policy-services", "kumomta")

    assert (verdict.state, [finding.number for finding in verdict.dismissed]) == ("pass", [1])


@pytest.mark.django_db
def test_the_page_shows_both_targets_and_links_the_finding(as_ada, engagement, ada, django_assert_max_num_queries):
    upload = bare_upload(engagement, actor=ada)
    add_finding(upload, 1, rule="custom-milter", title="A milter of the customer's own")

    with django_assert_max_num_queries(20):
        text = text_of(as_ada.get(url("hard_stops", engagement)))

    assert "F-001 A milter of the customer's own" in text
    assert url("finding", engagement, 1) in text
    assert "PowerMTA: " in text
    assert "KumoMTA: " in text
    assert url("hard_stops", engagement) in text_of(as_ada.get(url("queue", engagement)))


@pytest.mark.django_db
def test_rules_are_listed_and_filtered(as_ada):
    everything = as_ada.get(reverse("rules:list"))
    blockers = as_ada.get(reverse("rules:list"), {"severity": "blocker"})
    built = as_ada.get(reverse("rules:list"), {"target": "kumomta", "class": "custom"})

    assert everything.context["shown"] == len(load_rules())
    assert 0 < blockers.context["shown"] < 15
    assert built.context["shown"] == sum(rule.classes["kumomta"] == "custom" for rule in load_rules())


@pytest.mark.django_db
def test_every_rule_has_a_page(as_ada):
    pages = [as_ada.get(reverse("rules:rule", args=[rule.id])) for rule in load_rules()]

    assert {page.status_code for page in pages} == {200}
    assert as_ada.get(reverse("rules:rule", args=["no-such-rule"])).status_code == 404


@pytest.mark.django_db
def test_a_finding_leads_to_its_rule(as_ada, engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    add_finding(upload, 1, rule="soft-bounce")
    add_finding(upload, 2, rule="made-up")

    known, unknown = (text_of(as_ada.get(url("finding", engagement, number))) for number in (1, 2))

    assert reverse("rules:rule", args=["soft-bounce"]) in known
    assert reverse("rules:list") not in unknown
