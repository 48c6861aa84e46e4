"""What mail logs measure becomes findings, and they are gone when a later log no longer shows them."""

import pytest

from discovery.domain.dismiss_finding import dismiss_finding
from discovery.models import Finding
from tests.factories.discovery import MAIL_LOG, read, read_mail_log

pytestmark = pytest.mark.django_db

REASON = Finding.Dismissal.values[0]

WITH_LOGIN = MAIL_LOG.replace("[203.0.113.9]", "[203.0.113.9], sasl_method=LOGIN, sasl_username=shop")
LATER = MAIL_LOG.replace("2026-11-02T23", "2026-11-03T10").replace("2026-11-02T09", "2026-11-03T09")


def measured(engagement, host="mta1"):
    return Finding.objects.filter(engagement=engagement, source="logs", host_label=host).current()


def rules(engagement, host="mta1"):
    return sorted(measured(engagement, host).values_list("rule", flat=True))


def test_a_log_says_what_is_striking_and_a_later_one_takes_it_back(engagement, ada):
    read_mail_log(engagement, actor=ada, content=WITH_LOGIN.encode())
    before = rules(engagement)

    read_mail_log(engagement, actor=ada, content=LATER.encode())

    assert before == ["measured-auth-login", "measured-gap"]
    assert rules(engagement) == []
    assert Finding.objects.filter(engagement=engagement, source="logs").count() == 2


def test_an_older_log_that_comes_later_says_nothing(engagement, ada):
    read_mail_log(engagement, actor=ada, content=LATER.encode())

    read_mail_log(engagement, actor=ada, content=WITH_LOGIN.encode())

    assert rules(engagement) == []


def test_a_dismissal_survives_the_next_log(engagement, ada):
    read_mail_log(engagement, actor=ada, content=WITH_LOGIN.encode())
    finding = measured(engagement).get(rule="measured-auth-login")
    dismiss_finding(
        finding, actor=ada, reason=REASON, note="The shop is switched off in March.", version=finding.version
    )

    read_mail_log(engagement, actor=ada, content=WITH_LOGIN.replace("2026-11-02", "2026-11-04").encode())

    assert measured(engagement).get(rule="measured-auth-login").state == Finding.State.DISMISSED


def test_hosts_are_held_against_each_other(engagement, ada):
    read(engagement, actor=ada, host="mta1")
    nothing_yet = Finding.objects.filter(source="logs").exists()

    read_mail_log(engagement, actor=ada, content=LATER.encode(), host="mta2")

    assert not nothing_yet
    assert rules(engagement, "mta1") == ["measured-host-silent"]
    assert rules(engagement, "mta2") == ["measured-host-unknown"]


def test_an_upload_answers_for_the_host_of_a_log(engagement, ada):
    read(engagement, actor=ada, host="mta1")
    read_mail_log(engagement, actor=ada, content=LATER.encode(), host="mta2")

    read(engagement, actor=ada, host="mta2")
    read_mail_log(engagement, actor=ada, content=LATER.encode(), host="mta1")

    assert rules(engagement, "mta1") == rules(engagement, "mta2") == []


BULK_CF = """\
bulk      unix  -       -       y       -       20      smtp
    -o syslog_name=postfix/bulk
old       unix  -       -       y       -       20      smtp
    -o syslog_name=postfix/$service_name
smtps     inet  n       -       y       -       -       smtpd
    -o syslog_name=postfix/smtps -o smtpd_tls_wrappermode=yes
tag       unix  -       n       n       -       4       pipe
    flags=Rq user=tag argv=/opt/mail/tagger.py ${sender}
"""
SENT = "4104E3D0AD: to=<a@gmail.com>, relay={}, delay=1.5, delays=0.1/0/0.4/1, dsn=2.0.0, status=sent (250 OK)"


def lines(*pairs, days=1):
    """`(tag, text)` as lines, on so many days."""
    return "".join(
        f"2026-11-{2 + day:02d}T09:00:{second:02d}+00:00 mta1 {tag}[7]: {text}\n"
        for day in range(days)
        for second, (tag, text) in enumerate(pairs)
    )


def login(tag, method="PLAIN"):
    client = "app.example[203.0.113.9]"
    return [
        (f"{tag}/smtpd", f"connect from {client}"),
        (f"{tag}/smtpd", f"4104E3D0AE: client={client}, sasl_method={method}, sasl_username=shop"),
        (f"{tag}/smtpd", f"disconnect from {client} ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6"),
    ]


def evidence(engagement, rule):
    return sorted(measured(engagement).filter(rule=rule).values_list("evidence", flat=True))


def with_services(engagement, ada, main=""):
    files = {"etc/postfix/main.cf": f"myhostname = mta1.northlake.example\n{main}", "etc/postfix/master.cf": BULK_CF}
    read(engagement, actor=ada, files=files)


def test_names_in_the_log_that_no_master_cf_has_are_found(engagement, ada):
    with_services(engagement, ada)
    text = lines(
        ("postfix/bulk/smtp", SENT.format("mx.example[192.0.2.7]:25")),
        ("postfix-two/smtp", SENT.format("mx.example[192.0.2.7]:25")),
        ("postfix/pipe", SENT.format("tag")),
        ("postfix/pipe", SENT.format("archive")),
    )

    read_mail_log(engagement, actor=ada, content=text.encode())

    assert evidence(engagement, "measured-service-unknown") == ["mail log: archive", "mail log: postfix-two"]
    assert evidence(engagement, "measured-service-silent") == []


def test_services_that_wrote_nothing_for_a_week_are_found(engagement, ada):
    with_services(engagement, ada)
    text = lines(("postfix/bulk/smtp", SENT.format("mx.example[192.0.2.7]:25")), days=7)

    read_mail_log(engagement, actor=ada, content=text.encode())

    assert evidence(engagement, "measured-service-silent") == [
        "mail log: old/unix",
        "mail log: smtps/inet",
        "mail log: tag/unix",
    ]
    assert "on the 7 days" in measured(engagement).filter(rule="measured-service-silent").first().message


def test_days_of_several_logs_make_the_week(engagement, ada):
    with_services(engagement, ada)
    text = lines(("postfix/bulk/smtp", SENT.format("mx.example[192.0.2.7]:25")), days=7).splitlines(keepends=True)

    for day in text[:6]:
        read_mail_log(engagement, actor=ada, content=day.encode())
    before = evidence(engagement, "measured-service-silent")
    read_mail_log(engagement, actor=ada, content=text[6].encode())

    assert before == []
    assert len(evidence(engagement, "measured-service-silent")) == 3


def test_logins_without_tls_are_found_except_where_tls_comes_first(engagement, ada):
    with_services(engagement, ada)

    read_mail_log(engagement, actor=ada, content=lines(*login("postfix/smtps"), *login("postfix", "login")).encode())

    found = measured(engagement).get(rule="measured-auth-clear")
    assert found.evidence == "mail log: postfix"
    assert "in 1 sessions on 2026-11-02 a client signed in (LOGIN)" in found.message
    assert "from" not in measured(engagement).get(rule="measured-auth-login").message.partition("AUTH LOGIN")[2]


def test_a_week_of_logins_names_its_first_and_last_day(engagement, ada):
    read_mail_log(engagement, actor=ada, content=lines(*login("postfix", "LOGIN"), days=3).encode())

    found = measured(engagement).get(rule="measured-auth-login")
    assert found.message == (
        "3 messages were handed in by clients that signed in with AUTH LOGIN from 2026-11-02 to 2026-11-04."
    )


def test_tls_without_a_certificate_is_counted(engagement, ada):
    secured = "Anonymous TLS connection established to mx.example[192.0.2.7]:25: TLSv1.2 with cipher X"

    read_mail_log(engagement, actor=ada, content=(MAIL_LOG + lines(("postfix/smtp", secured))).encode())

    assert measured(engagement).get(rule="measured-tls-anonymous").message.startswith("1 connections")


@pytest.mark.parametrize(("limit", "rules_found"), [(1, ["measured-peak-limits"]), (100, [])])
def test_the_busiest_hour_is_held_against_the_process_limit(engagement, ada, limit, rules_found):
    with_services(engagement, ada, main=f"default_process_limit = {limit}\n")
    delivery = SENT.replace("0.1/0/0.4/1", "0.1/0/0.5/1.5").format("mx.example[192.0.2.7]:25")
    text = lines(*[("postfix/bulk/smtp", delivery)] * 60, days=1) * 10

    read_mail_log(engagement, actor=ada, content=text.encode())

    found = measured(engagement).filter(rule="measured-peak-limits")
    assert [finding.rule for finding in found] == rules_found
    if rules_found:
        message = found.get().message
        assert "600 attempts were made. Half of all deliveries held a process for 2.0 seconds" in message
        assert "default_process_limit is 1, default_destination_concurrency_limit 20." in message


def test_a_log_that_was_read_before_names_were_kept_says_nothing_of_them(engagement, ada):
    log = read_mail_log(engagement, actor=ada, content=LATER.encode())
    del log.figures["sessions"], log.figures["writers"]
    log.save(update_fields=["figures"])

    with_services(engagement, ada)

    assert evidence(engagement, "measured-service-unknown") == []
