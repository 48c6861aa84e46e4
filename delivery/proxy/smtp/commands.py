"""Commands of a client, read as far as the proxy has to understand them."""

from __future__ import annotations

import re
from typing import NamedTuple

from delivery.proxy.smtp.replies import Reply, own

# A path in angle brackets, whose local part may be quoted; a source route before it is dropped (RFC 5321, appendix C).
PATH = re.compile(rb"""\s*<(?:@[^:<>"]*:)?((?:"(?:[^"\\]|\\.)*"|[^<>"\\])*)>(?:\s+(.*))?$""")
# The same, as nearly all clients write it: no quotes, no route, no parameters.
PLAIN = re.compile(rb"""<([^\s<>"\\:,@][^\s<>"\\:,]*)>""").fullmatch
# Clients in the field leave the brackets out, and both MTAs may take that.
NAKED = re.compile(rb"""\s*([^\s<>"]+)(?:\s+(.*))?$""")
PARAMETER = re.compile(rb"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e\x80-\xff]+))?$")

BAD_MAIL = own(501, "5.5.4", "Syntax: MAIL FROM:<address>")
BAD_RCPT = own(501, "5.5.4", "Syntax: RCPT TO:<address>")
BAD_PARAMETER = own(501, "5.5.4", "A parameter is malformed or stands there twice")


class Refused(Exception):  # noqa: N818 (reads better where it is raised)
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


class Path(NamedTuple):
    """`text` is the argument as the client wrote it, up to the parameters, with its keyword."""

    address: bytes
    text: bytes
    parameters: dict[bytes, bytes | None]


def read_command(line: bytes) -> tuple[bytes, bytes]:
    """Its verb, in capitals, and what follows."""
    verb, _, argument = line.partition(b" ")
    return verb.upper(), argument.strip()


def read_sender(argument: bytes) -> Path:
    return read_path(argument, b"FROM:", BAD_MAIL)


def read_recipient(argument: bytes) -> Path:
    path = read_path(argument, b"TO:", BAD_RCPT)
    if not path.address:
        raise Refused(BAD_RCPT)
    return path


def read_path(argument: bytes, keyword: bytes, refusal: Reply) -> Path:
    """Raises Refused."""
    if argument[: len(keyword)].upper() != keyword:
        raise Refused(refusal)
    if plain := PLAIN(argument, len(keyword)):
        return Path(plain[1], argument, {})
    rest = argument[len(keyword) :]
    found = PATH.match(rest) or NAKED.match(rest)
    if found is None:
        raise Refused(refusal)
    address, parameters = found.group(1), found.group(2)
    text = argument[: len(keyword) + (found.start(2) if parameters is not None else len(rest))].rstrip()
    return Path(address, text, read_parameters(parameters) if parameters else {})


def read_parameters(text: bytes) -> dict[bytes, bytes | None]:
    """By keyword in capitals; None where a keyword has no value."""
    found: dict[bytes, bytes | None] = {}
    for word in text.split():
        matched = PARAMETER.match(word)
        keyword = matched.group(1).upper() if matched else b""
        if matched is None or keyword in found:
            raise Refused(BAD_PARAMETER)
        found[keyword] = matched.group(2)
    return found


def write_parameters(parameters: dict[bytes, bytes | None]) -> bytes:
    if not parameters:
        return b""
    return b"".join(b" " + key + (b"" if value is None else b"=" + value) for key, value in parameters.items())
