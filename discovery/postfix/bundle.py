"""What a customer handed over: files by path, and what was left out with the reason.

Bytes stay in memory; nothing is ever extracted to a disk. Readers live in
`archives` and `folders`; both add members through `gathering`, which knows the caps.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

MEGABYTE = 1024 * 1024
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
LOOKED_AT = 512
SHORTEST_WIDE = 8


class BundleRefused(Exception):  # noqa: N818 - the sentence in it is an answer for a person, not a fault
    """The whole upload cannot be read; `sentence` says why in words for the customer."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence, which is also the exception's text."""
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Caps:
    """Upper limits of one upload, in bytes where not said otherwise.

    A transport table of a million rows has 40 MB, and is wanted. `members` counts files that are kept; as many again
    are kept when they look like a part of Postfix, so that a mail spool in the archive does not push them out.
    `stream` is all that may be unpacked of a tar, `ratio` how many times its size a member of a zip may unpack to,
    `reasons` how many members that were left out are named one by one.
    """

    compressed: int = 20 * MEGABYTE
    member: int = 64 * MEGABYTE
    total: int = 128 * MEGABYTE
    stream: int = 1024 * MEGABYTE
    members: int = 5000
    reasons: int = 1000
    path_length: int = 300
    path_depth: int = 20
    ratio: int = 200


DEFAULT_CAPS = Caps()


def encoding_of(content: bytes) -> str:
    """`utf-8`, `latin-1` for bytes that are not UTF-8, or the UTF-16 of a file that a Windows editor saved."""
    wide = wide_encoding(content[:LOOKED_AT])
    for encoding in (wide, "utf-8") if wide else ("utf-8",):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def wide_encoding(head: bytes) -> str:
    """UTF-16 by its mark, or by every other byte being NUL; else ""."""
    if head.startswith(UTF16_MARKS):
        return "utf-16"
    even, odd = head[0::2], head[1::2]
    if len(head) < SHORTEST_WIDE or not any(even + odd):
        return ""
    if not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if not any(even) and all(odd) else ""


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One text file; `sha256` is of `content` as it stands here."""

    path: str
    content: bytes
    sha256: str

    @classmethod
    def of(cls, path: str, content: bytes) -> Self:
        """A file with its digest computed."""
        return cls(path, content, hashlib.sha256(content).hexdigest())

    @property
    def encoding(self) -> str:
        return encoding_of(self.content)

    @property
    def text(self) -> str:
        return self.content.decode(self.encoding)


@dataclass(frozen=True, slots=True)
class Skipped:
    """What of a member was not read, said in `reason`. `line` is the last one kept of a file that was cut short."""

    path: str
    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files by normalised relative path, in the order they were met.

    `newest` is when the latest of them was last written, in seconds since 1970; 0 when nobody says.
    """

    files: Mapping[str, BundleFile]
    skipped: tuple[Skipped, ...] = ()
    newest: float = 0.0

    @classmethod
    def of(cls, contents: Mapping[str, bytes], skipped: tuple[Skipped, ...] = (), newest: float = 0.0) -> Self:
        """A bundle from plain `path: bytes`; paths are taken as they are."""
        files = {path: BundleFile.of(path, content) for path, content in contents.items()}
        return cls(MappingProxyType(files), skipped, newest)

    @property
    def sha256(self) -> str:
        """One digest over all paths and contents, the same whatever their order."""
        whole = hashlib.sha256()
        for path in sorted(self.files):
            whole.update(f"{self.files[path].sha256}  {path}\n".encode("utf-8", "surrogateescape"))
        return whole.hexdigest()
