"""Files that overlap, journals with hashed recipients, and logs that carry the number of the proxy."""

import gzip
import json

import pytest

from benchmarks.planted.story import tell
from delivery.proxy.journal import Secrecy
from delivery.reconciliation.command import main

MOMENT = 1_795_168_800
SECRET = b"a secret of more than sixteen bytes"


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return tell(tmp_path_factory.mktemp("logs"), seed=12, messages=1_500, is_gap_planted=False)


@pytest.fixture
def run(capsys):
    def reconcile(files, *more, code=0):
        words = [word for kind, paths in files.items() for word in (f"--{kind}", *map(str, paths))]
        assert main([*words, "--json", *map(str, more)]) == code
        said = capsys.readouterr()
        return json.loads(said.out) if code == 0 else said.err

    return reconcile


def without_lines(found):
    return {name: value for name, value in found.items() if name != "lines"}


@pytest.mark.parametrize("kind", ["journal", "postfix", "powermta", "kumomta"])
def test_a_file_and_its_packed_copy_count_once(planted, run, tmp_path, kind):
    copies = []
    for path in planted.files[kind]:
        copies.append(tmp_path / f"{path.name}.gz")
        copies[-1].write_bytes(gzip.compress(path.read_bytes()))

    found = run({**planted.files, kind: [*planted.files[kind], *copies]})

    assert without_lines(found) == without_lines(run(planted.files))
    assert {tuple(key) for key in found["duplicate"]} == planted.truth.duplicate


@pytest.mark.parametrize("kind", ["journal", "postfix", "powermta", "kumomta"])
def test_rotations_that_overlap_count_once(planted, run, tmp_path, kind):
    parts = []
    for path in planted.files[kind]:
        lines = path.read_bytes().splitlines(keepends=True)
        head = lines[:1] if kind == "powermta" else []
        cut, again = len(lines) // 2, len(lines) // 2 - len(lines) // 50
        for name, some in (("1", lines[:cut]), ("2", head + lines[again:])):
            parts.append(tmp_path / f"{path.name}.{name}")
            parts[-1].write_bytes(b"".join(some))

    found = run({**planted.files, kind: parts})

    assert without_lines(found) == without_lines(run(planted.files))
    assert kind == "journal" or sum(lines["again"] for lines in found["lines"].values()) > 0


def entry(number, message_id, recipient, **more):
    told = {"time": MOMENT + number, "backend": "new", "message_id": message_id, "outcome": "accepted"}
    return json.dumps({"id": f"t{number}", **told, "recipients": [recipient], **more}) + "\n"


def record(number, message_id, recipient, trace, *, place="headers", name="X-Gatepost-Id"):
    told = {"type": "Delivery", "id": f"s{number}", "sender": "s@x", "recipient": recipient, "queue": "b.example"}
    return (
        json.dumps(
            {
                **told,
                "timestamp": MOMENT + number + 1,
                "meta": {"message_id": message_id},
                "headers": {},
                place: {**({"message_id": message_id} if place == "meta" else {}), name: trace},
            }
        )
        + "\n"
    )


@pytest.mark.parametrize(("place", "name"), [("headers", "X-Gatepost-Id"), ("meta", "x_gatepost_id")])
def test_one_lost_and_one_twice_of_a_message_id_that_was_used_again_are_told_apart(run, tmp_path, place, name):
    (tmp_path / "journal").write_text("".join(entry(number, "<same@x>", "a@b") for number in (1, 2)))
    seen = [
        record(1, "<same@x>", "a@b", "t2", place=place, name=name),
        record(2, "<same@x>", "a@b", "t2", place=place, name=name),
    ]
    (tmp_path / "kumo").write_text("".join(seen) + record(2000, "<other@x>", "z@z", "t9"))

    found = run({"journal": [tmp_path / "journal"], "kumomta": [tmp_path / "kumo"]})

    assert found["missing"] == [["<same@x>", "a@b"]]
    assert found["duplicate"] == [["<same@x>", "a@b"]]


def test_messages_without_message_id_are_told_apart_by_the_number_of_the_proxy(run, tmp_path):
    (tmp_path / "journal").write_text("".join(entry(number, "", "a@b") for number in range(3)))
    head = "Nov 20 10:00:{:02} a postfix/{}[7]: 4B{}C3D4E: "
    lines = []
    for number in (0, 2, 2):
        place = len(lines)
        name = f"{number}{place}"
        lines.append(
            head.format(10 + number, "cleanup", name)
            + f"message-id=<2026.{name}@mta>\n"
            + head.format(10 + number, "cleanup", name)
            + f"info: header X-Gatepost-Id: t{number} from x[192.0.2.1]; from=<s@x> to=<a@b> proto=ESMTP helo=<x>\n"
            + head.format(12 + number, "smtp", name)
            + "to=<a@b>, relay=x[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (250 Ok)\n"
        )
    later = "Nov 20 11:00:00 a postfix/cleanup[7]: 4FFC3D4E: message-id=<last@x>\n"
    (tmp_path / "mail.log").write_text("".join(lines) + later)
    (tmp_path / "journal").write_text((tmp_path / "journal").read_text().replace('"new"', '"old"'))

    found = run({"journal": [tmp_path / "journal"], "postfix": [tmp_path / "mail.log"]})

    assert (found["missing"], found["duplicate"]) == ([["", "a@b"]], [["", "a@b"]])
    assert found["states"]["matched"] == 1


def test_intents_and_outcomes_may_be_objects_of_their_own_and_go_by_other_names(run, tmp_path):
    intents = [
        {"event": "intent", "txn": number, "ts": MOMENT + number, "side": "new", "mid": f"<{number}>", "rcpts": ["a@b"]}
        for number in range(3)
    ]
    outcomes = [
        {"event": "outcome", "txn": number, "status": status} for number, status in ((0, "accepted"), (1, "refused"))
    ]
    (tmp_path / "journal").write_text("".join(json.dumps(each) + "\n" for each in (*intents, *outcomes)))
    (tmp_path / "kumo").write_text(record(0, "<0>", "a@b", "") + record(2000, "<other@x>", "z@z", ""))

    found = run({"journal": [tmp_path / "journal"], "kumomta": [tmp_path / "kumo"]})

    assert (found["recipients"], found["states"]["matched"], found["missing"]) == (1, 1, [])
    assert found["lines"][str(tmp_path / "journal")]["not_understood"] == 0


def test_hashed_recipients_are_compared_with_the_key_and_only_with_it(planted, run, tmp_path):
    (tmp_path / "key").write_bytes(SECRET)
    (tmp_path / "other").write_bytes(SECRET[::-1])
    secrecy, lines = Secrecy(SECRET), []
    for line in planted.files["journal"][0].read_text().splitlines():
        read = json.loads(line)
        read["recipients"] = [secrecy.hashed(each.encode()).decode() for each in read["recipients"]]
        lines.append(json.dumps(read) + "\n")
    (tmp_path / "journal").write_text("".join(lines))
    files = {**planted.files, "journal": [tmp_path / "journal"]}

    found = run(files, "--recipients-key", tmp_path / "key")

    assert found["states"] == run(planted.files)["states"]
    truth = {(key, secrecy.hashed(recipient.encode()).decode()) for key, recipient in planted.truth.missing}
    assert {tuple(key) for key in found["missing"]} == truth
    assert "--recipients-key" in run(files, code=2)
    assert "no recipient of the logs" in run(files, "--recipients-key", tmp_path / "other", code=2)
