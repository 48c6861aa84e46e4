"""What one may type, and what is answered when it is wrong."""

import pytest

from portal import cli


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])

    assert ended.value.code == 0
    said = capsys.readouterr().out
    for command in ("up", "test", "audit", "verify", "shell", "manage"):
        assert f"./gatepost {command}" in said


@pytest.mark.parametrize("words", [[], ["fly"], ["up", "--port", "seventy"], ["up", "--port", "0"], ["up", "--fast"]])
def test_what_is_not_understood_is_refused_with_a_sentence(words, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(words)

    assert ended.value.code == 2
    assert "./gatepost" in capsys.readouterr().err


def test_trouble_with_the_disk_is_one_line(monkeypatch, capsys):
    def run(*_):
        raise OSError(28, "No space left on device", "var/log/web.log")

    monkeypatch.setattr(cli, "run", run)

    assert cli.main(["manage", "check"]) == 1
    assert capsys.readouterr().err == "gatepost: var/log/web.log No space left on device\n"


def test_a_database_of_ones_own_is_used_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://db.internal/portal")

    assert cli.provide_database(tmp_path / "postgres") is None
    assert not (tmp_path / "postgres").exists()
