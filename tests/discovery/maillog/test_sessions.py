"""Who signed in without TLS, anonymous TLS and the names of pipes, as a log shows them."""

from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from discovery.maillog.figures import figures_of
from discovery.maillog.reading import put_together, read_part, read_stream

SUBMIT = "postfix/submission/smtpd"
STATS = "ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8"
CLEAR_STATS = "ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6"


def line(text, *, tag=SUBMIT, pid=7, stamp="2026-11-02T09:00:00+00:00", host="mta1"):
    return f"{stamp} {host} {tag}[{pid}]: {text}\n"


def session(*, is_secured=False, method="PLAIN", stats=CLEAR_STATS, messages=1, **where):
    client = "app.example[203.0.113.9]"
    yield line(f"connect from {client}", **where)
    if is_secured:
        yield line(f"Anonymous TLS connection established from {client}: TLSv1.3 with cipher X (256/256 bits)", **where)
    for number in range(messages):
        yield line(f"4104E3D0A{number}: client={client}, sasl_method={method}, sasl_username=shop", **where)
    yield line(f"disconnect from {client} {stats}", **where)


def told(*sessions, **options):
    text = "".join("".join(each) if not isinstance(each, str) else each for each in sessions)
    part = read_stream("mail.log", BytesIO(text.encode()), key=b"k")
    zone = ZoneInfo("UTC")
    return figures_of(put_together([[part]], key=b"k", zone=zone, **options)).sessions


def test_a_login_without_tls_is_counted_by_its_listener():
    found = told(
        session(messages=2, method="login"),
        session(messages=3, stamp="2026-11-04T09:00:00+00:00"),
        session(is_secured=True, pid=8),
    )

    assert found["clear_logins"] == {
        "postfix/submission": {
            "sessions": 2,
            "messages": 5,
            "methods": ["LOGIN", "PLAIN"],
            "days": ["2026-11-02", "2026-11-04"],
        }
    }
    assert found["sessions_with_login"] == 3


def test_tls_is_told_by_its_line_or_by_the_last_line():
    found = told(session(is_secured=True), session(stats=STATS))

    assert found["clear_logins"] == {}
    assert (found["sessions_with_login"], found["sessions_unknown"]) == (2, 0)


def test_before_postfix_3_a_session_without_a_line_about_tls_tells_nothing():
    found = told(session(stats=""))

    assert found["clear_logins"] == {}
    assert found["sessions_unknown"] == 1


def test_a_session_whose_beginning_is_not_in_the_log_tells_nothing():
    _, *rest = session()

    assert told(rest)["sessions_with_login"] == 0


def test_the_next_session_of_a_process_is_not_secured_by_the_one_before():
    found = told(session(is_secured=True), session())

    assert found["clear_logins"]["postfix/submission"]["sessions"] == 1


def test_sessions_of_two_processes_and_two_hosts_are_told_apart():
    mixed = zip(session(is_secured=True), [*session(host="mta2"), ""], strict=True)

    found = told(*(text for pair in mixed for text in pair))

    assert found["clear_logins"]["postfix/submission"]["sessions"] == 1
    assert found["sessions_with_login"] == 2


def test_a_session_goes_on_from_block_to_block():
    begun, *rest = [text.encode() for text in session()]
    secured = [text.encode() for text in session(is_secured=True)]

    part = read_part("mail.log", iter([begun, b"".join(rest), *secured]), b"k")

    assert part.sessions.ended == {("postfix/submission", "clear"): 1, ("postfix/submission", "secured"): 1}


def test_days_of_stamps_without_a_year_are_of_the_year_that_fits():
    found = told(
        session(stamp="Dec 31 23:59:00"),
        session(stamp="Jan  1 00:01:00"),
        until=datetime(2026, 3, 1, tzinfo=UTC),
    )

    assert found["clear_logins"]["postfix/submission"]["days"] == ["2025-12-31", "2026-01-01"]
    assert found["method_days"] == {"PLAIN": ["2025-12-31", "2026-01-01"]}


def test_pipes_are_counted_by_their_service_and_anonymous_tls_by_connection():
    attempt = "4104E3D0AB: to=<a@b.example>, relay={}, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (ok)"
    found = told(
        line(attempt.format("tagger"), tag="postfix/pipe"),
        line(attempt.format("tagger"), tag="postfix/pipe"),
        line(attempt.format("mx.b.example[192.0.2.1]:25"), tag="postfix/smtp"),
        line("Anonymous TLS connection established to mx.b.example[192.0.2.1]:25: TLSv1.2 with X", tag="postfix/smtp"),
        line("Trusted TLS connection established to mx.c.example[192.0.2.2]:25: TLSv1.2 with X", tag="postfix/smtp"),
    )

    assert found["pipes"] == {"tagger": 2}
    assert found["anonymous_to"] == 1


def test_lines_of_other_programs_open_no_session():
    other = [text.replace(SUBMIT, "dovecot/auth") for text in session()]

    assert told(other)["sessions_with_login"] == 0


def test_writers_are_counted_by_syslog_name_and_program():
    text = line("connect from x[192.0.2.1]", tag="postfix/bulk/smtp") + line("removed", tag="cron")
    part = read_stream("mail.log", BytesIO(text.encode()), key=b"k")

    assert figures_of(put_together([[part]], key=b"k", zone=None)).writers == {"postfix/bulk/smtp": 1}


def test_however_many_names_a_log_makes_up_few_are_kept_and_nothing_is_left_uncounted(monkeypatch):
    monkeypatch.setattr("discovery.maillog.sessions.MOST_NAMES", 3)
    made_up = [session(tag=f"postfix/l{number}/smtpd", method=f"M{number}", pid=number) for number in range(6)]
    parts = [
        read_stream("mail.log", BytesIO("".join("".join(each) for each in half).encode()), key=b"k")
        for half in (made_up[:4], made_up[4:])
    ]

    found = figures_of(put_together([[part] for part in parts], key=b"k", zone=ZoneInfo("UTC"))).sessions

    assert list(found["clear_logins"]) == ["others", "postfix/l0", "postfix/l1", "postfix/l2"]
    assert found["clear_logins"]["others"]["sessions"] == 3
    assert found["clear_logins"]["others"]["messages"] == 3
    assert found["sessions_with_login"] == 6
    assert sorted(found["method_days"]) == ["M0", "M1", "M2", "others"]
