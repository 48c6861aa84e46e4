"""What EHLO offers: what both backends can do, and what the proxy can do on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.proxy.smtp.commands import Refused
from delivery.proxy.smtp.replies import Reply, own

if TYPE_CHECKING:
    from collections.abc import Iterable

Extensions = dict[bytes, bytes]

# Passed through, so both have to have them. CHUNKING is not among them: a message comes with DATA only, whose end one
# can look for. PIPELINING is the proxy's own: it answers in order, whatever stands behind.
SHARED = (b"8BITMIME", b"SMTPUTF8", b"DSN", b"ENHANCEDSTATUSCODES")
PARAMETERS = {
    b"SIZE": b"SIZE",
    b"BODY": b"8BITMIME",
    b"SMTPUTF8": b"SMTPUTF8",
    b"RET": b"DSN",
    b"ENVID": b"DSN",
    b"NOTIFY": b"DSN",
    b"ORCPT": b"DSN",
    b"AUTH": b"AUTH",
}
OF_MAIL = frozenset({b"SIZE", b"BODY", b"SMTPUTF8", b"RET", b"ENVID", b"AUTH"})
OF_RCPT = frozenset({b"NOTIFY", b"ORCPT"})
NOT_OFFERED = own(555, "5.5.4", "A parameter is not supported here")
BODY_NOT_OFFERED = own(501, "5.5.4", "BODY is 7BIT or 8BITMIME")


def read_extensions(reply: Reply) -> Extensions:
    """Of a positive reply to EHLO: keywords in capitals, with what stands behind them."""
    lines = [line[4:].strip() for line in reply.raw.split(b"\r\n")[1:] if line]
    words = (line.replace(b"=", b" ", 1).partition(b" ") for line in lines)
    found: Extensions = {}
    for keyword, _, arguments in words:
        before = found.get(keyword.upper())
        found[keyword.upper()] = arguments if before is None else before + b" " + arguments
    return found


def shared_extensions(backends: Iterable[Extensions | None], largest: int = 0) -> Extensions:
    """What all have of whom anything is known. `largest` is the proxy's own limit of a message; 0 is none."""
    known = [one for one in backends if one is not None]
    found: Extensions = {b"PIPELINING": b""}
    if not known:
        return found | {b"8BITMIME": b"", b"ENHANCEDSTATUSCODES": b""}
    found |= {name: b"" for name in SHARED if all(name in one for one in known)}
    if all(b"SIZE" in one for one in known):
        sizes = [int(one[b"SIZE"]) for one in known if one[b"SIZE"].isdigit()] + [largest]
        found[b"SIZE"] = b"%d" % min((size for size in sizes if size), default=0)
    return found


def check_parameters(parameters: dict[bytes, bytes | None], allowed: frozenset[bytes], offered: Extensions) -> None:
    """Raises Refused for what was not offered."""
    for keyword in parameters:
        if keyword not in allowed or PARAMETERS[keyword] not in offered:
            raise Refused(NOT_OFFERED)
    if (body := parameters.get(b"BODY")) and body.upper() not in {b"7BIT", b"8BITMIME"}:
        raise Refused(BODY_NOT_OFFERED)


def missing_extension(parameters: dict[bytes, bytes | None], backend: Extensions) -> bytes:
    """What a message of these parameters needs and this backend does not offer; empty where there is nothing.

    It was offered to the client before this backend was seen, and nobody here converts.
    """
    if b"SMTPUTF8" in parameters and b"SMTPUTF8" not in backend:
        return b"SMTPUTF8"
    is_8bit = (parameters.get(b"BODY") or b"").upper() == b"8BITMIME"
    return b"8BITMIME" if is_8bit and b"8BITMIME" not in backend else b""


def fit_parameters(parameters: dict[bytes, bytes | None], backend: Extensions) -> dict[bytes, bytes | None]:
    """Those that this backend understands. What it may not do without is asked before: `missing_extension`."""
    return {keyword: value for keyword, value in parameters.items() if PARAMETERS[keyword] in backend}
