from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.proxy.smtp.commands import (
    PATH,
    PLAIN,
    Path,
    Refused,
    read_command,
    read_recipient,
    read_sender,
    write_parameters,
)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (b"QUIT", (b"QUIT", b"")),
        (b"mail from:<a@b>", (b"MAIL", b"from:<a@b>")),
        (b"EHLO  host ", (b"EHLO", b"host")),
        (b"", (b"", b"")),
    ],
)
def test_a_line_is_a_verb_and_an_argument(line, command):
    assert read_command(line) == command


@pytest.mark.parametrize(
    ("argument", "address", "text", "parameters"),
    [
        (b"FROM:<>", b"", b"FROM:<>", {}),
        (b"FROM:<a@b.example> SIZE=10 body=8BITMIME", b"a@b.example", b"FROM:<a@b.example>",
         {b"SIZE": b"10", b"BODY": b"8BITMIME"}),
        (b"from: <a@b.example> SMTPUTF8", b"a@b.example", b"from: <a@b.example>", {b"SMTPUTF8": None}),
        (b"FROM:a@b.example RET=HDRS", b"a@b.example", b"FROM:a@b.example", {b"RET": b"HDRS"}),
        (b"FROM:<@x.example,@y.example:a@b.example>", b"a@b.example", b"FROM:<@x.example,@y.example:a@b.example>", {}),
        (rb'FROM:<"a> b\"@c"@d.example> SIZE=1', rb'"a> b\"@c"@d.example', rb'FROM:<"a> b\"@c"@d.example>',
         {b"SIZE": b"1"}),
        ("FROM:<jürgen@exämple.com>".encode(), "jürgen@exämple.com".encode(), "FROM:<jürgen@exämple.com>".encode(), {}),
    ],
)  # fmt: skip
def test_a_sender_is_read_and_kept_as_written(argument, address, text, parameters):
    path = read_sender(argument)

    assert (path.address, path.text, path.parameters) == (address, text, parameters)


@pytest.mark.parametrize(
    "argument",
    [
        b"",
        b"TO:<a@b>",
        b"FROM:",
        b"FROM:<a@b",
        b"FROM:<a@b>SIZE=1",
        b"FROM:<a@b> =",
        b"FROM:<a> A=1 a=2",
        b"FROM:<a>b>",
    ],
)
def test_what_is_no_sender_is_refused_with_501(argument):
    with pytest.raises(Refused) as refused:
        read_sender(argument)

    assert refused.value.reply.code == 501


def test_a_recipient_cannot_be_empty():
    with pytest.raises(Refused):
        read_recipient(b"TO:<>")


def test_parameters_are_written_as_they_were_read():
    path = read_recipient(b"TO:<a@b.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a@b.example")

    assert write_parameters(path.parameters) == b" NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a@b.example"


@given(argument=st.binary(max_size=60))
def test_any_bytes_are_a_sender_or_refused(argument):
    with suppress(Refused):
        path = read_sender(b"FROM:" + argument)

        assert (b"FROM:" + argument).startswith(path.text)


@given(
    st.binary(max_size=30).map(lambda address: b"<" + address + b">") | st.from_regex(rb"<[^<>]{1,20}>", fullmatch=True)
)
def test_the_short_way_to_a_plain_address_finds_what_the_long_one_finds(path):
    if PLAIN(path):
        assert read_recipient(b"to:" + path) == Path(PATH.match(path)[1], b"to:" + path, {})
        assert b"@" not in path[:2]
