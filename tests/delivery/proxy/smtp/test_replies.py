from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.proxy.smtp.replies import BrokenReplyError, Reply, ReplyReader

EHLO = b"250-mx.example.com\r\n250-SIZE 1000\r\n250 8BITMIME\r\n"


def test_replies_are_cut_and_kept_as_they_came():
    reader = ReplyReader()

    found = reader.feed(b"220 ready\r\n" + EHLO + b"451 4.7.1 later\r\n25")

    assert found == [Reply(220, b"220 ready\r\n"), Reply(250, EHLO), Reply(451, b"451 4.7.1 later\r\n")]
    assert not reader.is_empty
    assert reader.feed(b"0 2.0.0 queued as 4711\r\n") == [Reply(250, b"250 2.0.0 queued as 4711\r\n")]
    assert reader.is_empty


def test_a_reply_with_bare_line_feeds_is_passed_on_with_whole_line_ends():
    assert ReplyReader().feed(b"250-one\n250 two\n") == [Reply(250, b"250-one\r\n250 two\r\n")]


def test_a_reply_may_be_a_code_alone():
    assert ReplyReader().feed(b"250\r\n") == [Reply(250, b"250\r\n")]


@pytest.mark.parametrize("sent", [b"hello\r\n", b"25\r\n", b"250_x\r\n", b"\r\n", b"HTTP/1.1 400\r\n", b"9" * 5000])
def test_what_is_no_reply_is_told(sent):
    with pytest.raises(BrokenReplyError):
        ReplyReader().feed(sent)


def test_a_reply_without_end_is_not_kept_for_ever():
    reader = ReplyReader()

    with pytest.raises(BrokenReplyError, match="65536"):
        reader.feed((b"250-" + b"x" * 1000 + b"\r\n") * 100)


@given(cuts=st.lists(st.integers(0, len(EHLO))))
def test_it_does_not_matter_where_the_network_cuts(cuts):
    edges = sorted({0, len(EHLO), *cuts})
    reader = ReplyReader()

    found = [reply for a, b in pairwise(edges) for reply in reader.feed(EHLO[a:b])]

    assert found == [Reply(250, EHLO)]


@pytest.mark.parametrize(
    ("code", "positive", "transient"), [(250, True, False), (354, False, False), (421, False, True)]
)
def test_the_class_of_a_reply(code, positive, transient):
    reply = Reply(code, b"")

    assert (reply.is_positive, reply.is_transient) == (positive, transient)
