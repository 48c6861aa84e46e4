"""A side that cannot be reached is said so, for as long as that is so."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest

from delivery.proxy.control.command import main
from delivery.proxy.control.exposition import exposition
from delivery.proxy.control.words import say_status
from delivery.proxy.figures import DEFERRED, JOURNAL_AVAILABLE, MOVED, UNREACHABLE, Figures
from tests.delivery.proxy.helms import Helm
from tests.delivery.proxy.journal.messages import intent, played
from tests.delivery.proxy.running import Proxy, Sink, free_ports, wait_until

MESSAGE = "Message-ID: <{}@sender.example>\r\n\r\nHello\r\n"
WELL = {"unreachable_since": None, "why": "", "moved": 0, "deferred": 0}


@pytest.fixture
def stage(tmp_path):
    """The new server does not run."""
    ports = free_ports(2)
    old, new = (Sink(tmp_path, name, port) for name, port in zip(("old", "new"), ports, strict=True))
    proxy = Proxy(tmp_path, *ports, share=100)
    for part in (old, proxy):
        part.start()
    yield old, new, proxy
    for part in (proxy, new, old):
        part.end()


def send(proxy, number):
    with smtplib.SMTP("127.0.0.1", proxy.port, timeout=20) as client:
        client.sendmail("ann@sender.example", ["bob@example.org"], MESSAGE.format(number))


def test_a_dead_server_is_named_with_what_became_of_its_messages_until_it_answers(stage):
    old, new, proxy = stage
    for number in range(3):
        send(proxy, number)

    dead = proxy.ask("status")
    old.end()
    with pytest.raises(smtplib.SMTPException, match="451"):
        send(proxy, 3)
    nobody = proxy.ask("status")
    new.start()
    wait_until(lambda: proxy.ask("status")["sides"]["new"] == WELL)

    row = dead["sides"]["new"]
    assert dead["sides"]["old"] == WELL
    assert (row["moved"], row["deferred"]) == (3, 0)
    assert "refused" in row["why"]
    assert datetime.now(UTC) - datetime.fromisoformat(row["unreachable_since"]) < timedelta(minutes=2)
    assert f"\nnew: not reachable since {row['unreachable_since']} ({row['why']}); 3 messages" in say_status(dead)
    assert "Every message hears 451" not in say_status(dead)
    assert "Every message hears 451: neither side can be reached.\n" in say_status(nobody)
    assert nobody["sides"]["old"]["deferred"] + nobody["sides"]["new"]["deferred"] == 1
    assert "new: not reachable" not in say_status(proxy.ask("status"))


def test_what_any_process_met_is_said_for_the_host(tmp_path, capsys):
    with Helm(tmp_path) as helm:
        sibling = Figures(helm.configuration.journal.folder, 1)
        sibling.row[UNREACHABLE["old"]], sibling.row[MOVED["old"]], sibling.row[DEFERRED["old"]] = 1_795_132_800, 2, 7

        assert main(["--config", str(helm.path), "status"]) == 0

        said = capsys.readouterr().out
        since = datetime.fromtimestamp(1_795_132_800, UTC).isoformat()
        assert f"\nold: not reachable since {since}; 2 messages went to the other side, 7 heard 451\n" in said
        assert "new: not reachable" not in said
        assert "Every message" not in said
        told = exposition(helm.steering.figures)
        assert 'gatepost_backend_unreachable{process="1",backend="old"} 1795132800\n' in told
        assert 'gatepost_backend_unreachable{process="0",backend="old"} 0\n' in told
        sibling.close()


def test_a_journal_that_no_process_can_write_is_said_above_all(tmp_path, capsys):
    with Helm(tmp_path) as helm:
        helm.steering.figures.row[JOURNAL_AVAILABLE] = 0

        assert main(["--config", str(helm.path), "status"]) == 0

        assert "\nEvery message hears 451: the journal cannot be written.\n" in capsys.readouterr().out


def test_what_a_killed_process_left_open_is_counted_once_by_its_side(tmp_path):
    async def leave_open(journal):
        await journal.intend(intent(journal))

    played(tmp_path / "journal", leave_open)
    proxy = Proxy(tmp_path, *free_ports(2))

    proxy.start()
    first = proxy.ask("status")["figures"]
    proxy.kill()
    proxy.start()
    second = proxy.ask("status")["figures"]
    proxy.end()

    assert (first["unknown_old"], first["unknown_new"]) == (0, 1)
    assert (second["unknown_old"], second["unknown_new"]) == (0, 1)
