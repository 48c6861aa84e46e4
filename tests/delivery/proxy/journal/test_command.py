"""`./gatepost journal`: a line a transaction."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from delivery.proxy.journal.command import main
from portal.cli import main as gatepost
from tests.delivery.proxy.journal.messages import REPLY, intent, played


@pytest.fixture
def told(tmp_path):
    """Four transactions, one of each outcome, by outcome."""

    async def send(journal):
        sent = {name: intent(journal, b"<%b@x>" % name.encode()) for name in ("accepted", "refused", "unknown")}
        for name, one in sent.items():
            await journal.intend(one)
            if name != "unknown":
                journal.conclude(one.id, name, REPLY if name == "accepted" else b"550-5.7.1 no\r\n550 5.7.1 never")
        again = intent(journal, b"<accepted@x>")
        journal.note(again, "repeated", REPLY)
        return sent | {"repeated": again}

    return played(tmp_path, send)


def test_each_transaction_is_a_json_line(told, tmp_path, capsys):
    code = main([str(tmp_path), "--json"])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert {line["outcome"]: line["id"] for line in lines} == {name: one.id for name, one in told.items()}
    by_outcome = {line["outcome"]: line for line in lines}
    assert by_outcome["accepted"]["message_id"] == "<accepted@x>"
    assert by_outcome["accepted"]["reply"] == REPLY.decode()
    assert by_outcome["refused"]["reply"] == "550-5.7.1 no\r\n550 5.7.1 never"
    assert by_outcome["unknown"]["concluded"] is None
    assert by_outcome["repeated"]["recipients"] == ["ann@mail.example"]
    assert {line["backend"] for line in lines} == {"new"}


def test_one_outcome_can_be_asked_for(told, tmp_path, capsys):
    code = main([str(tmp_path), "--outcome", "unknown"])

    (line,) = capsys.readouterr().out.splitlines()
    assert code == 0
    assert line.endswith(f"{told['unknown'].id} new <unknown@x> news@shop.example -> ann@mail.example unknown")


def test_a_damaged_line_is_passed_over_and_counted(told, tmp_path, capsys):
    (path,) = tmp_path.glob("p0/*.tsv")
    path.write_bytes(path.read_bytes().replace(b"<refused@x>", b"<refusEd@x>"))

    code = main([str(tmp_path), "--json"])

    out, err = capsys.readouterr()
    assert code == 0
    assert {json.loads(line)["outcome"] for line in out.splitlines()} == {"accepted", "unknown", "repeated"}
    assert "1 line is damaged" in err


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path, capsys):
    code = main([str(tmp_path / "none")])

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err == f"{tmp_path / 'none'} cannot be read: No such file or directory.\n"


def test_it_is_reached_from_the_command_line(told, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code = gatepost(["journal", str(tmp_path), "--outcome", "accepted"])

    assert code == 0
    assert told["accepted"].id in capsys.readouterr().out


def test_the_statement_of_its_page_reads_the_same_from_the_files(told, tmp_path):
    page = (Path(__file__).parents[4] / "docs" / "proxy-journal.md").read_text(encoding="utf-8")
    statement = re.search(r"```sql\n(.*?)```", page, re.DOTALL)[1].replace("DIR/", f"{tmp_path}/")

    rows = duckdb.connect().execute(statement).fetchall()

    assert {(row[0], row[2]) for row in rows} == {(told[name].id, name) for name in ("accepted", "refused")}
    assert {row[3] for row in rows} == {REPLY.decode(), "550-5.7.1 no%0D%0A550 5.7.1 never"}
