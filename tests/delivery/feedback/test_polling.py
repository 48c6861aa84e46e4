"""A round over a mailbox reads what came after the last UID, within its bounds, and changes nothing there."""

import dataclasses
import socket
import ssl

import pytest

from core.webhooks.posting import AddressRefused
from delivery.feedback import imap, polling
from delivery.feedback.imap import Account, connect
from delivery.feedback.limits import load_limits
from delivery.feedback.polling import look_into
from tests.delivery.feedback.imap_server import NAME, PASSWORD, USER, Shelf, imap_server
from tests.factories.feedback import sample

ACCOUNT = Account(NAME, 993, USER, PASSWORD, "INBOX")
OTHER = b"Subject: Hello\r\nFrom: a@example.org\r\n\r\nHow are you?\r\n"
BOUNCE = "postfix-gmail-unknown"


@pytest.fixture
def bounded(monkeypatch):
    """The limits, some of them other ones."""

    def bound(**limits):
        other = dataclasses.replace(load_limits(), **limits)
        monkeypatch.setattr(polling, "load_limits", lambda: other)
        monkeypatch.setattr(imap, "load_limits", lambda: other)

    return bound


def look(folder, shelf, *, account=ACCOUNT, validity=None, last_uid=0, **asked):
    with imap_server(folder, shelf, is_starttls=account.port == 143) as (reach, trust):
        return look_into(account, validity=validity, last_uid=last_uid, **{"reach": reach, "trust": trust, **asked})


@pytest.mark.parametrize("port", [993, 143])
def test_what_came_is_read_over_tls_and_nothing_is_marked(tmp_path, port):
    shelf = Shelf({7: sample(BOUNCE), 9: OTHER})

    found = look(tmp_path, shelf, account=dataclasses.replace(ACCOUNT, port=port))

    assert (found.said, found.validity, found.last_uid, found.count, found.is_more) == ("", 1, 9, 2, False)
    assert len(found.reading.items) == 1
    assert found.reading.passed.total() == 1
    verbs = {command.split()[0] for command in shelf.heard}
    assert verbs - {"STARTTLS"} == {"CAPABILITY", "AUTHENTICATE", "EXAMINE", "FETCH", "UID", "LOGOUT"}
    assert all("BODY.PEEK" in command for command in shelf.heard if command.startswith("UID"))


@pytest.mark.parametrize("last_uid", [0, 1, 2, 29, 30, 57, 58, 60])
def test_the_next_round_begins_after_the_last_uid_wherever_that_is(tmp_path, last_uid):
    shelf = Shelf(dict.fromkeys(range(2, 60, 3), OTHER))

    found = look(tmp_path, shelf, validity=1, last_uid=last_uid)

    fetched = [int(command.split()[2]) for command in shelf.heard if command.startswith("UID")]
    assert found.said == ""
    assert fetched == [uid for uid in shelf.uids() if uid > last_uid]
    assert found.last_uid == max(last_uid, 59)
    assert not found.is_anew


def test_a_mailbox_that_was_put_up_anew_is_read_from_its_beginning(tmp_path):
    found = look(tmp_path, Shelf({1: OTHER, 2: OTHER}, validity=8), validity=7, last_uid=900)

    assert (found.is_anew, found.validity, found.last_uid, found.count) == (True, 8, 2, 2)


def test_a_round_is_bounded_by_messages_and_by_bytes_and_the_next_reads_on(tmp_path, bounded):
    shelf = Shelf(dict.fromkeys(range(1, 8), OTHER))
    bounded(mailbox_messages=4)
    first = look(tmp_path, shelf)
    bounded(mailbox_bytes=2 * len(OTHER))
    second = look(tmp_path, shelf, validity=1, last_uid=first.last_uid)

    assert (first.last_uid, first.is_more) == (4, True)
    assert (second.last_uid, second.is_more, second.said) == (6, True, "")


def test_a_message_that_is_too_large_is_told_and_not_fetched(tmp_path):
    shelf = Shelf({1: OTHER, 2: OTHER}, sizes={1: load_limits().message_bytes + 1})

    found = look(tmp_path, shelf)

    assert [(one.place, one.said) for one in found.reading.strange] == [(1, "It is larger than 10 MB.")]
    assert found.last_uid == 2
    assert not any(command.startswith("UID FETCH 1 ") for command in shelf.heard)


def test_a_server_that_sends_more_than_it_says_is_left(tmp_path, bounded, monkeypatch):
    monkeypatch.setattr(imap, "SPARE", 2000)
    bounded(mailbox_bytes=1000, message_bytes=1000)

    found = look(tmp_path, Shelf({1: b"Subject: x\r\n\r\n" + b"x" * 9000}, sizes={1: 10}))

    assert "more bytes than a round may take" in found.said
    assert (found.count, found.last_uid, found.reading.items) == (0, 0, {})


def test_what_was_read_before_the_line_broke_is_kept_and_the_rest_is_not_counted(tmp_path):
    found = look(tmp_path, Shelf({1: sample(BOUNCE), 2: OTHER, 3: OTHER}, dies_at=3))

    assert NAME in found.said
    assert (found.last_uid, found.count, len(found.reading.items)) == (2, 2, 1)


def test_a_message_that_is_gone_meanwhile_holds_nothing_up(tmp_path):
    shelf = Shelf({1: OTHER, 2: b"", 3: OTHER})

    found = look(tmp_path, shelf)

    assert (found.said, found.last_uid, found.count) == ("", 3, 2)


def test_a_test_reads_nothing(tmp_path):
    shelf = Shelf({1: OTHER})

    found = look(tmp_path, shelf, is_test=True)

    assert (found.said, found.held, found.count, found.last_uid, found.validity) == ("", 1, 0, 0, None)
    assert not any("FETCH" in command for command in shelf.heard)


def test_a_wrong_password_is_told_in_the_words_of_the_server_without_the_password(tmp_path):
    wrong = dataclasses.replace(ACCOUNT, password="a wrong one")
    by_plain = look(tmp_path, Shelf(), account=wrong)
    by_login = look(tmp_path, Shelf(capabilities="IMAP4rev1"), account=wrong)

    assert "(password) is wrong" in by_plain.said
    assert 'you said "bounces@example.com" "(password)"' in by_login.said
    assert "a wrong one" not in by_plain.said + by_login.said + repr(wrong)


def test_a_server_without_plain_is_told_by_login_and_what_it_cannot_be_told_is_said(tmp_path):
    shelf = Shelf({1: OTHER}, capabilities="IMAP4rev1")

    plain = look(tmp_path, shelf, account=dataclasses.replace(ACCOUNT, password="plain"))
    accented = look(tmp_path, shelf)

    assert (plain.said, plain.count) == ("", 1)
    assert "ASCII only" in accented.said


def test_a_strange_certificate_is_not_trusted_and_nothing_is_told_to_it(tmp_path):
    shelf = Shelf({1: OTHER})

    for port in (993, 143):
        account = dataclasses.replace(ACCOUNT, port=port)
        found = look(tmp_path, shelf, account=account, trust=ssl.create_default_context())
        assert "certificate" in found.said

    assert not {"AUTHENTICATE PLAIN", "LOGIN"} & set(shelf.heard)


def test_a_folder_that_is_not_there_is_said(tmp_path):
    found = look(tmp_path, Shelf(), account=dataclasses.replace(ACCOUNT, folder='My "box'))

    assert 'does not open My "box' in found.said


def test_an_address_that_is_not_public_is_never_reached(monkeypatch):
    rows = [(0, 0, 0, "", ("10.0.0.5", 993))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: rows)

    found = look_into(ACCOUNT, validity=None, last_uid=0)

    assert "10.0.0.5, which is no public address" in found.said
    with pytest.raises(AddressRefused):
        connect(NAME, 993)


def test_a_server_that_says_nothing_is_left(monkeypatch, bounded):
    bounded(mailbox_whole=1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = look_into(
            dataclasses.replace(ACCOUNT, port=143),
            validity=None,
            last_uid=0,
            reach=lambda host, port: socket.create_connection(silent.getsockname(), 20),
        )

    assert NAME in found.said
