"""Messages that were made to hurt: each ends in a sentence or is read, within what a message may cost."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.feedback.limits import Unreadable, load_limits
from delivery.feedback.message import Form, read_message

SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parent / "samples").glob("*.eml"))]
REPORT = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"


def nested(depth):
    opening = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(depth)
    )
    return opening + b"Content-Type: text/plain\n\nx\n"


def status(body):
    return REPORT + b"--b\nContent-Type: message/delivery-status\n\n" + body + b"\n--b--\n"


RECIPIENT = b"Final-Recipient: rfc822; a%d@example.org\nAction: failed\nStatus: 5.1.1\n\n"

BOMBS = {
    "nested": (nested(2000), "Its parts are nested more than 8 deep."),
    "parts": (REPORT + b"--b\nContent-Type: text/plain\n\nx\n" * 200_000, "It has more than 100 parts."),
    "size": (b"Subject: x\n\n" + b"x" * 10_500_000, "It is larger than 10 MB."),
    "header": (b"X: " + b"y" * 400_000 + b"\n\nbody", "A header in it is longer than 256 kB."),
    "inner header": (REPORT + b"--b\nX: " + b"y" * 400_000 + b"\n\nz\n", "A header in it is longer than 256 kB."),
    "recipients": (
        status(b"Reporting-MTA: dns; x\n\n" + b"".join(RECIPIENT % number for number in range(6000))),
        "It reports on more than 5,000 recipients.",
    ),
    "blocks": (status(b"a\n\n" * 3_000_000), "It reports on more than 5,000 recipients."),
    "words": (
        b"X-Failed-Recipients: " + b", ".join(b"a%d@x.example" % number for number in range(8000)) + b"\n\nx",
        "It reports on more than 5,000 recipients.",
    ),
    "complaints": (
        b"Content-Type: message/feedback-report\n\n"
        + b"".join(b"Original-Rcpt-To: a%d@x.example\n" % number for number in range(6000)),
        "It reports on more than 5,000 recipients.",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_a_sentence_and_costs_little_memory(name):
    raw, sentence = BOMBS[name]
    load_limits()
    tracemalloc.start()

    with pytest.raises(Unreadable, match=f"^{sentence}$"):
        read_message(raw)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * load_limits().message_bytes


def test_the_largest_report_that_is_taken_is_read_whole():
    blocks = b"".join(RECIPIENT % number for number in range(5000))

    items = read_message(status(b"Reporting-MTA: dns; x\n\n" + blocks)).items

    assert len(items) == 5000
    assert len({item.told.recipient for item in items}) == 5000


def test_a_hostile_original_is_cut_and_never_spoils_the_report():
    raw = status(RECIPIENT % 1).replace(
        b"\n--b--\n",
        b"\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <m@x.example>\nX: " + b"y" * 3_000_000 + b"\n--b--\n",
    )

    (item,) = read_message(raw).items

    assert (item.told.recipient, item.told.message_id) == ("a1@example.org", "<m@x.example>")


@pytest.mark.parametrize("charset", ["punycode", "zlib", "idna", "unicode_escape", "\udcff", "x" * 5000, "utf-7"])
def test_a_character_set_that_mail_does_not_use_is_not_asked_to_decode(charset):
    raw = f"From: MAILER-DAEMON@x.example\nSubject: failure notice\nContent-Type: text/plain; charset={charset}\n\n"
    words = b"<anna@example.org>:\nRemote host said: 550 5.1.1 User unknown\n"

    reading = read_message(raw.encode("utf-8", "surrogateescape") + words)

    assert [item.told.recipient for item in reading.items] == ["anna@example.org"]


@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable", b"x-uuencode", b"7bit"])
def test_a_damaged_encoding_is_read_as_far_as_it_goes(encoding):
    raw = b"Subject: failure notice\nContent-Transfer-Encoding: " + encoding + b"\n\n=ZZ=\xff\x00!!!!"

    assert read_message(raw).form is Form.OTHER


def outcome(raw):
    try:
        reading = read_message(raw)
    except Unreadable as refused:
        return str(refused), ()
    return reading.said, reading.items


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SAMPLES), st.binary(max_size=60), st.floats(0, 1), st.floats(0, 1))
def test_whatever_stands_in_the_middle_of_a_report_it_is_read_or_refused(sample, rubbish, begin, length):
    place = int(begin * len(sample))
    raw = sample[:place] + rubbish + sample[place + int(length * 200) :]

    said, items = outcome(raw)

    assert items or said.endswith(".")
    assert all(letter < "\udc80" or letter > "\udfff" for item in items for letter in item.told.recipient)
