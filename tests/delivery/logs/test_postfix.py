"""What Postfix writes, in every shape of line, comes to the same rows."""

from datetime import UTC, datetime

import pytest

QUEUE_ID = "4bXk3D1V50z37Dv"
HEADS = [
    "Nov 20 10:00:01 mta1 postfix/{}[77]: ",
    "2026-11-20T10:00:01.123456+00:00 mta1 postfix/{}[77]: ",
    "2026-11-20T11:00:01+01:00 mta1 postfix-out/submission/{}[77]: ",
    "<22>Nov 20 10:00:01 mta1 postfix/{}[77]: ",
    "2026 Nov 20 10:00:01.123 mta1 postfix/{}[77]: ",
    "2026-11-20 10:00:01,123 mta1 postfix/{}[77]: ",
    "Nov 20 10:00:01 mta1 postfix/{}: ",
]
DELIVERED = (
    "to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)"
)


@pytest.mark.parametrize("head", HEADS)
def test_every_shape_of_line_is_read(read, engine, head):
    text = f"{head.format('cleanup')}{QUEUE_ID}: message-id=<1@x>\n{head.format('smtp')}{QUEUE_ID}: {DELIVERED}\n"

    told, rows = read("postfix", text)

    assert rows == [("delivered", None, "a@b.example", None, None), ("identified", "<1@x>", None, None, None)]
    assert (told.read, told.not_understood) == (2, 0)
    moments = {datetime.fromtimestamp(int(clock), UTC) for (clock,) in engine.rows("SELECT clock FROM seen")}
    assert moments == {datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC)}
    assert engine.value("SELECT count(DISTINCT unit) FROM seen") == 1


@pytest.mark.parametrize(
    ("said", "row"),
    [
        (DELIVERED, ("delivered", None, "a@b.example", None, None)),
        (
            DELIVERED.replace("status=sent (250 Ok)", "status=deferred (421 later)"),
            ("deferred", None, "a@b.example", None, None),
        ),
        (DELIVERED.replace("status=sent", "status=SOFTBOUNCE"), ("deferred", None, "a@b.example", None, None)),
        (DELIVERED.replace("status=sent", "status=bounced"), ("bounced", None, "a@b.example", None, None)),
        (
            DELIVERED.replace("250 Ok", "250 2.0.0 Ok: queued as 5058FBC3A"),
            ("delivered", None, "a@b.example", None, "5058FBC3A"),
        ),
        (
            DELIVERED.replace("relay=", "orig_to=<all@b.example>, relay="),
            ("delivered", None, "a@b.example", "all@b.example", None),
        ),
        (
            DELIVERED.replace("250 Ok", "said: 550 to=<z@z>, status=bounced (x)"),
            ("delivered", None, "a@b.example", None, None),
        ),
        ("from=<>, size=12, nrcpt=1 (queue active)", ("null sender", None, None, None, None)),
        ("from=<s@x>, status=expired, returned to sender", ("expired", None, None, None, None)),
        ("from=<s@x>, status=force-expired, returned to sender", ("expired", None, None, None, None)),
        ("message-id=", ("identified", "", None, None, None)),
        (
            "message-id==?UTF-8?B?PDE5?= =?UTF-8?B?PjE=?=",
            ("identified", "=?UTF-8?B?PDE5?= =?UTF-8?B?PjE=?=", None, None, None),
        ),
    ],
)
def test_what_a_line_says(read, said, row):
    _, rows = read("postfix", f"Nov 20 10:00:01 mta1 postfix/qmgr[7]: {QUEUE_ID}: {said}\n")

    assert rows == [row]


@pytest.mark.parametrize(
    "line",
    [
        "Nov 20 10:00:01 mta1 postfix/smtpd[7]: connect from x[192.0.2.1]",
        "Nov 20 10:00:01 mta1 sshd[7]: Accepted publickey for status=sent",
        f"Nov 20 10:00:01 mta1 postfix/smtpd[7]: {QUEUE_ID}: client=x[192.0.2.1]",
        f"Nov 20 10:00:01 mta1 postfix/cleanup[7]: {QUEUE_ID}: resent-message-id=<2@x>",
        f"Nov 20 10:00:01 mta1 postfix/smtp[7]: {QUEUE_ID}: host mx[192.0.2.1] said: 450 status=odd (x)",
        "Nov 20 10:00:01 mta1 postfix/smtpd[7]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 no; from=<> to=<a@b>",
    ],
)
def test_a_line_that_says_nothing_of_an_end_is_no_row_and_no_fault(read, line):
    told, rows = read("postfix", f"{line}\n")

    assert rows == []
    assert (told.read, told.not_understood) == (1, 0)


def test_an_operator_who_removes_a_message_ends_it(read):
    _, rows = read("postfix", f"Nov 20 10:00:01 mta1 postfix/postsuper[7]: {QUEUE_ID}: removed\n")

    assert rows == [("removed", None, None, None, None)]


def test_a_stamp_without_a_year_is_of_the_year_that_is_near(read, engine):
    engine.run("SET VARIABLE reference = 1798761600")  # the first of January 2027
    for name, year in (("year_before", 2026), ("year", 2027), ("year_after", 2028)):
        engine.run(f"SET VARIABLE {name} = '{year}'")

    read(
        "postfix",
        f"Dec 31 23:59:59 a postfix/cleanup[7]: {QUEUE_ID}: message-id=<1>\n"
        f"Jan  1 00:00:01 a postfix/cleanup[7]: {QUEUE_ID}: message-id=<2>\n",
    )

    assert engine.rows("SELECT clock FROM seen ORDER BY clock") == [(1798761599.0,), (1798761601.0,)]
