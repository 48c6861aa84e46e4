"""Which share of the mail passes a construct: what logs can tell apart, and what they cannot."""

import pytest

from discovery.postfix import Bundle
from discovery.translation.traffic import MEASURED, READ, STATED, Mail, Traffic, shares
from discovery.translation.translating import translate

MAIN = """\
compatibility_level = 3.6
myhostname = a.example
transport_maps = hash:/etc/postfix/transport
smtp_header_checks = regexp:/etc/postfix/checks
"""
MASTER = """\
smtp      inet  n       -       n       -       -       smtpd
587       inet  n       -       n       -       -       smtpd
    -o syslog_name=postfix/submission
    -o smtpd_tls_security_level=encrypt
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
smtp      unix  -       -       n       -       -       smtp
bulk      unix  -       -       n       -       -       smtp
    -o syslog_name=postfix/$service_name
    -o smtp_helo_name=bulk.a.example
one       unix  -       -       n       -       -       smtp
    -o syslog_name=postfix-shared
    -o smtp_helo_name=one.a.example
two       unix  -       -       n       -       -       smtp
    -o syslog_name=postfix-shared
idle      unix  -       -       n       -       -       smtp
    -o smtp_helo_name=idle.a.example
"""
TABLES = {
    "etc/postfix/transport": "b.example bulk:\nc.example one:\nd.example two:\n",
    "etc/postfix/checks": "/^X-Old:/ IGNORE\n",
}
LOGGED = Mail(
    {"postfix": 600, "postfix/bulk": 300, "postfix-shared": 100},
    {"postfix": 250, "postfix/submission": 750},
    1.0,
    MEASURED,
    "Measured.",
)


@pytest.fixture(scope="module")
def measured():
    return by_construct(LOGGED)


def by_construct(mail, *, files=None):
    texts = {"etc/postfix/main.cf": MAIN, "etc/postfix/master.cf": MASTER, **TABLES} if files is None else files
    bundle = Bundle.of({path: text.encode() for path, text in texts.items()})
    made = translate(bundle, "powermta", secret_key=b"tests", mail=mail)
    return {(each.construct.name, each.construct.subject): each.traffic for each in made.outcomes}


def test_a_line_of_main_cf_is_on_all_mail(measured):
    assert measured["myhostname", ""] == Traffic(100.0, MEASURED, "Measured.")


def test_an_option_of_a_transport_is_on_what_it_delivered(measured):
    assert measured["smtp_helo_name", "bulk/unix"].percent == 30.0


def test_an_option_of_a_listener_is_on_what_it_accepted(measured):
    assert measured["smtpd_tls_security_level", "587/inet"].percent == 75.0
    assert measured["smtpd/inet", "smtp/inet"].percent == 25.0


def test_what_every_message_passes_is_on_all_mail(measured):
    assert measured["qmgr/unix", "qmgr/unix"].percent == 100.0
    assert measured["cleanup/unix", "cleanup/unix"].percent == 100.0


def test_the_rows_of_a_table_are_on_the_mail_of_whoever_asks_it(measured):
    assert measured["IGNORE", "etc/postfix/checks"].percent == 100.0


def test_services_that_share_a_name_in_the_log_are_not_guessed_apart(measured):
    shared = measured["smtp_helo_name", "one/unix"]

    assert (shared.percent, shared.basis) == (None, "")
    assert "write to the mail log as postfix-shared too" in shared.why


def test_what_the_log_does_not_count_is_not_known(measured):
    assert measured["tlsmgr/unix", "tlsmgr/unix"].percent is None
    assert "No line of a mail log counts" in measured["tlsmgr/unix", "tlsmgr/unix"].why


def test_what_nothing_leads_to_carries_nothing(measured):
    assert measured["smtp_helo_name", "idle/unix"] == Traffic(0.0, READ, "Nothing leads mail here.")


def test_a_host_carries_its_part_of_all_mail():
    part = Mail(LOGGED.delivered, LOGGED.accepted, 0.4, MEASURED, "Measured.")

    assert by_construct(part)["myhostname", ""].percent == 40.0
    assert by_construct(part)["smtp_helo_name", "bulk/unix"].percent == 12.0


def test_what_was_stated_speaks_of_the_host_and_of_no_service():
    stated = by_construct(Mail(part=1.0, basis=STATED, why="As stated."))

    assert stated["myhostname", ""] == Traffic(100.0, STATED, "As stated.")
    assert stated["smtp_helo_name", "bulk/unix"] == Traffic(None, "", "No mail log was read.")


def test_without_logs_nothing_is_known():
    assert {each.percent for each in by_construct(Mail()).values()} == {None, 0.0}
    assert by_construct(Mail(why="No log of a."))["myhostname", ""].why == "No log of a."


def test_a_class_passes_at_least_what_its_largest_construct_does_on_each_host():
    told = [("N", "a", 40.0), ("N", "a", 10.0), ("N", "b", 20.0), ("X", "a", None), ("N", "b", None)]

    found = shares((letter, host, Traffic(percent, MEASURED)) for letter, host, percent in told)

    assert found["N"] == {"percent": 60.0, "known": 3, "unknown": 1}
    assert found["X"] == {"percent": None, "known": 0, "unknown": 1}
