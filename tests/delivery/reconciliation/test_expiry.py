"""Messages whose time was over while a filter put them off: no way on, and told by the clock of the journal."""

import csv
import json
from datetime import UTC, datetime

import pytest

from delivery.reconciliation.command import main

BEGIN = 1_795_168_800
AHEAD = 300
FILTER = "127.0.0.1[127.0.0.1]:10026"
OVER = 9_000


def entry(number, recipients, message_id=None):
    told = {"id": f"t{number}", "time": BEGIN + number, "backend": "old", "message_id": message_id or f"<{number}@x>"}
    return json.dumps({**told, "recipients": recipients, "outcome": "accepted", "reply": "250 Ok"}) + "\n"


def line(clock, program, queue_id, text):
    stamp = datetime.fromtimestamp(BEGIN + clock + AHEAD, UTC).isoformat()
    return f"{stamp} mta1 postfix/{program}[7]: {queue_id}: {text}\n"


def attempt(clock, queue_id, recipient, status, relay="x[192.0.2.1]:25"):
    return line(clock, "smtp", queue_id, f"to=<{recipient}>, relay={relay}, delay=1, dsn=2.0.0, status={status} (it)")


def plain(number):
    queue_id = f"4A0{number:03X}"
    return line(number, "cleanup", queue_id, f"message-id=<{number}@x>") + attempt(
        number, queue_id, f"p{number}@b", "sent"
    )


@pytest.fixture
def run(tmp_path, capsys):
    """Many plain messages that tell how far the clock runs ahead, and between them what is given."""

    def reconcile(entries, lines, *more):
        numbers = range(100, 200)
        journal, log, lists = tmp_path / "journal.jsonl", tmp_path / "mail.log", tmp_path / "lists"
        journal.write_text("".join(entries) + "".join(entry(number, [f"p{number}@b"]) for number in numbers))
        tail = line(OVER + 2_000, "cleanup", "4FFFFF", "message-id=<last@x>")
        log.write_text("".join(lines) + "".join(map(plain, numbers)) + tail)
        words = ["--journal", str(journal), "--postfix", str(log), "--json", "--csv", str(lists), *more]
        assert main(words) == 0
        with (lists / "late.csv").open() as rows:
            late = [(row["recipient"], row["ended"], row["became"], row["cause"]) for row in csv.DictReader(rows)]
        return json.loads(capsys.readouterr().out), late

    return reconcile


def over(clock, queue_id):
    return line(clock, "qmgr", queue_id, "from=<s@x>, status=expired, returned to sender")


def told(clock):
    return datetime.fromtimestamp(BEGIN + clock, UTC).isoformat().replace("+00:00", "Z")


PUT_OFF = [
    [attempt(clock, "4B0001", "held@b", "deferred", relay) for clock, relay in ways]
    for ways in (
        [(2, FILTER), (4_000, FILTER)],
        [(2, FILTER), (4_000, "y[192.0.2.2]:25")],
        [(2, "y[192.0.2.2]:25"), (4_000, FILTER)],
    )
]


@pytest.mark.parametrize("more", [[], ["--partitions", "3"]])
@pytest.mark.parametrize("put_off", PUT_OFF)
def test_who_was_put_off_at_a_filter_until_the_time_was_over_did_not_come_back_from_it(run, put_off, more):
    lines = [
        line(0, "cleanup", "4B0001", "message-id=<1@x>"),
        attempt(1, "4B0001", "passed@b", "sent", FILTER),
        line(1, "cleanup", "4B0002", "message-id=<1@x>"),
        attempt(2, "4B0002", "passed@b", "sent"),
        *put_off,
        over(OVER, "4B0001"),
    ]

    found, late = run([entry(0, ["passed@b", "held@b"], "<1@x>")], lines, *more)

    assert late == [("held@b", told(OVER), "expired", "")]
    assert found["causes"] == {"re-injection by a filter": 1}
    assert (found["missing"], found["duplicate"], found["ambiguous"]) == ([], [], [])


@pytest.mark.parametrize("more", [[], ["--partitions", "3"]])
def test_who_was_never_tried_ended_by_the_clock_of_the_journal_too(run, more):
    lines = [line(0, "cleanup", "4B0001", "message-id=<1@x>"), over(OVER, "4B0001")]

    found, late = run([entry(0, ["held@b"], "<1@x>")], lines, *more)

    assert late == [("held@b", told(OVER), "expired", "")]
    assert found["lines"][next(name for name in found["lines"] if name.endswith("mail.log"))]["clock_ahead"] == AHEAD
