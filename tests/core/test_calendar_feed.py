"""What calendars follow is read back as RFC 5545 says it is to be read."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from core.calendar_entry import Followed, calendar_feed
from tests.core.test_calendar_entry import read, unescaped, values

WRITTEN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def followed(**changes):
    known = {
        "uid": "gate-E-2026-0007-2@portal.example",
        "written_at": WRITTEN,
        "title": "Gate 2 planned",
        "url": "https://portal.example/engagements/E-2026-0007/gates/2/",
        "day": date(2026, 12, 31),
    }
    return Followed(**known | changes)


def test_a_whole_day_ends_with_the_next_one_and_has_no_zone():
    rows = {name: (parameters, value) for name, parameters, value in read(calendar_feed("Dates", [followed()]))}

    assert rows["DTSTART"] == ("VALUE=DATE", "20261231")
    assert rows["DTEND"] == ("VALUE=DATE", "20270101")
    assert rows["DTSTAMP"] == ("", "20261102T080000Z")


def test_a_moment_is_told_in_universal_time_whatever_zone_it_came_in():
    berlin = datetime(2026, 7, 1, 9, 30, tzinfo=timezone(timedelta(hours=2)))

    rows = values(calendar_feed("Dates", [followed(day=None, starts_at=berlin, ends_at=berlin + timedelta(hours=1))]))

    assert (rows["DTSTART"], rows["DTEND"]) == ("20260701T073000Z", "20260701T083000Z")


def test_a_moment_without_a_zone_is_no_moment():
    with pytest.raises(ValueError, match="time zone"):
        calendar_feed("Dates", [followed(day=None, starts_at=WRITTEN.replace(tzinfo=None))])


def test_an_entry_without_any_time_is_refused():
    with pytest.raises(ValueError, match="neither a day nor moments"):
        calendar_feed("Dates", [followed(day=None)])


def test_words_come_back_as_they_were_and_long_lines_are_folded_between_letters():
    title = 'Übergabe; "Größe", 50 % \\ halb\nEND:VEVENT ' + "ä€𝄞" * 40

    content = calendar_feed("Dates, all", [followed(title=title)])

    assert unescaped(values(content)["SUMMARY"]) == title
    assert [name for name, _, value in read(content) if (name, value) == ("END", "VEVENT")] == ["END"]


@pytest.mark.parametrize("sign", ["a", "ä", "€", "𝄞"])
def test_a_line_is_as_wide_as_it_may_be_and_no_letter_is_cut(sign):
    for count in range(1, 90):
        content = calendar_feed("Dates", [followed(title="x" * (count % 4) + sign * count)])

        lines = content.split(b"\r\n")
        assert max(len(line) for line in lines) <= 75
        assert all(line.decode() for line in lines[:-1])
        assert unescaped(values(content)["SUMMARY"]) == "x" * (count % 4) + sign * count
        wider = [len(line) for line, rest in pairwise(lines) if rest.startswith(b" ")]
        assert all(75 - len(sign.encode()) < width for width in wider)


def test_no_word_begins_a_line_of_its_own():
    content = calendar_feed(
        "a\r\nX-EVIL:1", [followed(uid="u\r\nX-EVIL:2", url="https://a\r\nX-EVIL:3", title="t\rX-EVIL:4")]
    )

    assert not [name for name, _, _ in read(content) if name == "X-EVIL"]


def test_a_feed_asks_nobody_to_answer_and_takes_nobodys_time():
    names = [name for name, _, _ in read(calendar_feed("Dates", [followed()]))]

    assert {"METHOD", "ATTENDEE", "ORGANIZER"} & set(names) == set()
    assert values(calendar_feed("Dates", [followed()]))["TRANSP"] == "TRANSPARENT"


def test_what_was_cancelled_says_so():
    assert values(calendar_feed("Dates", [followed(is_cancelled=True)]))["STATUS"] == "CANCELLED"
    assert values(calendar_feed("Dates", [followed()]))["STATUS"] == "CONFIRMED"


def test_a_calendar_without_a_date_is_whole():
    rows = read(calendar_feed("Dates", []))

    assert (rows[0], rows[-1]) == (("BEGIN", "", "VCALENDAR"), ("END", "", "VCALENDAR"))
    assert {"VERSION", "PRODID"} <= {name for name, _, _ in rows}


def test_the_same_dates_give_the_same_bytes():
    assert calendar_feed("Dates", [followed()]) == calendar_feed("Dates", [followed()])
