"""Logs of which it is known what is wrong with them: the report says so, and says nothing else."""

import json

import pytest

from benchmarks.planted.story import tell
from delivery.reconciliation.command import main


def reconciled(planted, capsys, *words):
    code = main([*planted.words(), "--json", *words])
    found = json.loads(capsys.readouterr().out)
    assert code == 0
    return found


def keys(listed):
    return {tuple(each) for each in listed}


@pytest.mark.parametrize(("seed", "is_gap_planted"), [(1, False), (2, True), (3, True)])
def test_every_planted_fault_is_found_and_no_other(tmp_path, capsys, seed, is_gap_planted):
    planted = tell(tmp_path, seed=seed, messages=6_000, is_gap_planted=is_gap_planted)

    found = reconciled(planted, capsys)

    truth = planted.truth
    assert keys(found["missing"]) == truth.missing
    assert keys(found["duplicate"]) == truth.duplicate
    assert keys(found["ambiguous"]) == truth.ambiguous
    assert found["states"]["late"] == len(truth.late)
    assert found["states"]["in flight"] == len(truth.in_flight)
    assert (found["messages"], found["recipients"]) == (truth.messages, truth.recipients)
    assert sum(found["states"].values()) == truth.recipients


@pytest.mark.parametrize("seed", [4, 5])
def test_causes_are_named(tmp_path, capsys, seed):
    planted = tell(tmp_path, seed=seed, messages=6_000)

    found = reconciled(planted, capsys, "--csv", str(tmp_path / "lists"))

    assert found["causes"] == {cause: len(keys) for cause, keys in planted.truth.causes.items()}


def test_without_faults_everything_is_matched_and_the_balance_holds(tmp_path, capsys):
    planted = tell(tmp_path, seed=6, messages=2_000, is_gap_planted=False, faults={})

    found = reconciled(planted, capsys)

    assert found["states"] == {
        "matched": planted.truth.recipients - len(planted.truth.in_flight),
        "missing": 0,
        "duplicate": 0,
        "late": 0,
        "ambiguous": 0,
        "out of window": 0,
        "in flight": len(planted.truth.in_flight),
    }
    assert {side: balance["difference"] for side, balance in found["balance"].items()} == {"old": 0, "new": 0}
    assert all(lines["not_understood"] == 0 for lines in found["lines"].values())


def test_the_report_has_the_parts_that_programs_rely_on(tmp_path, capsys):
    planted = tell(tmp_path, seed=7, messages=50)

    found = reconciled(planted, capsys)

    assert list(found) == [
        "messages",
        "recipients",
        "states",
        "missing",
        "duplicate",
        "ambiguous",
        "causes",
        "balance",
        "lines",
        "accepted_by",
        "notes",
    ]
    assert list(found["lines"]) == [str(path) for paths in planted.files.values() for path in paths]
    assert found["lines"][str(planted.files["journal"][0])]["read"] == len(
        planted.files["journal"][0].read_text().splitlines()
    )


def test_a_file_that_is_not_there_is_named_and_nothing_printed(tmp_path, capsys):
    code = main(["--postfix", str(tmp_path / "none.log"), "--json"])

    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert said.err == f"{tmp_path / 'none.log'} cannot be read: No such file or directory.\n"
