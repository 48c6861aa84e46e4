import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.proxy.smtp.body import LONGEST_HEADER, Body

PLAIN = b"Subject: one\r\nMessage-ID: <1@example.com>\r\n\r\nHello.\r\n..hidden dot\r\n. \r\n.x\r\n"


def fed(chunks):
    """What passed, what came behind the end, and the body itself."""
    body, passed = Body(), b""
    for number, chunk in enumerate(chunks):
        out, rest = body.feed(chunk)
        passed += out
        if body.has_ended:
            return passed, rest + b"".join(chunks[number + 1 :]), body
    return passed, b"", body


def test_a_message_ends_at_its_dot_and_what_follows_is_the_next_command():
    passed, rest, body = fed([PLAIN + b".\r\nQUIT\r\n"])

    assert passed == PLAIN
    assert rest == b"QUIT\r\n"
    assert body.has_ended
    assert not body.fault
    assert body.size == len(PLAIN)
    assert body.digest.hexdigest() == hashlib.sha256(PLAIN).hexdigest()


def test_a_message_may_be_empty():
    passed, rest, body = fed([b".\r\nNOOP\r\n"])

    assert (passed, rest, body.has_ended, body.header) == (b"", b"NOOP\r\n", True, b"")


def test_the_header_block_stops_before_the_empty_line():
    _, _, body = fed([PLAIN])

    assert body.has_header
    assert not body.has_ended
    assert body.header == b"Subject: one\r\nMessage-ID: <1@example.com>\r\n"


def test_a_message_without_header_begins_with_an_empty_line():
    _, _, body = fed([b"\r", b"\nonly text\r\n"])

    assert body.has_header
    assert body.header == b""


def test_a_message_without_empty_line_is_all_header():
    _, _, body = fed([b"just a line\r\n", b".\r\n"])

    assert body.has_header
    assert body.header == b"just a line\r\n"


def test_a_header_that_never_ends_is_not_waited_for():
    body = Body()

    body.feed(b"X: y\r\n" * (LONGEST_HEADER // 6 + 2))

    assert body.has_header
    assert not body.has_ended


# The forms of the public smuggling cases, and those with a NUL beside the dot.
AMBIGUOUS = [
    b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\rx", b"\n.\rx", b"\r.\n", b"\r\n.\r\r\n",
    b"\r\r\n.\r\r\n", b"\r\n\0.\r\n", b"\r\n.\0\r\n", b"\r\n.\0\0\n", b"\n\0\0.\n", b"\n.\r\r\n", b"\r\0.\0\r",
]  # fmt: skip


@pytest.mark.parametrize("form", AMBIGUOUS, ids=repr)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_what_only_some_servers_take_for_the_end_is_never_passed_on(form, size):
    smuggled = b"Subject: x\r\n\r\nfirst" + form + b"MAIL FROM:<evil@example.com>\r\n"
    sent = smuggled + b"\r\n.\r\nQUIT\r\n"

    passed, rest, body = fed([sent[at : at + size] for at in range(0, len(sent), size)])

    assert body.fault
    assert body.has_ended
    assert rest == b"QUIT\r\n"
    assert b"MAIL" not in passed
    assert not passed.endswith((b".\n", b".\r", b".\0"))
    assert smuggled.startswith(passed)


@pytest.mark.parametrize(
    "text", [b"1.\r\n2.\n3.\r4", b"\r\n..\r\n", b"\n..\n", b"a\0.\r\nb", b"\r\n.\0\0\0\r\nx", b"\r\n.."]
)
def test_dots_that_no_server_takes_for_the_end_pass(text):
    passed, rest, body = fed([b"Subject: x\r\n\r\n" + text + b"\r\n.\r\n"])

    assert passed == b"Subject: x\r\n\r\n" + text + b"\r\n"
    assert rest == b""
    assert not body.fault


PIECES = st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"..", b"\0", b"x", b"MAIL", b".\r\n"]), max_size=30)


@given(pieces=PIECES, cuts=st.lists(st.integers(0, 80), max_size=12))
def test_it_does_not_matter_where_the_network_cuts(pieces, cuts):
    sent = b"".join(pieces) + b"\r\n.\r\n"
    edges = sorted({0, len(sent), *(min(cut, len(sent)) for cut in cuts)})
    chunks = [sent[a:b] for a, b in pairwise(edges) if a < b]

    whole, cut = fed([sent]), fed(chunks)

    assert (cut[1], cut[2].fault, cut[2].has_ended) == (whole[1], whole[2].fault, True)
    if not whole[2].fault:
        assert cut[0] == whole[0]
        assert (cut[2].header, cut[2].digest.digest()) == (whole[2].header, whole[2].digest.digest())


@given(pieces=PIECES)
def test_what_passes_without_fault_has_no_end_in_any_reading(pieces):
    passed, _, body = fed([b"".join(pieces) + b"\r\n.\r\n"])

    if not body.fault:
        lines = (b"\r\n" + passed).replace(b"\0", b"").replace(b"\r", b"\n").split(b"\n")
        lone = [line for line in lines if line == b"."]
        looked_through = b"\0\0\0" in passed
        assert lone == [] or looked_through
