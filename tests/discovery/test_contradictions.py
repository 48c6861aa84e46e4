"""What the questionnaire says against what the uploads and mail logs say."""

import pytest

from discovery.domain.judge_answers import accept_answers, return_answers
from discovery.models import AnswerSheet, Finding, LogDay
from discovery.questionnaire import questionnaire_of
from tests.factories.answers import answer_all, submit, submitted, write
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read, read_mail_log

pytestmark = pytest.mark.django_db
LOGIN_LINE = (
    b"2026-11-02T09:00:03+00:00 mta1 postfix/smtpd[14]: 4104E3D0AB: client=app1.example[192.0.2.4], "
    b"sasl_method=LOGIN, sasl_username=shop\n"
)


def contradictions(engagement):
    return sorted(
        Finding.objects.filter(engagement=engagement, source="answers").current().values_list("rule", flat=True)
    )


def test_while_it_is_being_answered_nothing_contradicts(engagement, carl, ada):
    answer_all(engagement, actor=carl, milters="no", send_hosts=4)

    read(engagement, actor=ada)

    assert contradictions(engagement) == []


def test_contradictions_are_findings_once_it_is_submitted_and_go_when_both_agree(engagement, carl, ada):
    read(engagement, actor=ada)
    submitted(engagement, actor=carl, milters="no", send_hosts=1, auth_login="no", plain_login="no")

    assert contradictions(engagement) == ["answers-milters"]
    found = Finding.objects.get(rule="answers-milters")
    assert (found.file, found.line) == ("etc/postfix/main.cf", 6)

    without = {"etc/postfix/main.cf": MAIN_CF.replace("smtpd_milters = unix:/run/tagger/tagger.sock\n", "")}
    read(engagement, actor=ada, files=SMALL_ESTATE | without)

    assert contradictions(engagement) == []
    found.refresh_from_db()
    assert found.is_gone


def test_a_new_host_contradicts_what_was_said_about_hosts(engagement, carl, ada):
    submitted(engagement, actor=carl, send_hosts=1)

    read(engagement, actor=ada)
    alone = contradictions(engagement)
    read(engagement, actor=ada, host="mta2")

    assert alone == []
    assert contradictions(engagement) == ["answers-hosts"]
    assert "mta1, mta2" in Finding.objects.get(rule="answers-hosts").message


def test_a_corrected_answer_takes_its_finding_away(engagement, carl, ada):
    read(engagement, actor=ada)
    submitted(engagement, actor=carl, milters="no")
    sheet = AnswerSheet.objects.get()
    return_answers(engagement, actor=ada, version=sheet.version, notes={"milters": "main.cf names one."})

    write(engagement, actor=carl, milters="yes", milter_owner="Ines")
    answer_all(engagement, actor=carl)
    submit(engagement, actor=carl)

    assert contradictions(engagement) == []


def test_contradictions_follow_the_uploads_after_the_lock_as_well(engagement, carl, ada):
    submitted(engagement, actor=carl, milters="no")
    accept_answers(engagement, actor=ada, version=AnswerSheet.objects.get().version)

    read(engagement, actor=ada)

    assert contradictions(engagement) == ["answers-milters"]
    assert AnswerSheet.objects.get().state == "accepted"


def week_of_mail(a_day):
    """A mail log of seven days, each line of it as the collector would send it."""
    line = "2026-11-{:02}T09:00:03+00:00 mta1 postfix/smtp[14]: 4104E3D0AB: to=<a@gmail.com>, "
    line += "relay=mx.example[192.0.2.1]:25, delay=1.5, delays=0.1/0/0.4/1, dsn=2.0.0, status=sent (250 2.0.0 OK)\n"
    return "".join(line.format(day) for day in range(2, 9) for _ in range(a_day)).encode()


def test_the_volume_of_the_logs_contradicts_the_volume_that_was_stated(engagement, carl, ada):
    submitted(engagement, actor=carl, month_volume=100, peak_day=6)

    read_mail_log(engagement, actor=ada, content=week_of_mail(10))

    assert LogDay.objects.count() == 7
    assert contradictions(engagement) == ["answers-month-volume", "answers-peak-day"]
    assert "70 recipients on 7 days of the mail logs, which makes 300 in 30 days" in (
        Finding.objects.get(rule="answers-month-volume").message
    )


def test_a_volume_of_the_right_size_is_believed(engagement, carl, ada):
    submitted(engagement, actor=carl, month_volume=200, peak_day=30)

    read_mail_log(engagement, actor=ada, content=week_of_mail(10))

    assert contradictions(engagement) == []


def test_a_login_that_is_only_offered_contradicts_nobody_until_a_mail_log_shows_it(engagement, carl, ada):
    offering = {
        "etc/postfix/main.cf": MAIN_CF + "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = cyrus\n",
        "etc/postfix/sasl/smtpd.conf": "pwcheck_method: saslauthd\nmech_list: PLAIN LOGIN\n",
    }
    submitted(engagement, actor=carl, auth_login="no", plain_login="no", milters="yes", milter_owner="Ines")
    read(engagement, actor=ada, files=SMALL_ESTATE | offering)
    offered = {row.question.id: row for row in questionnaire_of(engagement, ada).asked}
    before = contradictions(engagement)

    read_mail_log(engagement, actor=ada, content=LOGIN_LINE)

    assert offered["auth_login"].fact_text.startswith("It is offered at smtp")
    assert offered["plain_login"].fact_text.startswith("It is possible at smtp")
    assert before == []
    assert contradictions(engagement) == ["answers-auth-login"]
    assert "says No. The mail logs show clients that sign in with it." in (
        Finding.objects.get(rule="answers-auth-login").message
    )


def test_what_a_mail_log_counts_is_told_by_its_unit(engagement, carl, ada):
    submitted(engagement, actor=carl, month_volume=100)

    read_mail_log(engagement, actor=ada, content=week_of_mail(10))

    row = questionnaire_of(engagement, ada).find("month_volume")
    assert row.fact_text == "300 recipients a month"
    assert "Read: 300 recipients a month" in Finding.objects.get(rule="answers-month-volume").evidence
    assert "to three recipients as three" in row.question.why
