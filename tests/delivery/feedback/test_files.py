import bz2
import gzip
import io
import lzma
import tarfile

import pytest
import zstandard

from delivery.feedback.files import FileForm, read_file
from delivery.feedback.limits import Unreadable
from delivery.feedback.message import Form
from delivery.feedback.records import Strange
from discovery.maillog.files import opened
from tests.factories.feedback import mbox, sample

LIMIT = 100 * 1024 * 1024
NAMES = ("qmail-words", "postfix-gmail-unknown", "out-of-office", "yahoo-complaint")


def read(content, limit=LIMIT):
    return read_file(opened(io.BytesIO(content)), limit=limit)


def recipients(reading):
    return [item.told.recipient for item in reading.items.values()]


def maildir():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in NAMES:
            member = tarfile.TarInfo(f"Maildir/new/{name}")
            member.size = len(sample(name))
            archive.addfile(member, io.BytesIO(sample(name)))
    return out.getvalue()


EXPECTED = ["abe@qm.example.net", "bea@qm.example.net", "anna@gmail.com", "kay@yahoo.com"]


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress]
)
@pytest.mark.parametrize("content", [mbox(*NAMES), maildir()], ids=["mbox", "maildir"])
def test_a_mailbox_is_read_message_by_message_however_it_is_packed(content, pack):
    reading = read(pack(content))

    assert reading.form is FileForm.MAIL
    assert recipients(reading) == EXPECTED
    assert reading.passed == {Form.AUTO_REPLY: 1}
    assert reading.strange_count == 0


def test_one_message_is_a_mailbox_of_one():
    assert recipients(read(sample("postfix-gmail-unknown"))) == ["anna@gmail.com"]


def test_a_message_that_stands_twice_in_it_counts_once():
    reading = read(mbox("postfix-gmail-unknown", "postfix-gmail-unknown"))

    assert (len(reading.items), reading.repeated) == (1, 1)


def test_a_line_of_a_message_that_begins_with_from_parts_nothing():
    message = sample("qmail-words").replace(b"Thank you.", b"Thank you.\n\nFrom all of us, until Monday!")

    assert recipients(read(b"From x Tue Nov 10 09:00:05 2026\n" + message)) == EXPECTED[:2]


def test_a_message_beyond_the_limit_is_passed_over_and_the_next_is_read():
    large = b"From x Tue Nov 10 09:00:05 2026\nSubject: x\n\n" + b"y" * 11_000_000 + b"\n\n"

    reading = read(large + mbox("postfix-gmail-unknown"))

    assert reading.strange == [Strange(1, "It is larger than 10 MB.")]
    assert recipients(reading) == ["anna@gmail.com"]


def test_what_comes_before_damage_is_read():
    content = mbox(*NAMES)
    cut = gzip.compress(content)[:-40]

    reading = read(cut)

    assert recipients(reading)[:2] == EXPECTED[:2]
    assert reading.strange[-1].said == "The file is damaged; what came before the damage was read."


def test_an_archive_that_is_cut_gives_what_came_before():
    reading = read(maildir()[:7000])

    assert recipients(reading)[:2] == EXPECTED[:2]
    assert reading.strange[-1].said.startswith("The archive is damaged")


@pytest.mark.parametrize("content", [b"\x00\xff\x00", b"hello there\n", b"%PDF-1.7\n", b""])
def test_a_file_of_no_known_kind_is_refused_with_what_is_read_here(content):
    with pytest.raises(Unreadable, match="It is none of the files that are read here"):
        read(content)


def test_a_small_file_that_unpacks_without_end_is_refused():
    with pytest.raises(Unreadable, match="far larger than its packed size"):
        read(gzip.compress(mbox("qmail-words") + b"x" * 5_000_000), limit=1_000_000)


def test_the_accounting_of_powermta_and_the_log_of_kumomta_are_told_apart():
    accounting = b"type,rcpt,dsnStatus,dsnAction\r\nb,a@x.example,5.1.1,failed\r\n"
    log = b'{"type": "Bounce", "recipient": "b@x.example", "response": {"code": 550}}\n'

    assert (read(accounting).form, recipients(read(accounting))) == (FileForm.POWERMTA, ["a@x.example"])
    assert (read(log).form, recipients(read(log))) == (FileForm.KUMOMTA, ["b@x.example"])
