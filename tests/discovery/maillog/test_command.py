"""`./gatepost volumes` prints what logs hold, and says in one sentence when they hold nothing."""

import gzip
import json

import pytest

from discovery.maillog.command import main

LINES = (
    "May 16 16:13:26 mta1 postfix/pickup[1]: 4104E3D0AB: uid=0 from=<root>\n"
    "May 16 16:13:26 mta1 postfix/cleanup[1]: 4104E3D0AB: message-id=<1@corp.example>\n"
    "May 16 16:13:27 mta1 postfix/smtp[1]: 4104E3D0AB: to=<a@gmail.com>, relay=mx.google.com[142.250.1.27]:25, delay=1,"
    " delays=0/0/0/1, dsn=2.0.0, status=sent (250 OK)\n"
)


@pytest.fixture
def mail_log(tmp_path):
    path = tmp_path / "mail.log"
    path.write_text(LINES)
    return str(path)


def test_figures_are_printed_for_people(mail_log, capsys):
    code = main([mail_log])

    printed = capsys.readouterr().out
    assert code == 0
    assert "3 lines, 3 of 3 about messages understood" in printed
    assert "Google" in printed


def test_figures_are_printed_for_programs(mail_log, capsys):
    main([mail_log, "--json", "--zone", "Europe/Paris"])

    assert json.loads(capsys.readouterr().out)["sent"] == 1


def test_a_file_that_is_not_there_is_one_sentence(tmp_path, capsys):
    code = main([str(tmp_path / "none.log")])

    assert code == 2
    assert "No such file" in capsys.readouterr().err


def test_a_file_without_mail_is_one_sentence(tmp_path, capsys):
    path = tmp_path / "other.log"
    path.write_text("May 16 16:13:26 mta1 kernel: nothing\n")

    code = main([str(path)])

    assert code == 2
    assert "no line about a message" in capsys.readouterr().err


def test_the_same_file_twice_is_counted_once(mail_log, capsys):
    code = main([mail_log, mail_log, "--json"])

    assert (code, json.loads(capsys.readouterr().out)["sent"]) == (0, 1)


def test_a_packed_copy_is_left_out_and_said(mail_log, tmp_path, capsys):
    copy = tmp_path / "mail.log.gz"
    copy.write_bytes(gzip.compress(LINES.encode()))

    code = main([str(copy), mail_log, "--json"])

    said = capsys.readouterr()
    assert (code, json.loads(said.out)["sent"]) == (0, 1)
    assert (
        said.err
        == f"{copy} begins with the same lines as {mail_log}: it is a copy, or an earlier state, and was left out.\n"
    )


def test_what_stands_before_the_break_of_a_small_packed_log_is_read(tmp_path, capsys):
    path = tmp_path / "cut.log.gz"
    path.write_bytes(gzip.compress(LINES.encode() * 40 + b"x" * 9000)[:-20])

    code = main([str(path)])

    said = capsys.readouterr().out
    assert code == 0
    assert "120 lines" in said or "121 lines" in said
    assert "breaks off" in said


def test_days_and_streams_are_printed(mail_log, capsys):
    main([mail_log])

    said = capsys.readouterr().out
    assert "by transport" in said
    assert said.count("accepted 1  sent 1") == 2
