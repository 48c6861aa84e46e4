"""Small sets made by hand, with what somebody would expect of them who knows nothing of the rules."""

import json
import time
from datetime import UTC, datetime

import pytest

from delivery.reconciliation.command import main
from tests.factories.traffic import BEGAN, accepted, delivered, kumo, small_day

NEW_YEAR = int(datetime(2026, 12, 31, 23, 30, tzinfo=UTC).timestamp())
PARTS = pytest.mark.parametrize("parts", [[], ["--partitions", "2"]])


@pytest.fixture
def run(tmp_path, capsys):
    """Several files of a kind stand in a list."""

    def reconcile(*more, **files):
        words = []
        for kind, contents in files.items():
            words.append(f"--{kind}")
            for number, content in enumerate([contents] if isinstance(contents, str) else contents):
                path = tmp_path / f"{kind}-{number}"
                path.write_text(content)
                words.append(str(path))
        assert main([*words, "--json", *more]) == 0
        return json.loads(capsys.readouterr().out)

    return reconcile


def nameless(text):
    """Without a Message-ID, as the journal and Postfix write it."""
    return text.replace('"<7@northlake.example>"', '""').replace("message-id=<7@northlake.example>", "message-id=")


def traceless(journal):
    entries = [json.loads(line) for line in journal.splitlines()]
    return "".join(json.dumps({name: entry[name] for name in entry if name != "id"}) + "\n" for entry in entries)


def yearless(mail_log):
    lines = (line.split(" ", 1) for line in mail_log.splitlines(True))
    return "".join(
        f"{time.strftime('%b %e %H:%M:%S', datetime.fromisoformat(stamp).utctimetuple())} {rest}"
        for stamp, rest in lines
    )


def test_two_messages_without_a_message_id_reuse_none(run):
    journal, mail_log = small_day()
    clock = BEGAN + 500
    more = nameless(accepted(7, clock)) + nameless(accepted(7, clock + 60)).replace('"t7"', '"t8"')

    found = run(journal=journal + more, postfix=mail_log + nameless(delivered(7, clock + 1)))

    assert (found["missing"], found["duplicate"]) == ([["", "user7@gmail.com"]], [])
    assert found["causes"] == {}


@PARTS
def test_a_journal_without_traces_may_be_given_twice_or_overlap(run, parts):
    journal, mail_log = small_day(lost=[7])
    lines = traceless(journal).splitlines(True)

    twice = run(*parts, journal=["".join(lines), "".join(lines)], postfix=mail_log)
    overlapping = run(*parts, journal=["".join(lines[:20]), "".join(lines[12:])], postfix=mail_log)

    for found in (twice, overlapping):
        assert (found["recipients"], found["states"]["matched"]) == (30, 29)
        assert found["missing"] == [["<7@northlake.example>", "user7@gmail.com"]]
        assert found["causes"] == {}


def test_what_a_journal_without_traces_accepts_twice_at_different_times_stays_twice(run):
    journal, mail_log = small_day()
    again = accepted(7, BEGAN + 500)

    found = run(journal=[traceless(journal), traceless(again)], postfix=mail_log)

    assert found["recipients"] == 31
    assert found["missing"] == [["<7@northlake.example>", "user7@gmail.com"]]


def handed_to_a_filter(number, clock, *, came_back=True):
    inner, outer = f"4C{number:06X}D", f"4D{number:06X}D"
    text = delivered(number, clock).replace("relay=mx.example[192.0.2.1]:25", "relay=127.0.0.1[127.0.0.1]:10024")
    text = text.replace(f"4B{number:06X}D", inner).replace("(250 Ok)", f"(250 2.0.0 Ok: queued as {outer})")
    return text + (delivered(number, clock).replace(f"4B{number:06X}D", outer) if came_back else "")


@PARTS
def test_what_a_filter_says_it_handed_back_and_never_came_is_missing(run, parts):
    journal, mail_log = small_day()
    clocks = {number: BEGAN + 100 + 40 * number for number in range(101, 111)}
    more = "".join(accepted(number, clock) for number, clock in clocks.items())
    passed = "".join(handed_to_a_filter(number, clock, came_back=number != 107) for number, clock in clocks.items())

    found = run(*parts, journal=journal + more, postfix=mail_log + passed)

    assert found["missing"] == [["<107@northlake.example>", "user107@gmail.com"]]
    assert found["causes"] == {"re-injection by a filter": 9}
    assert (found["duplicate"], found["ambiguous"]) == ([], [])


def test_a_loopback_server_of_which_no_log_was_given_is_where_messages_end(run):
    journal, mail_log = small_day()
    clocks = {number: BEGAN + 100 + 40 * number for number in range(101, 111)}
    more = "".join(accepted(number, clock) for number, clock in clocks.items())
    passed = "".join(handed_to_a_filter(number, clock, came_back=False) for number, clock in clocks.items())

    found = run(journal=journal + more, postfix=mail_log + passed)

    assert (found["states"]["matched"], found["missing"]) == (40, [])


def test_one_of_two_recipients_of_a_message_may_be_lost_and_the_other_come_twice(run):
    journal, mail_log = small_day()
    clock = BEGAN + 500
    both = accepted(99, clock).replace('["user99@gmail.com"]', '["User99@gmail.com", "other@gmail.com"]')

    found = run(journal=journal + both, postfix=mail_log + delivered(99, clock + 1, times=2))

    assert found["missing"] == [["<99@northlake.example>", "other@gmail.com"]]
    assert found["duplicate"] == [["<99@northlake.example>", "User99@gmail.com"]]


def test_stamps_without_a_year_go_over_the_turn_of_the_year(run):
    journal, mail_log = small_day(count=120, begin=NEW_YEAR, lost=[70])

    found = run(journal=journal, postfix=yearless(mail_log))

    assert found["states"]["matched"] == 119
    assert found["missing"] == [["<70@northlake.example>", "user70@gmail.com"]]


def test_a_hole_of_the_log_over_midnight_between_two_files_makes_nothing_missing(run):
    """Half an hour is gone at the end of one file and at the beginning of the next; one message before it is lost."""
    begin = NEW_YEAR - 3_600
    journal, mail_log = small_day(count=360, begin=begin, lost=[30])
    lines = mail_log.splitlines(True)
    since, until = ("2026-12-31T23:45", "2027-01-01T00:15")
    files = [
        "".join(line for line in lines if line[: len(since)] < since),
        "".join(line for line in lines if line[: len(until)] >= until),
    ]

    found = run(journal=journal, postfix=files)

    assert found["missing"] == [["<30@northlake.example>", "user30@gmail.com"]]
    assert found["causes"] == {"log gap": 60}
    assert (found["states"]["matched"], found["states"]["ambiguous"]) == (299, 60)


def test_what_both_sides_delivered_is_a_duplicate_however_long_its_message_id_is(run):
    journal, mail_log = small_day()
    clock, long = BEGAN + 500, "x" * 10_240
    longer = [text.replace("<99@", f"<99{long}@") for text in (accepted(99, clock), kumo(99, clock + 2))]
    cut = delivered(99, clock + 1).replace("<99@northlake.example>", f"<99{long}"[:1_900])

    found = run(journal=journal + longer[0], postfix=mail_log + cut, kumomta=longer[1])

    assert found["duplicate"] == [[f"<99{long}@northlake.example>", "user99@gmail.com"]]
    assert found["causes"] == {"once by each server": 1}


@PARTS
def test_near_the_end_of_a_log_what_it_never_named_is_missing_and_what_it_took_is_in_flight(run, parts):
    """Deliveries take half a minute; the log says at once what it takes, and ends 40 seconds after these two."""
    clocks = {number: BEGAN + 30 * number for number in range(1, 61)}
    journal = "".join(accepted(number, clock) for number, clock in clocks.items())
    both = "".join(accepted(number, clocks[60] - 10) for number in (98, 99))
    came = "".join(delivered(number, clock, times=0) for number, clock in clocks.items())
    ended = "".join("".join(delivered(number, clock + 30).splitlines(True)[1:]) for number, clock in clocks.items())

    found = run(*parts, journal=journal + both, postfix=came + ended + delivered(99, clocks[60] - 10, times=0))

    assert found["missing"] == [["<98@northlake.example>", "user98@gmail.com"]]
    assert (found["states"]["in flight"], found["states"]["matched"]) == (1, 60)


@PARTS
@pytest.mark.parametrize(("days", "state"), [(7, "in flight"), (9, "missing")])
def test_what_was_put_off_is_in_flight_until_no_queue_can_hold_it_any_more(run, parts, days, state):
    put_off = delivered(7, BEGAN + 60).replace("dsn=2.0.0, status=sent (250 Ok)", "dsn=4.2.1, status=deferred (busy)")
    later = BEGAN + days * 24 * 3600
    journal = accepted(7, BEGAN + 59) + accepted(8, BEGAN + 61) + accepted(9, later)

    found = run(*parts, journal=journal, postfix=put_off + delivered(8, BEGAN + 62) + delivered(9, later + 1))

    assert found["states"] == {**dict.fromkeys(found["states"], 0), "matched": 2, state: 1}
