"""The logs of PowerMTA and KumoMTA."""

import json

import pytest

HEADER = "type,timeLogged,orig,rcpt,orcpt,dsnStatus,bounceCat,dlvType,header_Message-Id"
RECORD = {
    "id": "f68462cf36ca11ee99f450ebf67f93bd",
    "sender": "s@x",
    "recipient": "a@b.example",
    "queue": "b.example",
    "timestamp": 1791595584,
    "headers": {"Message-ID": "<1@x>"},
    "meta": {},
}


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("d,2026-11-20 10:00:00+0000,s@x,a@b,,2.0.0 (ok),,smtp,<1>", ("delivered", "<1>", "a@b", None, None)),
        ('d,2026-11-20 10:00:00+0000,s@x,a@b,,"2,0",,smtp,"<""1"">"', ("delivered", '<"1">', "a@b", None, None)),
        ("d,1795168800,s@x,a@b,rfc822;c@b,2.0.0,,smtp,<1>", ("delivered", "<1>", "a@b", "c@b", None)),
        ("d,1795168800,s@x,a@b,,2.0.0,,discard,<1>", ("discarded", "<1>", "a@b", None, None)),
        ("b,1795168800,,a@b,,5.1.1 (x),bad-mailbox,smtp,<1>", ("bounced", "<1>", "a@b", None, "<>")),
        ("b,1795168800,s@x,a@b,,5.4.7 (x),message-expired,smtp,<1>", ("expired", "<1>", "a@b", None, None)),
        ("t,1795168800,s@x,a@b,,4.7.0 (x),other,smtp,<1>", ("deferred", "<1>", "a@b", None, None)),
        ("r,1795168800,s@x,a@b,,,,,<1>", ("accepted", "<1>", "a@b", None, None)),
    ],
)
def test_a_record_of_powermta(read, line, row):
    told, rows = read("powermta", f"{HEADER}\r\n{line}\r\n")

    assert rows == [row]
    assert told.not_understood == 0


def test_columns_are_where_the_header_line_puts_them_also_when_another_one_follows(read):
    told, rows = read(
        "powermta",
        "type,header_message-id,rcpt,timeLogged\nd,<1>,a@b,1795168800\ntype,timeLogged,rcpt,header_Message-ID\n"
        "d,1795168801,c@d,<2>\n",
    )

    assert rows == [("delivered", "<1>", "a@b", None, None), ("delivered", "<2>", "c@d", None, None)]
    assert told.not_understood == 0


@pytest.mark.parametrize("kind", ["tq", "rb", "rs", "f"])
def test_records_that_are_no_end_of_a_message_are_passed_over(read, kind):
    told, rows = read("powermta", f"{HEADER}\n{kind},1795168800,s@x,a@b,,,,,<1>\n")

    assert (rows, told.not_understood) == ([], 0)


def test_without_a_header_line_nothing_is_guessed(read):
    told, rows = read("powermta", "d,1795168800,s@x,a@b,,2.0.0,,smtp,<1>\n")

    assert rows == []
    assert (told.read, told.not_understood, told.samples[0].offset) == (1, 1, 0)


def test_a_quote_that_is_never_closed_costs_one_line(read):
    good = "d,1795168800,s@x,a@b,,2.0.0,,smtp,<1>"
    told, rows = read("powermta", f'{HEADER}\n{good}\nd,1795168800,"s@x,a@b\n' + f"{good}\n" * 100)

    assert len(rows) == 101
    assert told.not_understood == 1


@pytest.mark.parametrize(
    ("kind", "became"),
    [
        ("Reception", "accepted"),
        ("Delivery", "delivered"),
        ("Bounce", "bounced"),
        ("Expiration", "expired"),
        ("AdminBounce", "removed"),
        ("TransientFailure", "deferred"),
        ("Delayed", "deferred"),
    ],
)
def test_a_record_of_kumomta(read, kind, became):
    told, rows = read("kumomta", json.dumps({"type": kind, **RECORD}) + "\n")

    assert rows == [(became, "<1@x>", "a@b.example", None, None)]
    assert told.not_understood == 0


@pytest.mark.parametrize(
    "place",
    [
        {"headers": {"Message-Id": "<1@x>"}},
        {"headers": {"message-id": "<1@x>", "Subject": "status"}},
        {"headers": {}, "meta": {"message_id": "<1@x>"}},
        {"headers": None, "meta": {"Message_ID": "<1@x>"}},
    ],
)
def test_a_message_id_is_found_wherever_kumomta_was_told_to_put_it(read, place):
    _, rows = read("kumomta", json.dumps({"type": "Delivery", **RECORD, **place}) + "\n")

    assert rows == [("delivered", "<1@x>", "a@b.example", None, None)]


def test_a_batch_is_an_end_for_each_of_its_recipients(read):
    _, rows = read("kumomta", json.dumps({"type": "Delivery", **RECORD, "recipient": ["a@b", "c@d"]}) + "\n")

    assert rows == [("delivered", "<1@x>", "a@b", None, None), ("delivered", "<1@x>", "c@d", None, None)]


def test_the_queue_null_swallows_what_it_is_given(read):
    _, rows = read("kumomta", json.dumps({"type": "Reception", **RECORD, "queue": "null"}) + "\n")

    assert rows == [("discarded", "<1@x>", "a@b.example", None, None)]


def test_a_line_that_is_no_record_is_shown_and_the_others_are_read(read):
    good = json.dumps({"type": "Delivery", **RECORD})
    told, rows = read("kumomta", f"{good}\n{{half\n{good}\n")

    assert len(rows) == 2
    assert [(sample.offset, sample.text) for sample in told.samples] == [(len(good) + 1, "{half")]
