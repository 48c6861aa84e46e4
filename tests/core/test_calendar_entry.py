"""A calendar file is read back here as RFC 5545 says it is to be read: unfolded, split, unescaped."""

from datetime import UTC, datetime

import pytest

from core.calendar_entry import Entry, Party, calendar_file

STARTS = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


def entry(**changes):
    known = {
        "uid": "5f3c@gatepost",
        "sequence": 0,
        "written_at": STARTS,
        "starts_at": STARTS,
        "ends_at": STARTS.replace(minute=30),
        "title": "Call about E-2026-0007",
        "text": "Sam calls Mia.",
        "organizer": Party("Practice", "help@practice.example"),
        "attendees": (Party("Mia Lund", "mia@fjordline.example"),),
    }
    return Entry(**known | changes)


def unescaped(words):
    read, signs = "", iter(words)
    for sign in signs:
        following = next(signs) if sign == "\\" else sign
        read += "\n" if sign == "\\" and following == "n" else following
    return read


def read(content):
    """[(name, parameters, value), ...] of every line."""
    assert content.endswith(b"\r\n")
    raw = content.split(b"\r\n")[:-1]
    assert max(len(line) for line in raw) <= 75
    assert all(b"\n" not in line and b"\r" not in line for line in raw)
    rows = []
    for line in content.decode().replace("\r\n ", "").split("\r\n")[:-1]:
        head, _, value = line.partition(":")
        name, _, parameters = head.partition(";")
        rows.append((name, parameters, value))
    return rows


def values(content):
    return {name: value for name, _, value in read(content)}


def test_an_entry_says_when_who_and_which_version():
    rows = values(calendar_file(entry(sequence=3)))

    assert (rows["METHOD"], rows["STATUS"], rows["SEQUENCE"]) == ("REQUEST", "CONFIRMED", "3")
    assert (rows["UID"], rows["DTSTART"], rows["DTEND"]) == ("5f3c@gatepost", "20261201T150000Z", "20261201T153000Z")
    assert rows["ATTENDEE"] == "mailto:mia@fjordline.example"
    assert read(calendar_file(entry()))[0] == ("BEGIN", "", "VCALENDAR")
    assert read(calendar_file(entry()))[-1] == ("END", "", "VCALENDAR")


def test_a_cancelled_entry_takes_itself_out():
    rows = values(calendar_file(entry(is_cancelled=True)))

    assert (rows["METHOD"], rows["STATUS"]) == ("CANCEL", "CANCELLED")


def test_words_come_back_as_they_were_however_long_and_in_whatever_script():
    words = "Comma, semicolon; backslash \\ and a new line\n" + "Ångström Łódź 東京 " * 12

    assert unescaped(values(calendar_file(entry(text=words)))["DESCRIPTION"]) == words


def test_no_name_begins_a_line_of_its_own():
    evil = Party('Mia"\r\nATTENDEE:mailto:all@victim.example', "mia@fjordline.example\r\nX-EVIL:1")

    rows = read(calendar_file(entry(attendees=(evil,), uid="1\r\nX-EVIL:2")))

    assert [name for name, _, _ in rows if name in {"ATTENDEE", "X-EVIL"}] == ["ATTENDEE"]


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        calendar_file(entry(starts_at=datetime(2026, 12, 1)))
