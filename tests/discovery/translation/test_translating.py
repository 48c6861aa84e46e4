"""Every detected construct ends in exactly one of three ways, and the set of files says which."""

import json

import pytest

from discovery.postfix import read_path
from discovery.postfix.bundle import Bundle
from discovery.translation import command
from discovery.translation.not_translated import cell
from discovery.translation.outcomes import Fate, counted
from discovery.translation.translating import EMITTERS, translate
from tests.discovery.translation.conftest import KEY, MASTER, SAMPLES
from tests.discovery.translation.test_powermta import CORPUS

ESTATES = [SAMPLES / "single_ip", SAMPLES / "multi_ip", SAMPLES / "multi_instance"]


def of(files, target="powermta"):
    bundle = Bundle.of({f"etc/postfix/{name}": text.encode() for name, text in files.items()})
    return translate(bundle, target, secret_key=KEY)


@pytest.mark.parametrize("target", sorted(EMITTERS))
@pytest.mark.parametrize("folder", ESTATES, ids=lambda path: path.name)
def test_detected_is_written_plus_not_translated_plus_dropped(folder, target):
    translation = translate(read_path(folder), target, secret_key=KEY)

    assert sum(counted(translation.outcomes).values()) == len(translation.outcomes)
    assert len({outcome.construct.key for outcome in translation.outcomes}) == len(translation.outcomes)
    assert all(outcome.lines or outcome.reasons for outcome in translation.outcomes)
    assert all(outcome.lines for outcome in translation.outcomes if outcome.fate is Fate.WRITTEN)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason="the corpus lies in ../shared, which is not here")
@pytest.mark.parametrize("target", sorted(EMITTERS))
@pytest.mark.parametrize("folder", CORPUS, ids=lambda path: path.name[:3])
def test_nothing_of_a_real_configuration_is_left_without_a_word(folder, target):
    translation = translate(read_path(folder), target, secret_key=KEY)

    assert sum(counted(translation.outcomes).values()) == len(translation.outcomes)
    assert [outcome.construct.name for outcome in translation.outcomes if outcome.letter == "not classified"] == []
    assert all(outcome.lines or outcome.reasons for outcome in translation.outcomes)


def test_the_lines_of_the_map_are_the_lines_of_the_file():
    translation = translate(read_path(SAMPLES / "multi_ip"), "powermta", secret_key=KEY)

    config = translation.files["config"].splitlines()

    told = [line for outcome in translation.outcomes for line in outcome.lines]
    assert len(told) > 100
    assert {line.text for line in told if line.text not in config[line.number - 1]} == set()


def test_rows_that_become_something_else_are_written_and_told():
    translation = of({
        "main.cf": "transport_maps = hash:/etc/postfix/transport\n",
        "master.cf": MASTER,
        "transport": "a.example discard:\nb.example error:5.1.1 no\nc.example error:5.1.2 no\n",
    })  # fmt: skip

    found = {each.construct.name: each for each in translation.outcomes if each.construct.kind == "transport result"}

    assert found["discard"].fate is Fate.WRITTEN
    assert found["error"].fate is Fate.WRITTEN
    assert "comes back as a bounce" in found["error"].reasons[0]


def test_a_check_is_not_called_written_because_another_line_has_the_same_word():
    translation = translate(read_path(SAMPLES / "multi_ip"), "powermta", secret_key=KEY)

    fates = {each.construct.name: each.fate for each in translation.outcomes if each.construct.kind == "restriction"}

    assert fates["permit_mynetworks"] is Fate.WRITTEN
    assert fates["check_recipient_access"] is Fate.LEFT


def test_the_command_writes_the_set_and_prints_the_map(tmp_path, capsys):
    code = command.main([str(SAMPLES / "multi_ip"), "--target", "powermta", "--out", str(tmp_path / "set"), "--json"])

    said = json.loads(capsys.readouterr().out)
    rows = json.loads((tmp_path / "set" / "map.json").read_text())
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "set").iterdir()) == ["NOT-TRANSLATED.md", "config", "map.json"]
    assert (said["constructs"], sum(said["fates"].values())) == (len(rows), len(rows))
    assert {"construct", "file", "line", "target", "class", "emitted"} <= rows[0].keys()


@pytest.mark.parametrize("path", ["/nowhere/at/all", "."])
def test_what_cannot_be_read_is_said_in_one_sentence_and_nothing_is_written(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    code = command.main([path, "--target", "powermta", "--out", str(tmp_path / "set")])

    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (2, "", 1)
    assert not (tmp_path / "set").exists()


def test_an_output_that_cannot_be_written_is_said(tmp_path, capsys):
    (tmp_path / "set").write_text("a file")

    code = command.main([str(SAMPLES / "single_ip"), "--target", "powermta", "--out", str(tmp_path / "set")])

    assert (code, "cannot be written" in capsys.readouterr().err) == (2, True)


def written_to(folder, sample="single_ip", target="powermta"):
    return command.main([str(SAMPLES / sample), "--target", target, "--out", str(folder)])


def test_a_folder_with_the_set_of_another_target_is_refused_and_stays_as_it_is(tmp_path, capsys):
    written_to(tmp_path, target="kumomta")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    capsys.readouterr()

    code = written_to(tmp_path)

    said = capsys.readouterr()
    assert (code, said.out, "holds a set for KumoMTA" in said.err, said.err.count("\n")) == (2, "", True, 1)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_files_of_an_earlier_set_that_the_new_one_lacks_are_named(tmp_path, capsys):
    row = {"target": "powermta", "emitted": [{"file": "old.conf", "line": 1, "text": "x"}]}
    (tmp_path / "map.json").write_text(json.dumps([row]))
    (tmp_path / "old.conf").write_text("x")

    refused = written_to(tmp_path)
    said = capsys.readouterr().err
    (tmp_path / "old.conf").unlink()

    assert (refused, "old.conf" in said, written_to(tmp_path)) == (2, True, 0)


@pytest.mark.parametrize("text", ["", "{}x", "5", "[1]", '[{"target": []}]'])
def test_a_map_of_something_else_is_not_replaced(text, tmp_path, capsys):
    (tmp_path / "map.json").write_text(text)

    assert written_to(tmp_path) == 2

    assert "is none of a translation" in capsys.readouterr().err
    assert (tmp_path / "map.json").read_text() == text


def test_the_same_set_may_be_written_again(tmp_path):
    assert (written_to(tmp_path), written_to(tmp_path)) == (0, 0)


@pytest.mark.parametrize("target", sorted(EMITTERS))
def test_where_two_counts_of_dropped_differ_a_sentence_says_why(target, tmp_path, capsys):
    translation = translate(read_path(SAMPLES / "multi_ip"), target, secret_key=KEY)
    of_class = translation.coverage.constructs.counts["dropped"]
    gone = counted(translation.outcomes)["dropped"]

    written_to(tmp_path, "multi_ip", target)

    sentence = f"{of_class} have the class dropped and do not count: {gone} became nothing, {of_class - gone} stand"
    differs = of_class != gone
    assert (sentence in capsys.readouterr().out) == differs
    assert (sentence in (tmp_path / "NOT-TRANSLATED.md").read_text()) == differs


@pytest.mark.parametrize("text", ["a | b", "`code`", "<script>", "line\nbreak", "[link](x)"])
def test_a_customers_text_cannot_break_a_table(text):
    assert cell(text).replace("\\|", "").count("|") == 0
    assert "\n" not in cell(text)
    assert "<" not in cell(text).replace("\\<", "")
