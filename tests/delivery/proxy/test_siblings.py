"""Processes of one host, as they are started: what one is told holds for all."""

import json
import smtplib

from delivery.proxy.control.command import main
from delivery.proxy.journal import read_journal
from tests.delivery.proxy.helms import free_port
from tests.delivery.proxy.test_processes import WORDS, running, sink, wait_until, written

__all__ = ["sink"]  # a fixture
COUNT = 24


def send(port, name):
    """Each message on a connection of its own, so that every process gets some."""
    for number in range(COUNT):
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            client.sendmail(
                "anna@x.example", ["berta@y.example"], f"Message-ID: <{name}{number}@x.example>\r\n\r\nHello\r\n"
            )


def status_of(file, capsys):
    capsys.readouterr()
    code = main(["--config", str(file), "status", "--json"])
    return json.loads(capsys.readouterr().out) if code == 0 else None


def sides_of(folder, name):
    return {entry.backend for entry in read_journal(folder) if name in str(entry.message_id)}


def test_a_rollback_reaches_every_process_at_once_and_the_figures_are_of_all(tmp_path, sink, capsys):
    port, control = free_port(), free_port()
    file = written(tmp_path, port, sink, "processes = 3")
    file.write_text(f'{file.read_text()}[control]\nlisten = "127.0.0.1:{control}"\ntoken = "hush"\n')
    with running([*WORDS, str(file)]):
        wait_until(lambda: len((status_of(file, capsys) or {"processes": []})["processes"]) == 3)
        send(port, "before")

        assert main(["--config", str(file), "rollback"]) == 0
        send(port, "after")

        found = status_of(file, capsys)

    figures = found["figures"]
    assert sides_of(tmp_path / "journal", "before") == {"old", "new"}
    assert sides_of(tmp_path / "journal", "after") == {"old"}
    assert figures["accepted_old"] + figures["accepted_new"] == 2 * COUNT
    assert (found["everything"], found["by"]) == ("old", "rollback")
