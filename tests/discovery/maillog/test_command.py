"""`./gatepost volumes` prints what logs hold, and says in one sentence when they hold nothing."""

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
