"""What is wrong with a file is told; the rest of it, and every other file, counts as before."""

import bz2
import gzip
import json
import lzma
import random
import time

import pytest
import zstandard

from benchmarks.planted.story import tell
from delivery.reconciliation.command import main

KINDS = ("journal", "postfix", "powermta", "kumomta")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return tell(tmp_path_factory.mktemp("logs"), seed=9, messages=1_000, is_gap_planted=False)


@pytest.fixture
def reconcile(planted, tmp_path, capsys):
    """With the files of one kind changed; or with others in their place."""

    def run(kind, change):
        files = dict(planted.files)
        files[kind] = []
        for path in planted.files[kind]:
            changed = tmp_path / path.name
            changed.write_bytes(change(path.read_bytes()))
            files[kind].append(changed)
        words = [word for name, paths in files.items() for word in (f"--{name}", *map(str, paths))]
        assert main([*words, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        return found, [found["lines"][str(path)] for path in files[kind]]

    return run


def keys(listed):
    return {tuple(each) for each in listed}


def assert_all_found(found, truth):
    assert keys(found["missing"]) == truth.missing
    assert keys(found["duplicate"]) == truth.duplicate
    assert found["ambiguous"] == []
    assert found["causes"] == {cause: len(keys) for cause, keys in truth.causes.items()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_packed_files_say_the_same(reconcile, planted, kind, pack):
    found, lines = reconcile(kind, pack)

    assert_all_found(found, planted.truth)
    assert all(each["troubles"] == [] for each in lines)
    assert [each["read"] for each in lines] == [path.read_bytes().count(b"\n") for path in planted.files[kind]]


def with_rubbish(content):
    lines, dice = content.split(b"\n"), random.Random(3)
    for place in range(10):
        lines.insert(1 + place * len(lines) // 12, dice.randbytes(300).replace(b"\n", b""))
    return b"\n".join(lines)


def with_zeros(content):
    lines = content.split(b"\n")
    return b"\n".join([*lines[:7], bytes(5000), *lines[7:]])


def with_a_long_line(content):
    lines = content.split(b"\n")
    return b"\n".join([*lines[:7], b"x" * 5_000_000, *lines[7:]])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("change", "spoilt"), [(with_rubbish, 10), (with_zeros, 1), (with_a_long_line, 1)])
def test_rubbish_is_counted_and_shown_by_its_place_and_the_rest_is_read(reconcile, planted, kind, change, spoilt):
    found, lines = reconcile(kind, change)

    assert_all_found(found, planted.truth)
    assert [each["not_understood"] for each in lines] == [spoilt] * len(lines)
    assert all(sample["offset"] is not None for each in lines for sample in each["first"])


@pytest.mark.parametrize("kind", ["postfix", "powermta", "kumomta"])
def test_a_frame_that_is_cut_short_makes_nothing_missing_or_duplicate(reconcile, planted, kind):
    def cut(content):
        packed = zstandard.compress(content)
        return packed[: len(packed) * 9 // 10]

    found, lines = reconcile(kind, cut)

    assert keys(found["missing"]) <= planted.truth.missing
    assert keys(found["duplicate"]) <= planted.truth.duplicate
    assert found["causes"]["log gap"] > 0
    assert all("breaks off" in each["troubles"][0] for each in lines)


def test_accounting_without_a_header_line_covers_nothing(reconcile, planted):
    found, lines = reconcile("powermta", lambda content: content.split(b"\n", 1)[1])

    assert lines[0]["not_understood"] == lines[0]["read"]
    assert keys(found["missing"]) <= planted.truth.missing


@pytest.mark.parametrize("year", [b"1970", b"2038"])
def test_a_clock_in_another_year_is_shown_and_nothing_else_changes(reconcile, planted, year):
    found, lines = reconcile("kumomta", lambda content: content.replace(b'"2026-', b'"%b-' % year))

    assert keys(found["missing"]) == planted.truth.missing
    assert keys(found["duplicate"]) == planted.truth.duplicate
    assert abs(lines[0]["clock_ahead"]) > 10 * 365 * 86_400


def test_two_zones_in_one_log_change_nothing(reconcile, planted):
    def shift_half(content):
        lines = content.split(b"\n")
        half = len(lines) // 2
        return b"\n".join(lines[:half] + [line.replace(b"+00:00", b"+02:00") for line in lines[half:]])

    found, _ = reconcile("postfix", shift_half)

    assert keys(found["missing"]) == planted.truth.missing
    assert keys(found["duplicate"]) == planted.truth.duplicate


HOSTILE = [
    "",
    "<>",
    "no brackets at all",
    "=?UTF-8?B?PDE5?= =?UTF-8?B?PjE=?=",
    "<'; DROP TABLE seen; --@x>",
    '<"quoted, with a comma"@x>',
    "<%s{}$file\\n@x>",
    "<" + "long" * 2_600 + "@x>",
    "<status=sent, to=<a@b>, @x>",
    "<Ünïcödé-ключ-鍵@x>",
]


@pytest.mark.parametrize("message_id", HOSTILE)
def test_whatever_stands_for_a_message_id_is_compared_as_it_is(tmp_path, capsys, message_id):
    (tmp_path / "journal").write_text(
        "".join(
            json.dumps(
                {
                    "id": f"t{number}",
                    "time": 1795168800 + number,
                    "backend": "old",
                    "message_id": message_id,
                    "recipients": [f"user{number}@b.example"],
                    "outcome": "accepted",
                }
            )
            + "\n"
            for number in range(3)
        )
    )
    clock = time.strftime("%b %e %H:%M:%S", time.gmtime(1795168801))
    end = time.strftime("%b %e %H:%M:%S", time.gmtime(1795169801))
    shown = f"message-id={message_id}"[:1_980]
    (tmp_path / "mail.log").write_text(
        "".join(
            f"{clock} a postfix/cleanup[7]: 4B{number}C3D4E: {shown}\n"
            f"{clock} a postfix/smtp[7]: 4B{number}C3D4E: to=<user{number}@b.example>, relay=x[192.0.2.1]:25, delay=1, "
            "delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)\n"
            for number in range(2)
        )
        + f"{end} a postfix/qmgr[7]: 4B0C3D4E: removed\n{end} a postfix/cleanup[7]: 4FFC3D4E: message-id=<last@x>\n"
    )

    code = main(["--journal", str(tmp_path / "journal"), "--postfix", str(tmp_path / "mail.log"), "--json"])

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["missing"] == [[message_id, "user2@b.example"]]
    assert found["states"]["matched"] == 2
    assert found["lines"][str(tmp_path / "mail.log")]["not_understood"] == 0
