"""What stands before the text of a line: stamp, host, program. One shape for each way in which logs are written.

A file keeps to one or two shapes, so the fast reader compiles its pattern for the shape it meets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
MONTH = rb"(?:" + rb"|".join(MONTHS) + rb")"

# The hour as it stands in the line is the key of all figures by time; what follows it is finer than an hour.
SHAPES: tuple[tuple[str, bytes, bytes], ...] = (
    ("rfc3164", MONTH + rb" [ \d]\d \d\d", rb":\d\d:\d\d(?:\.\d{1,6})?"),
    ("rfc3339", rb"\d{4}-\d\d-\d\d[T ]\d\d", rb":\d\d:\d\d(?:[.,]\d{1,9})?"),
    ("year first", rb"\d{4} " + MONTH + rb" [ \d]\d \d\d", rb":\d\d:\d\d(?:\.\d{1,6})?"),
)
OFFSET = rb"Z|[+-]\d\d:?\d\d"
PRIORITY = rb"(?:<\d{1,3}>(?:1 )?)?"
PROGRAM = rb"[A-Za-z0-9_.$@+-][^\s\[:]*"

# host and program, or the program alone as containers print it; the number of the process may be missing
ANY_LINE = re.compile(
    rb"^" + PRIORITY + rb"(?:" + rb"|".join(b"(%s)(%s)" % (hour, rest) for _, hour, rest in SHAPES) + rb")"
    rb"(" + OFFSET + rb")? +(?:(?!postfix[^ ]*/)([^\s\[]+) +)?(" + PROGRAM + rb")(?:\[\d+\])?: "
)
NO_STAMP = re.compile(rb"^" + PRIORITY + rb"(" + PROGRAM + rb"/[a-z-]+)(?:\[\d+\])?: ")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment as it is written: the hour with its date, minutes and seconds, and the offset if there is one."""

    hour: bytes
    rest: bytes = b""
    offset: bytes = b""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The parts before the text; `source` is host and program as one word for the caches, `text` begins at `begin`."""

    shape: int
    stamp: Stamp
    source: bytes
    begin: int


def read_envelope(line: bytes) -> Envelope | None:
    """The envelope of a line; None for what is not a line of syslog. Without stamp, the hour is empty."""
    if match := ANY_LINE.match(line):
        groups = match.groups()
        shape = next(index for index in range(len(SHAPES)) if groups[2 * index] is not None)
        stamp = Stamp(groups[2 * shape], groups[2 * shape + 1], groups[-3] or b"")
        host = groups[-2] or b""
        return Envelope(shape, stamp, (host + b" " if host else b"") + groups[-1], match.end())
    if bare := NO_STAMP.match(line):
        return Envelope(-1, Stamp(b""), bare[1], bare.end())
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """Who wrote a line: the host ("" where the log names none), the syslog name and the program of Postfix."""

    host: str
    syslog_name: str
    program: str


PROGRAMS = frozenset(
    b"smtpd cleanup qmgr nqmgr smtp lmtp local virtual pipe error discard bounce pickup postscreen postsuper postdrop"
    b" sendmail script postfix-script anvil scache tlsmgr tlsproxy dnsblog verify trivial-rewrite master postlog flush"
    b" proxymap showq spawn oqmgr qmqpd postqueue postmap postalias postlogd postcat postkick trace defer".split()
)


@cache
def source_of(source: bytes) -> Source | None:
    """None when it is not a program of Postfix. Split at the last slash: `postfix-out/submission/smtpd`."""
    host, _, tag = source.rpartition(b" ")
    name, slash, program = tag.rpartition(b"/")
    if not slash or program not in PROGRAMS:
        return None
    host = host.rpartition(b" ")[2]
    return Source(host.decode("ascii", "replace"), name.decode("ascii", "replace"), program.decode())


def program_of(source: bytes) -> str:
    found = source_of(source)
    return found.program if found else ""
