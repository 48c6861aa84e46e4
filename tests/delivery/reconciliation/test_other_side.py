"""A message that the journal gave to one server, but of which the log of the other one tells."""

import csv
import json

import pytest

from delivery.reconciliation.command import main
from tests.factories.traffic import BEGAN, accepted, delivered, kumo


@pytest.fixture
def run(tmp_path, capsys):
    """Plain messages of both sides, and around them what is given; in one piece and in parts."""

    def reconcile(journal, mail_log, segment, *more):
        clocks = {number: BEGAN + 30 * number for number in range(100, 160)}
        plain = [accepted(number, clock, path="new" if number % 2 else "old") for number, clock in clocks.items()]
        old = [delivered(number, clock + 1) for number, clock in clocks.items() if not number % 2]
        new = [kumo(number, clock + 1) for number, clock in clocks.items() if number % 2]
        files = {"journal": [*journal, *plain], "postfix": [*mail_log, *old], "kumomta": [*segment, *new]}
        words = ["--json", "--csv", str(tmp_path / "lists"), *more]
        for kind, lines in files.items():
            (tmp_path / kind).write_text("".join(lines))
            words += [f"--{kind}", str(tmp_path / kind)]
        assert main(words) == 0
        found = json.loads(capsys.readouterr().out)
        return found, {path.stem: list(csv.DictReader(path.open())) for path in (tmp_path / "lists").iterdir()}

    return reconcile


@pytest.mark.parametrize("parts", [[], ["--partitions", "2"]])
@pytest.mark.parametrize("path", ["old", "new"])
def test_what_only_the_other_side_delivered_is_no_match_and_counts_where_it_ended(run, tmp_path, parts, path):
    clock, other, kind = BEGAN + 3_030, {"old": "new", "new": "old"}[path], {"old": "kumomta", "new": "postfix"}[path]
    ended = {"postfix": [], "kumomta": []}
    ended[kind] = [(kumo if kind == "kumomta" else delivered)(7, clock + 1)]

    found, lists = run([accepted(7, clock, path=path)], ended["postfix"], ended["kumomta"], *parts)

    assert found["ambiguous"] == [["<7@northlake.example>", "user7@gmail.com"]]
    assert found["states"] == {**dict.fromkeys(found["states"], 0), "matched": 60, "ambiguous": 1}
    assert found["causes"] == {"ended on the other side": 1}
    assert {side: (each["accepted"], each["delivered"]) for side, each in found["balance"].items()} == {
        path: (30, 30),
        other: (31, 31),
    }
    (row,) = lists["ambiguous"]
    assert (row["path"], row["ended_on"], row["became"], row["file"]) == (
        path,
        other,
        "delivered",
        str(tmp_path / kind),
    )


@pytest.mark.parametrize("parts", [[], ["--partitions", "2"]])
def test_what_each_server_delivered_once_is_told_with_both_ends_and_both_files(run, tmp_path, parts):
    clock = BEGAN + 3_030

    found, lists = run([accepted(7, clock)], [delivered(7, clock + 9)], [kumo(7, clock + 1)], *parts)

    assert found["duplicate"] == [["<7@northlake.example>", "user7@gmail.com"]]
    assert found["causes"] == {"once by each server": 1}
    assert (found["states"]["matched"], found["states"]["ambiguous"]) == (60, 0)
    assert found["balance"]["old"]["delivered"] == 31
    (row,) = lists["duplicate"]
    assert [row[name] for name in ("ended_on", "ended", "file")] == [
        *("old", "2026-11-20T00:50:39Z", str(tmp_path / "postfix"))
    ]
    assert [row[name] for name in ("again_on", "again", "again_became", "again_file")] == [
        *("new", "2026-11-20T00:50:31Z", "delivered", str(tmp_path / "kumomta"))
    ]


def test_two_acceptances_that_crossed_in_time_are_each_answered_by_their_own_side(run):
    clock = BEGAN + 3_030
    journal = [accepted(7, clock), accepted(7, clock + 5, path="new").replace('"t7"', '"t8"')]

    found, _ = run(journal, [delivered(7, clock + 20)], [kumo(7, clock + 6)])

    assert (found["states"]["matched"], found["ambiguous"], found["duplicate"]) == (62, [], [])
    assert found["causes"] == {"application reuse of Message-ID": 1}


def test_after_a_failover_the_server_that_accepted_it_is_the_one_to_compare_with(run):
    clock = BEGAN + 3_030
    tried = accepted(7, clock, path="new").replace('"accepted"', '"refused"')

    found, _ = run([tried, accepted(7, clock + 5)], [delivered(7, clock + 6)], [])

    assert (found["states"]["matched"], found["ambiguous"]) == (61, [])
    assert "ended on the other side" not in found["causes"]
