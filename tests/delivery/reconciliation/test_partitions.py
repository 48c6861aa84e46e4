"""In parts that know nothing of each other the same comes out as at once."""

import gzip
import json
import random
import shutil
from pathlib import Path

import pytest
import zstandard

from benchmarks.planted.story import tell
from delivery.reconciliation.command import main
from tests.delivery.reconciliation.stranger.story import tell as tell_stranger


def reconciled(capsys, *words):
    code = main([*words, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert code == 0
    return found


def lists_of(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_parts_find_every_planted_fault_its_cause_and_the_balance_as_one_does(tmp_path, capsys):
    planted = tell(tmp_path, seed=2, messages=4_000)
    words = planted.words()

    at_once = reconciled(capsys, *words, "--csv", str(tmp_path / "at-once"))
    in_parts = reconciled(capsys, *words, "--csv", str(tmp_path / "in-parts"), "--partitions", "3")

    assert in_parts == at_once
    assert {tuple(key) for key in in_parts["missing"]} == planted.truth.missing
    assert {tuple(key) for key in in_parts["duplicate"]} == planted.truth.duplicate
    assert lists_of(tmp_path / "in-parts") == lists_of(tmp_path / "at-once")


def test_parts_of_another_estate_with_rotated_logs_say_what_one_says(tmp_path, capsys):
    world, words = tell_stranger(tmp_path, 2, 2_000, "halves")

    at_once = reconciled(capsys, *words)
    in_parts = reconciled(capsys, *words, "--partitions", "5")

    assert in_parts == at_once
    assert {tuple(key) for key in in_parts["duplicate"]} == world.duplicate


def test_a_log_that_is_given_twice_counts_once_in_parts_too(tmp_path, capsys):
    planted = tell(tmp_path, seed=3, messages=500)
    log = planted.files["postfix"][0]
    copy = shutil.copy(log, tmp_path / "copy.log")

    once = reconciled(capsys, *planted.words(), "--partitions", "2")
    twice = reconciled(capsys, *planted.words(), "--postfix", str(copy), "--partitions", "2")

    assert twice["states"] == once["states"]
    assert twice["balance"] == once["balance"]
    assert twice["lines"][str(copy)]["again"] > 0


@pytest.mark.parametrize("kind", ["postfix", "kumomta"])
def test_without_a_journal_each_side_is_held_against_itself_in_parts_too(tmp_path, capsys, kind):
    planted = tell(tmp_path, seed=4, messages=500)
    words = [f"--{kind}", *map(str, planted.files[kind])]

    at_once = reconciled(capsys, *words)
    in_parts = reconciled(capsys, *words, "--partitions", "2")

    assert in_parts == at_once
    assert in_parts["recipients"] > 0


def test_more_parts_than_rows_change_nothing(tmp_path, capsys):
    log = tmp_path / "mail.log"
    log.write_text(
        "Nov 20 00:00:00 mta1 postfix/cleanup[1]: 4F00AA: message-id=<1@x>\n"
        "Nov 20 00:00:01 mta1 postfix/smtp[2]: 4F00AA: to=<a@b>, relay=x[192.0.2.1]:25, status=sent (250 ok)\n"
    )

    found = reconciled(capsys, "--postfix", str(log), "--partitions", "8")

    assert found["states"]["matched"] == 1
    assert found["recipients"] == 1


def test_a_journal_of_hashes_is_refused_in_parts(tmp_path, capsys):
    entry = {"id": "1", "time": 1795168800, "backend": "old", "message_id": "<1@x>", "outcome": "accepted"}
    journal = tmp_path / "journal.jsonl"
    journal.write_text(json.dumps({**entry, "recipients": ["0" * 32 + "@b"]}) + "\n")

    code = main(["--journal", str(journal), "--partitions", "2", "--json"])

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert said.err.endswith("Run it without --partitions. Nothing was compared.\n")


def test_nothing_is_left_of_the_parts(tmp_path, capsys):
    planted = tell(tmp_path, seed=5, messages=50)
    spill = tmp_path / "spill"
    spill.mkdir()

    reconciled(capsys, *planted.words(), "--partitions", "2", "--spill", str(spill))

    assert list(spill.iterdir()) == []


def shuffled(words, folder, dice):
    """The same files, unpacked, their lines in another order; only the head of an accounting file stays where it is."""
    folder.mkdir()
    made, kind = [], ""
    for word in words:
        if word.startswith("--"):
            kind = word
            made.append(word)
            continue
        path = Path(word)
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        elif kind == "--kumomta":
            content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        lines = content.splitlines(keepends=True)
        head = [lines.pop(0)] if kind == "--powermta" else []
        dice.shuffle(lines)
        made.append(str(folder / path.name))
        (folder / path.name).write_bytes(b"".join([*head, *lines]))
    return made


@pytest.mark.parametrize("more", [["--threads", "1"], ["--partitions", "3"]])
@pytest.mark.parametrize("seed", [6, 7])
def test_the_order_of_lines_changes_nothing(tmp_path, capsys, seed, more):
    (tmp_path / "told").mkdir()
    world, words = tell_stranger(tmp_path / "told", seed, 3_000, "halves")

    in_order = reconciled(capsys, *words, "--csv", str(tmp_path / "in-order"))
    words = shuffled(words, tmp_path / "shuffled", random.Random(seed))
    found = reconciled(capsys, *words, "--csv", str(tmp_path / "another"), *more)

    assert list(in_order.pop("lines").values()) == list(found.pop("lines").values())
    assert found == in_order
    assert {tuple(key) for key in found["duplicate"]} == world.duplicate
    files = lists_of(tmp_path / "another")
    told, moved = str(tmp_path / "told"), str(tmp_path / "shuffled")
    assert {name: text.replace(moved, told) for name, text in files.items()} == lists_of(tmp_path / "in-order")
