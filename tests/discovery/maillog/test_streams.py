"""Streams by the hour: they add up to the whole, however the log is cut, and however many senders it has."""

from collections import Counter
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.maillog import joins as joins_module
from discovery.maillog.days import hour_rows
from discovery.maillog.figures import figures_of
from discovery.maillog.reading import put_together, read_stream
from discovery.maillog.streams import LONGEST, MOST_STREAMS, UNKNOWN, stream_of

KEY = b"k" * 32
NOW = datetime(2026, 6, 1, tzinfo=UTC)
RELAY = "relay=gmail-smtp-in.l.google.com[142.250.1.27]:25, delay=1.5, delays=0.1/0/0.4/1"
ENDS = {"sent": "2.0.0, status=sent (250 OK)", "bounced": "5.1.1, status=bounced (550 no such user)",
        "deferred": "4.7.0, status=deferred (421 later)"}  # fmt: skip


def message(number, sender, *ends, hour=10, is_begun=True, is_removed=True):
    head, unit = f"2026-05-16T{hour:02}:13:26+00:00 mta1 postfix/", f"4104E{number:05X}"
    to = [f"{unit}: to=<a{place}@gmail.com>, {RELAY}, dsn={ENDS[end]}" for place, end in enumerate(ends)]
    return [
        *([f"{head}cleanup[1]: {unit}: message-id=<{number}@x>"] if is_begun else []),
        f"{head}qmgr[1]: {unit}: from=<{sender}>, size=9, nrcpt=1 (queue active)",
        *(f"{head}smtp[1]: {said}" for said in to),
        *([f"{head}qmgr[1]: {unit}: removed"] if is_removed else []),
    ]


def whole_of(*texts):
    parts = [[read_stream(f"log.{number}", BytesIO(text), key=KEY)] for number, text in enumerate(texts)]
    return put_together(parts, key=KEY, until=NOW, zone=None)


def log_of(*messages):
    return "".join(f"{line}\n" for lines in messages for line in lines).encode()


def by_stream(whole):
    return {(row.hour, row.stream): (row.delivered, row.bounced, row.deferred) for row in hour_rows(whole)}


MIXED = log_of(
    message(1, "a@News.example", "sent", "sent", "bounced"),
    message(2, "b@orders.example", "deferred", is_removed=False),
    message(3, "", "sent"),
    message(4, "c@news.example", "sent", hour=11),
    message(2, "b@orders.example", "deferred", hour=11, is_begun=False, is_removed=False),
    message(2, "b@orders.example", "sent", hour=11, is_begun=False),
    [f"2026-05-16T11:13:26+00:00 mta1 postfix/smtp[1]: 4104E99999: to=<z@gmail.com>, {RELAY}, dsn={ENDS['sent']}"],
)
EXPECTED = {
    (10, "news.example"): (2, 1, 0),
    (10, "orders.example"): (0, 0, 1),
    (10, "<>"): (1, 0, 0),
    (11, "news.example"): (1, 0, 0),
    (11, "orders.example"): (1, 0, 1),
    (11, ""): (1, 0, 0),  # whose beginning stands in no log
}


def test_each_hour_has_its_streams_and_what_none_is_told_of():
    assert by_stream(whole_of(MIXED)) == EXPECTED


@given(st.integers(min_value=1, max_value=MIXED.count(b"\n") - 1))
def test_a_log_that_is_cut_anywhere_gives_the_same_streams(place):
    lines = MIXED.splitlines(keepends=True)

    whole = whole_of(b"".join(lines[:place]), b"".join(lines[place:]))

    assert by_stream(whole) == EXPECTED
    assert figures_of(whole).stream_groups == figures_of(whole_of(MIXED)).stream_groups


def test_groups_of_streams_say_who_was_put_off_and_who_expired():
    put_off = message(7, "b@orders.example", "deferred", is_removed=False)
    gone = [
        line.replace("size=9, nrcpt=1 (queue active)", "status=expired, returned to sender") for line in put_off[1:2]
    ]
    log = log_of(message(6, "a@news.example", "sent"), put_off, gone)

    groups = {group.stream: group for group in figures_of(whole_of(log)).stream_groups}

    assert (groups["orders.example"].put_off, groups["orders.example"].expired) == (1, 1)
    assert (groups["news.example"].put_off, groups["news.example"].expired, groups["news.example"].sent) == (0, 0, 1)


def test_a_sender_for_each_message_fills_no_memory_and_loses_no_recipient(monkeypatch):
    monkeypatch.setattr(joins_module, "MOST_CELLS", 50)
    many = [message(number, f"b@v{number}.example", "sent") for number in range(300)]
    log = log_of(*many, *(message(1000 + number, "a@news.example", "sent") for number in range(40)))

    whole = whole_of(log)
    rows = by_stream(whole)
    cells = [len(each.by_stream) for each in whole.tally.joins.values()]

    assert sum(counts[0] for counts in rows.values()) == 340
    assert len([stream for _, stream in rows if stream]) <= MOST_STREAMS
    assert rows[10, ""][0] > 0
    assert max(cells) <= 340 - 200


@pytest.mark.parametrize(
    ("domain", "stream"),
    [
        (None, ""),
        (UNKNOWN, ""),
        (b"", "<>"),
        (b"News.Example", "news.example"),
        ("bücher.example".encode(), "bücher.example"),
        (b"\x00\x00", "<>"),
        (b"x" * 300, "x" * LONGEST),
    ],
)
def test_a_stream_is_the_domain_of_its_sender(domain, stream):
    assert stream_of(domain) == stream


def test_streams_of_one_size_are_kept_by_name():
    log = log_of(*(message(number, f"a@s{number:03}.example", "sent") for number in range(MOST_STREAMS + 5)))

    kept = Counter(row.stream for row in hour_rows(whole_of(log)))

    assert set(kept) == {"", *(f"s{number:03}.example" for number in range(MOST_STREAMS))}
