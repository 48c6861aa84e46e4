"""The hard stops of each target: pass, fail, or not to be told yet; and the pages of the rules."""

import pytest
from django.urls import reverse

from discovery.domain.dismiss_finding import dismiss_finding
from discovery.hard_stops import hard_stops, rules_asked, verdicts_of
from discovery.postfix.rule_packs import load_rules
from tests.discovery.pages import text_of, url
from tests.factories.discovery import MAIL_LOG, add_finding, bare_upload, read_mail_log

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


CLIENT = "app.example[203.0.113.9]"
SESSION = "".join(
    f"2026-11-02T09:00:0{second}+00:00 mta1 postfix/submission/smtpd[7]: {text}\n"
    for second, text in enumerate(
        [
            f"connect from {CLIENT}",
            f"4104E3D0AE: client={CLIENT}, sasl_method=LOGIN, sasl_username=shop",
            f"disconnect from {CLIENT} ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6",
        ]
    )
)
PICKUP = "2026-11-02T09:00:09+00:00 mta1 postfix/pickup[8]: 4104E3D0AF: uid=33 from=<www-data>\n"
NO_ID = "2026-11-02T09:00:09+00:00 mta1 postfix/cleanup[8]: 4104E3D0B0: message-id=<>\n"


def on_days(days, text=""):
    """The same messages on each of the days, with a Message-ID of their own."""
    whole = MAIL_LOG + text
    return "".join(
        whole.replace("2026-11-02", f"2026-11-{day:02d}").replace("<1@", f"<{day}@") for day in days
    ).encode()


def log_says(engagement, stop):
    return [(each.number, each.is_seen, each.words) for each in verdict_on(engagement, stop, "kumomta").logs]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stop", "text", "rule", "words"),
    [
        ("auth-login", SESSION, "measured-auth-login", "7 messages came from clients that signed in with AUTH LOGIN"),
        ("cleartext-auth", SESSION, "measured-auth-clear", "7 of 7 sessions with a login had no TLS"),
        ("sendmail-callers", PICKUP, "measured-sendmail", "7 messages were handed in by programs on the host"),
        ("message-id", NO_ID, "measured-id-absent", "1 of 2 messages carry no Message-ID (50.00 %)"),
    ],
)
def test_a_log_that_shows_a_stop_makes_it_fail_with_count_and_days(engagement, ada, stop, text, rule, words):
    bare_upload(engagement, actor=ada)
    log = read_mail_log(engagement, actor=ada, content=on_days(range(2, 9), text))

    verdict = verdict_on(engagement, stop, "kumomta")

    assert (verdict.state, [finding.rule for finding in verdict.findings]) == ("fail", [rule])
    (evidence,) = verdict.logs
    assert (evidence.number, evidence.host, evidence.is_seen) == (log.number, "mta1", True)
    assert evidence.words.startswith(words)


@pytest.mark.django_db
@pytest.mark.parametrize("stop", ["auth-login", "cleartext-auth", "sendmail-callers", "message-id"])
def test_logs_of_a_week_that_do_not_show_a_stop_let_it_pass(engagement, ada, stop):
    bare_upload(engagement, actor=ada)
    read_mail_log(engagement, actor=ada, content=on_days(range(2, 8)))
    six_days = verdict_on(engagement, stop, "kumomta")

    read_mail_log(engagement, actor=ada, content=on_days([8]))
    week = verdict_on(engagement, stop, "kumomta")

    assert week.state == "pass"
    assert week.words.endswith("Looked at: 7 days of mta1.")
    assert "days of mta1" not in six_days.words
    assert [each.is_seen for each in week.logs] == [False]


@pytest.mark.django_db
def test_logs_settle_a_doubt_of_the_configuration_but_not_about_message_ids(engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    add_finding(upload, 1, rule="auth-clients")
    add_finding(upload, 2, rule="message-id-by-postfix")

    read_mail_log(engagement, actor=ada, content=on_days(range(2, 9)))

    assert verdict_on(engagement, "auth-login", "kumomta").state == "pass"
    assert verdict_on(engagement, "message-id", "kumomta").state == "unknown"


@pytest.mark.django_db
def test_a_host_without_a_log_keeps_a_stop_open(engagement, ada):
    bare_upload(engagement, actor=ada)
    bare_upload(engagement, actor=ada, number=2, host="mta2")

    read_mail_log(engagement, actor=ada, content=on_days(range(2, 9)))

    assert verdict_on(engagement, "sendmail-callers", "kumomta").state == "unknown"


@pytest.mark.django_db
def test_an_earlier_log_that_shows_a_stop_keeps_it_open(engagement, ada):
    bare_upload(engagement, actor=ada)
    read_mail_log(engagement, actor=ada, content=on_days([2], SESSION))

    read_mail_log(engagement, actor=ada, content=on_days(range(3, 11)))

    verdict = verdict_on(engagement, "auth-login", "kumomta")
    assert (verdict.state, verdict.findings) == ("unknown", ())
    assert [(number, is_seen) for number, is_seen, _ in log_says(engagement, "auth-login")] == [(2, False), (1, True)]


@pytest.mark.django_db
def test_logins_without_the_end_of_their_session_do_not_tell_whether_tls_was_begun(engagement, ada):
    without_end = "".join(SESSION.splitlines(keepends=True)[:2])
    read_mail_log(engagement, actor=ada, content=on_days([2], without_end))

    ((_, is_seen, words),) = log_says(engagement, "cleartext-auth")

    assert is_seen is None
    assert words.startswith("The log does not show it: clients signed in")


@pytest.mark.django_db
def test_a_log_without_any_login_says_so(engagement, ada):
    read_mail_log(engagement, actor=ada)

    ((_, is_seen, words),) = log_says(engagement, "cleartext-auth")

    assert (is_seen, words) == (False, "No client signed in.")


@pytest.mark.django_db
def test_a_log_from_before_sessions_were_read_cannot_tell(engagement, ada):
    log = read_mail_log(engagement, actor=ada)
    del log.figures["sessions"]
    log.save(update_fields=["figures"])

    ((_, is_seen, words),) = log_says(engagement, "cleartext-auth")

    assert is_seen is None
    assert words.startswith("It was read before")


@pytest.mark.django_db
def test_page_and_programs_show_the_logs(as_ada, engagement, ada):
    bare_upload(engagement, actor=ada)
    log = read_mail_log(engagement, actor=ada, content=on_days([2, 4], SESSION))

    text = text_of(as_ada.get(url("hard_stops", engagement)))
    rows = as_ada.get(reverse("api:discovery:hard_stops", args=[engagement.code])).json()

    told = next(row for row in rows if row["id"] == "auth-login")["logs"]
    words = "2 messages came from clients that signed in with AUTH LOGIN from 2026-11-02 to 2026-11-04."
    assert url("log", engagement, log.number) in text
    assert words in text
    assert told == [
        {
            "log": log.number,
            "host": "mta1",
            "period": "2026-11-02 09:00 to 2026-11-04 23:00",
            "words": words,
            "seen": True,
        }
    ]
    assert next(row for row in rows if row["id"] == "milters")["logs"] == []
