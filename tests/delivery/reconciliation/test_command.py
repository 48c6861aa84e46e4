"""What `gatepost reconcile` may be told of memory and parts, and what it does with it."""

import json

import pytest

from benchmarks.planted.story import tell
from delivery.reconciliation import command, partitions
from delivery.reconciliation.command import Amount, main

BYTES = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


@pytest.fixture
def limits(monkeypatch):
    """The limit of the engine that reads and judges, and that of each part."""
    told = {"all": [], "part": []}

    def noted(name, module):
        opened = module.open_engine

        def note(**options):
            engine = opened(**options)
            number, unit = engine.value("SELECT current_setting('memory_limit')").split()
            told[name].append(float(number) * BYTES[unit])
            return engine

        monkeypatch.setattr(module, "open_engine", note)

    noted("all", command)
    noted("part", partitions)
    return told


@pytest.fixture
def here(monkeypatch):
    """Parts are worked on in this process, as many at a time as were asked for."""
    asked = []

    def run(self, step):
        asked.append(self.workers)
        for part in range(self.count):
            partitions.PARTS[step](self, part)

    monkeypatch.setattr(partitions.Partitions, "run", run)
    return asked


@pytest.mark.parametrize(("memory", "threads", "parts"), [("400MB", 2, 3), ("1%", 2, 3), ("0.4 GB", 3, 2)])
def test_all_engines_that_work_at_a_time_share_the_memory(tmp_path, capsys, limits, here, memory, threads, parts):
    words = tell(tmp_path, seed=5, messages=50).words()
    assert main([*words, "--memory", memory, "--json"]) == 0
    (whole,), limits["all"][:] = limits["all"], []
    at_once = json.loads(capsys.readouterr().out)

    code = main([*words, "--memory", memory, "--threads", str(threads), "--partitions", str(parts), "--json"])

    assert code == 0
    assert json.loads(capsys.readouterr().out) == at_once
    assert set(here) == {min(threads, parts)}
    assert len(limits["part"]) == 2 * parts
    assert limits["all"][0] + here[0] * max(limits["part"]) == pytest.approx(whole, rel=0.01)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--partitions", "-1", "'-1' is no count; write a whole number from 1 up"),
        ("--partitions", "0", "'0' is no count"),
        ("--partitions", "many", "'many' is no count"),
        ("--threads", "0", "'0' is no count"),
        ("--memory", "much", "'much' is no amount of memory; write it as 500MB, 2GB or 50%"),
        ("--memory", "500", "'500' is no amount of memory"),
        ("--memory", "0MB", "'0MB' is no amount of memory"),
        ("--memory", "120%", "'120%' is no amount of memory"),
    ],
)
def test_what_is_no_count_and_no_amount_is_refused_with_a_sentence(tmp_path, capsys, option, value, said):
    words = tell(tmp_path, seed=5, messages=50).words()

    with pytest.raises(SystemExit) as ended:
        main([*words, f"{option}={value}"])

    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (2, "")
    assert f"argument {option}: {said}" in printed.err


@pytest.mark.parametrize("more", [[], ["--partitions", "2"]])
def test_too_little_memory_is_told_with_a_sentence(tmp_path, capsys, more):
    words = tell(tmp_path, seed=5, messages=50).words()

    code = main([*words, "--memory", "0.5MB", *more])

    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert printed.err == "--memory 0.5MB is too little for these files. Give more. Nothing was compared.\n"
    assert Amount(1, "GB").share(4) == "0.250GB"


def test_without_a_file_it_says_how_it_is_called(capsys):
    with pytest.raises(SystemExit) as ended:
        main([])

    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (2, "")
    assert "usage: gatepost reconcile" in printed.err
    assert "name a journal or a log to read" in printed.err


def test_a_line_whose_place_is_not_known_is_told_in_words():
    assert command.place_of(None) == "at a place that is not known"
    assert command.place_of(0) == "at byte 0"
