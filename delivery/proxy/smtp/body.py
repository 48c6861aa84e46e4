"""The content of a message while it passes: where it ends, its header block, size and digest.

Only CRLF.CRLF ends a message. Servers differ in what else they take for it (bare LF or CR, NUL beside the dot); of such
a form nothing that could end it is let through, and the message is refused. See docs/proxy.md.
"""

from __future__ import annotations

import re
from hashlib import sha256

# A dot that some server might take for the last line, unless what stands before it is text.
DOT = re.compile(rb"\.[\r\n\x00]")
LINE_ENDS = b"\r\n"
NULS = 2  # so many beside the dot are looked through
CONTEXT = 1 + NULS + 2  # bytes before a dot that decide
LONGEST_HEADER = 65_536


class Body:
    """`feed` what comes after 354. `fault` is set once the end is ambiguous: nothing is passed on from there."""

    __slots__ = ("digest", "fault", "has_ended", "has_header", "header", "known", "pending", "size")

    def __init__(self) -> None:
        # The line end of DATA itself stands before the first line. The first `known` bytes are there to look back at.
        self.pending, self.known = b"\r\n", 2
        self.header = b""
        self.has_header = self.fault = self.has_ended = False
        self.size = 0
        self.digest = sha256()

    def feed(self, chunk: bytes) -> tuple[bytes, bytes]:
        """What may be passed on, and what came behind the end."""
        window = self.pending + chunk
        limit = self._undecided(window)
        passed = b"" if self.fault else window[self.known : limit]
        rest = window[limit + 3 :] if self.has_ended else b""
        start = max(0, limit - CONTEXT)
        self.pending, self.known = window[start:], limit - start
        self.size += len(passed)
        self.digest.update(passed)
        if not self.has_header:
            self._read_header(passed)
        return passed, rest

    def _undecided(self, window: bytes) -> int:
        """Where the dot stands that ends the message or of which more has to be seen; the end of the window if none."""
        search, at = DOT.search, self.known
        while found := search(window, at):
            dot = found.start()
            if _begins_line(window, dot):
                follows = window[dot + 1 : dot + 2 + NULS]
                self.has_ended = window[dot - 2 : dot] == follows[:2] == b"\r\n"
                ends = self.has_ended or _ends_line(follows)
                if self.has_ended or ends is None:
                    return dot
                self.fault = self.fault or ends
            at = dot + 1
        return len(window) - window.endswith(b".")

    def _read_header(self, passed: bytes) -> None:
        header = self.header + passed if self.header else passed
        end = -2 if header.startswith(b"\r\n") else header.find(b"\r\n\r\n")
        self.header = header if end == -1 else header[: end + 2]
        self.has_header = end != -1 or self.has_ended or len(self.header) > LONGEST_HEADER


def _begins_line(window: bytes, dot: int) -> bool:
    """Whether a line end stands before the dot, as any server might see it."""
    before = window[max(0, dot - NULS - 1) : dot].rstrip(b"\0")
    return before[-1:] in LINE_ENDS if before else False


def _ends_line(follows: bytes) -> bool | None:
    """Whether a line end stands behind the dot, as any server might see it; None where more has to come."""
    stripped = follows.lstrip(b"\0")
    if follows == b"\r":
        return None
    if stripped:
        return stripped[0] in LINE_ENDS
    return None if len(follows) <= NULS else False
