"""Logs in every way of writing give the same figures, and every line is accounted for."""

import bz2
import gzip
import lzma
import random
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import zstandard
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from discovery.maillog.figures import figures_of
from discovery.maillog.reading import put_together, read_part, read_paths, read_stream

KEY = b"k" * 32
NOW = datetime(2026, 6, 1, tzinfo=UTC)
ID = "4104E3D0AB"
YAHOO = f"smtp[14]: {ID}: to=<c@yahoo.com>, relay=mta5.am0.yahoodns.net[67.195.204.72]:25, "
SENT = f"smtp[14]: {ID}: to=<a@gmail.com>, relay=gmail-smtp-in.l.google.com[142.250.1.27]:25, delay=1.5, "
BOUNCED = f"smtp[14]: {ID}: to=<b@firm.example>, relay=mx.firm.example[198.51.100.2]:25, delay=2, delays=0.1/0/0.9/1, "
REFUSED = "smtpd[11]: NOQUEUE: reject: RCPT from unknown[203.0.113.77]: 554 5.7.1 <x@y.example>: Relay access denied; "
TEXTS = (
    "smtpd[11]: connect from app.corp.example[203.0.113.9]",
    f"submission/smtpd[11]: {ID}: client=app.corp.example[203.0.113.9], sasl_method=LOGIN, sasl_username=shop",
    f"cleanup[12]: {ID}: message-id=<1@corp.example>",
    f"qmgr[13]: {ID}: from=<news@corp.example>, size=1000, nrcpt=3 (queue active)",
    f"{SENT}delays=0.1/0/0.4/1, dsn=2.0.0, status=sent (250 2.0.0 OK)",
    f"{BOUNCED}dsn=5.1.1, status=bounced (host mx.firm.example[198.51.100.2] said: 550 5.1.1 no such user)",
    YAHOO + "delay=3, delays=0.1/0/1.9/1, dsn=4.7.0, status=deferred (host said: 421 4.7.0 [TSS04] deferred)",
    f"qmgr[13]: {ID}: from=<news@corp.example>, size=1000, nrcpt=1 (queue active)",
    YAHOO + "delay=900, delays=899/0/0/1, dsn=4.7.0, status=deferred (host said: 421 4.7.0 [TSS04] deferred)",
    f"qmgr[13]: {ID}: from=<news@corp.example>, status=expired, returned to sender",
    f"bounce[15]: {ID}: sender non-delivery notification: 5104E3D0AB",
    f"qmgr[13]: {ID}: removed",
    f"{REFUSED}from=<s@t.example> to=<x@y.example> proto=ESMTP helo=<h>",
)
PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd")
HEADS = {
    "rfc3164": "May 16 16:13:26 mta1 ",
    "rfc3339": "2026-05-16T16:13:26.396352+02:00 mta1 ",
    "year first": "2026 May 16 16:13:26.123 mta1 ",
    "with priority": "<22>May 16 16:13:26 mta1 ",
    "without host": "May 16 16:13:26 ",
}


def measured(*texts, zone=None, now=NOW):
    parts = [[read_stream(f"mail.log.{number}", BytesIO(text), key=KEY)] for number, text in enumerate(texts)]
    return figures_of(put_together(parts, key=KEY, until=now, zone=zone))


def log(head, *, name="postfix", messages=1):
    """All lines of a message, for some messages with a queue id of their own."""
    once = "".join(f"{head}{name}/{text}\n" for text in TEXTS).encode()
    return b"".join(once.replace(ID.encode(), b"4104E3D%03X" % (0x0AB + number)) for number in range(messages))


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("name", ["postfix", "postfix-out", "postfix-smo/relay"])
@pytest.mark.parametrize("times", [1, 20])
def test_every_way_of_writing_gives_the_same_figures(head, name, times):
    figures = measured(log(head, name=name, messages=times))

    assert (figures.lines, figures.not_understood, figures.unrelated) == (13 * times, 0, times)
    assert (figures.accepted, figures.sent, figures.bounced, figures.expired) == (times, times, times, times)
    assert (figures.deferrals, figures.put_off, figures.rejected) == (2 * times, times, times)
    assert figures.bounce_rate == pytest.approx(2 / 3)
    assert {group.name: group.sent for group in figures.providers}["Google"] == times
    assert [day.name for day in figures.days] == ["2026-05-16"]
    assert figures.methods == {"LOGIN": times}
    assert list(figures.listeners) == [f"{name}/submission"]


def test_long_queue_ids_are_read_as_short_ones():
    figures = measured(log(HEADS["rfc3164"]).replace(b"4104E3D0AB", b"3bZLDk1V50z37Dv"))

    assert (figures.not_understood, figures.expired) == (0, 1)


PACKS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("kind", PACKS)
def test_packed_logs_say_the_same(kind):
    plain = log(HEADS["rfc3164"], messages=50)

    assert measured(PACKS[kind](plain)) == measured(plain)


@pytest.mark.parametrize("kind", PACKS)
def test_a_packed_log_that_breaks_off_is_read_as_far_as_it_goes(kind):
    packed = PACKS[kind](log(HEADS["rfc3164"], messages=3000))

    figures = measured(packed[: len(packed) // 2])

    assert "breaks off" in figures.troubles[0]
    assert figures.not_understood <= 1


@pytest.mark.parametrize("kind", PACKS)
def test_packed_files_one_behind_the_other_are_read_to_the_last(kind):
    first, second = log(HEADS["rfc3164"], messages=5), log(HEADS["rfc3164"], messages=9)

    figures = measured(PACKS[kind](first) + PACKS[kind](second))

    assert figures.lines == measured(first + second).lines
    assert figures.troubles == ()


@pytest.mark.parametrize("kind", PACKS)
def test_damage_is_told_and_never_raised(kind):
    packed = bytearray(PACKS[kind](log(HEADS["rfc3164"], messages=300)))
    chance = random.Random(7)

    for _ in range(60):
        damaged = packed[:]
        damaged[chance.randrange(6, len(packed))] ^= 1 << chance.randrange(8)

        figures = measured(bytes(damaged))

        assert figures.troubles or figures.lines


def test_a_mistake_in_the_reader_is_not_taken_for_a_broken_file():
    def blocks():
        yield log(HEADS["rfc3164"], messages=1)
        raise ValueError("not about the file")

    with pytest.raises(ValueError, match="not about the file"):
        read_part("mail.log", blocks(), b"k" * 32)


def test_the_year_is_told_by_the_turn_and_by_today():
    december = log("Dec 31 23:59:59 mta1 ")
    january = log("Jan  1 00:00:01 mta1 ")

    figures = measured(december + january, now=datetime(2026, 3, 1, tzinfo=UTC))

    assert [day.name for day in figures.days] == ["2025-12-31", "2026-01-01"]


def test_a_day_that_is_still_to_come_was_last_year():
    figures = measured(log("Dec 24 10:00:00 mta1 "), now=NOW)

    assert [day.name for day in figures.days] == ["2025-12-24"]


def test_stamps_with_an_offset_are_shown_in_the_zone_asked_for():
    figures = measured(log("2026-05-16T23:30:00+00:00 mta1 "), zone=ZoneInfo("Europe/Paris"))

    assert [day.name for day in figures.days] == ["2026-05-17"]


def test_a_recipient_put_off_in_one_file_and_served_in_the_next_is_counted_once():
    text = log(HEADS["rfc3164"])
    lines = text.splitlines(keepends=True)

    together, apart = measured(text), measured(b"".join(lines[:7]), b"".join(lines[7:]))

    assert (apart.put_off, apart.expired) == (together.put_off, together.expired) == (1, 1)
    assert apart.sender_domains == together.sender_domains


def test_parts_of_one_file_read_side_by_side_add_up(tmp_path, monkeypatch):
    path = tmp_path / "mail.log"
    path.write_bytes(log(HEADS["rfc3164"], messages=400))
    whole = read_paths([path], key=KEY, processes=1)
    monkeypatch.setattr("discovery.maillog.reading.SMALLEST_SLICE", 1)

    parts = read_paths([path], key=KEY, processes=2)

    one, two = (figures_of(put_together(each, key=KEY, until=NOW, zone=None)) for each in (whole, parts))
    assert [len(each) for each in parts] == [2]
    assert two == one


def test_hosts_in_one_file_are_kept_apart():
    figures = measured(log(HEADS["rfc3164"]) + log(HEADS["rfc3164"].replace("mta1", "mta2")))

    assert figures.hosts == ("mta1", "mta2")
    assert (figures.accepted, figures.expired) == (2, 2)


def test_message_ids_that_are_absent_or_used_again_are_counted():
    again = log(HEADS["rfc3164"]).replace(b"4104E3D0AB", b"4104E3D0AC")
    absent = log(HEADS["rfc3164"]).replace(b"4104E3D0AB", b"4104E3D0AD").replace(b"<1@corp.example>", b"<>")

    figures = measured(log(HEADS["rfc3164"]) + again + absent)

    assert (figures.ids_different, figures.ids_repeated, figures.without_id) == (1, 1, 1)


def test_what_is_not_understood_is_shown_with_its_place_and_without_addresses():
    strange = b"May 16 16:13:26 mta1 postfix/smtp[14]: 4104E3D0AB: gnarly <jane@firm.example> [198.51.100.2]\n"

    figures = measured(log(HEADS["rfc3164"]) + strange)

    assert figures.not_understood == 1
    assert figures.samples[0]["line"] == 14
    assert "jane" not in figures.samples[0]["text"]
    assert "198.51.100.2" not in figures.samples[0]["text"]


def test_silence_is_named():
    figures = measured(log("May 16 01:00:00 mta1 ") + log("May 16 20:00:00 mta1 "))

    assert figures.gaps == (("2026-05-16 01:00", "2026-05-16 20:00"),)


def test_no_recipient_is_kept_in_the_figures():
    text = str(measured(log(HEADS["rfc3164"])).as_json())

    assert "a@gmail.com" not in text
    assert "shop" not in text
    assert "gmail.com" in text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=200), st.sampled_from(log(HEADS["rfc3164"]).splitlines())), max_size=120))
def test_no_line_is_lost_and_nothing_raises(lines):
    text = b"\n".join(lines)
    assume(not text.startswith(PACKED))

    figures = measured(text)

    assert figures.lines == figures.understood + figures.not_understood + figures.unrelated
    assert figures.lines == text.count(b"\n") + (bool(text) and not text.endswith(b"\n"))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_line_that_breaks_anywhere_never_raises(data):
    text = log(data.draw(st.sampled_from(list(HEADS.values()))))
    cut = data.draw(st.integers(0, len(text)))

    figures = measured(text[:cut])

    assert figures.lines == figures.understood + figures.not_understood + figures.unrelated
