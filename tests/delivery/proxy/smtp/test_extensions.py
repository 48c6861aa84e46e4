import pytest

from delivery.proxy.smtp.commands import Refused
from delivery.proxy.smtp.extensions import (
    OF_MAIL,
    OF_RCPT,
    check_parameters,
    fit_parameters,
    missing_extension,
    read_extensions,
    shared_extensions,
)
from delivery.proxy.smtp.replies import Reply

POSTFIX = read_extensions(
    Reply(
        250,
        b"250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n250-AUTH PLAIN LOGIN\r\n"
        b"250-AUTH=PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n"
        b"250-SMTPUTF8\r\n250 CHUNKING\r\n",
    )
)
KUMO = read_extensions(
    Reply(250, b"250-new Aloha\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8bitmime\r\n"),
)


def test_keywords_are_read_in_capitals_with_what_stands_behind():
    assert POSTFIX[b"SIZE"] == b"10240000"
    assert POSTFIX[b"AUTH"] == b"PLAIN LOGIN PLAIN LOGIN"
    assert KUMO == {b"PIPELINING": b"", b"ENHANCEDSTATUSCODES": b"", b"8BITMIME": b""}


def test_only_what_both_have_is_offered():
    assert set(shared_extensions([POSTFIX, KUMO])) == {b"PIPELINING", b"8BITMIME", b"ENHANCEDSTATUSCODES"}


def test_chunking_is_never_offered_nor_what_the_proxy_does_not_know():
    offered = shared_extensions([POSTFIX, POSTFIX])

    assert set(offered) == {b"PIPELINING", b"SIZE", b"ENHANCEDSTATUSCODES", b"8BITMIME", b"DSN", b"SMTPUTF8"}


@pytest.mark.parametrize(
    ("old", "new", "own", "size"),
    [(b"100", b"200", 0, b"100"), (b"100", b"200", 50, b"50"), (b"", b"0", 0, b"0"), (b"0", b"70", 0, b"70")],
)
def test_the_smallest_size_is_offered(old, new, own, size):
    assert shared_extensions([{b"SIZE": old}, {b"SIZE": new}], own)[b"SIZE"] == size


def test_a_backend_nobody_has_seen_yet_does_not_narrow_the_offer():
    assert b"DSN" in shared_extensions([POSTFIX, None])
    assert set(shared_extensions([None, None])) == {b"PIPELINING", b"8BITMIME", b"ENHANCEDSTATUSCODES"}


@pytest.mark.parametrize(
    ("parameters", "allowed"),
    [
        ({b"RET": b"FULL"}, OF_MAIL),
        ({b"XOORG": b"x"}, OF_MAIL),
        ({b"SIZE": b"1"}, OF_RCPT),
        ({b"BODY": b"BINARYMIME"}, OF_MAIL),
    ],
)
def test_what_was_not_offered_is_refused(parameters, allowed):
    with pytest.raises(Refused) as refused:
        check_parameters(parameters, allowed, shared_extensions([KUMO]))

    assert refused.value.reply.code in {555, 501}


def test_what_was_offered_is_taken():
    check_parameters({b"SIZE": b"1", b"BODY": b"8bitmime", b"RET": b"HDRS"}, OF_MAIL, shared_extensions([POSTFIX]))


def test_a_backend_gets_only_parameters_it_understands():
    asked = {b"SIZE": b"1", b"BODY": b"8BITMIME", b"ENVID": b"x"}

    assert fit_parameters(asked, KUMO) == {b"BODY": b"8BITMIME"}
    assert fit_parameters(asked, POSTFIX) == asked


def test_what_a_message_cannot_do_without_is_named_where_a_backend_lacks_it():
    plain = {b"PIPELINING": b""}

    assert missing_extension({b"BODY": b"8bitmime"}, plain) == b"8BITMIME"
    assert missing_extension({b"SMTPUTF8": None, b"BODY": b"8BITMIME"}, KUMO) == b"SMTPUTF8"
    assert missing_extension({b"BODY": b"7BIT", b"SIZE": b"1", b"RET": b"FULL"}, plain) == b""
    assert missing_extension({b"SMTPUTF8": None, b"BODY": b"8BITMIME"}, POSTFIX) == b""
