"""What a customer handed over: files by path, and what was left out with the reason.

Bytes stay in memory; nothing is ever extracted to a disk. Readers live in
`archives` and `folders`; both add members through `Gathering`, which knows the caps.
"""

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

MEGABYTE = 1024 * 1024
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
FIRST_PRINTABLE = " "


class BundleRefused(Exception):  # noqa: N818 - the sentence in it is an answer for a person, not a fault
    """The whole upload cannot be read; `sentence` says why in words for the customer."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence, which is also the exception's text."""
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Caps:
    """Upper limits of one upload, in bytes where not said otherwise."""

    compressed: int = 20 * MEGABYTE
    member: int = 5 * MEGABYTE
    total: int = 64 * MEGABYTE
    stream: int = 192 * MEGABYTE
    members: int = 5000
    path_length: int = 300
    path_depth: int = 20
    ratio: int = 200


DEFAULT_CAPS = Caps()


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
        """`utf-8`, or `latin-1` for bytes that are not UTF-8."""
        try:
            self.content.decode("utf-8")
        except UnicodeDecodeError:
            return "latin-1"
        return "utf-8"

    @property
    def text(self) -> str:
        return self.content.decode(self.encoding)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A member that was not read; `reason` is one sentence."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files by normalised relative path, in the order they were met."""

    files: Mapping[str, BundleFile]
    skipped: tuple[Skipped, ...] = ()

    @classmethod
    def of(cls, contents: Mapping[str, bytes], skipped: tuple[Skipped, ...] = ()) -> Self:
        """A bundle from plain `path: bytes`; paths are taken as they are."""
        files = {path: BundleFile.of(path, content) for path, content in contents.items()}
        return cls(MappingProxyType(files), skipped)

    @property
    def sha256(self) -> str:
        """One digest over all paths and contents, the same whatever their order."""
        whole = hashlib.sha256()
        for path in sorted(self.files):
            whole.update(f"{self.files[path].sha256}  {path}\n".encode("utf-8", "surrogateescape"))
        return whole.hexdigest()


def normalise_path(name: str, caps: Caps = DEFAULT_CAPS) -> tuple[str, str]:
    """`(path, "")`, or `(printable name, reason)` for a name that may not be used.

    `tar czf x /etc/postfix` is how most people pack, so a leading slash is taken off;
    `..` never is, because no honest archive of a configuration needs it.
    """
    slashed = name.replace("\\", "/")
    shown = slashed.encode("utf-8", "replace").decode("utf-8")[: caps.path_length]
    if "\x00" in name or any(letter < FIRST_PRINTABLE for letter in name):
        return repr(shown), "its name holds control characters"
    if ".." in slashed.split("/"):
        return shown, "its path climbs out of the archive with '..'"
    path = posixpath.normpath(slashed.lstrip("/")) if slashed.strip("/") else ""
    if path in {"", "."}:
        return shown, "it has no name"
    if len(path) > caps.path_length:
        return shown, f"its path is longer than {caps.path_length} characters"
    if path.count("/") >= caps.path_depth:
        return shown, f"it lies more than {caps.path_depth} folders deep"
    return path.encode("utf-8", "replace").decode("utf-8"), ""


def refuse_content(content: bytes) -> str:
    """Why these bytes are not a text file, or an empty string."""
    if content.startswith(UTF16_MARKS):
        return "it is UTF-16, which Postfix cannot read; please save it as UTF-8"
    if b"\x00" in content:
        return "it holds NUL bytes, so it is not a text file (compiled tables are read from their source)"
    return ""


@dataclass(slots=True)
class Gathering:
    """A bundle under construction; every member passes the caps here."""

    caps: Caps = DEFAULT_CAPS
    contents: dict[str, bytes] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    total: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.contents) + len(self.skipped) >= self.caps.members

    def skip(self, name: str, reason: str) -> None:
        """Remember that a member was left out, naming it once."""
        shown = name.encode("utf-8", "replace").decode("utf-8")
        self.skipped.append(Skipped(shown, f"{shown} was skipped: {reason}."))

    def admit(self, name: str, size: int) -> str:
        """The path under which a member of this size may be read, or "" after skipping it."""
        path, reason = normalise_path(name, self.caps)
        if not reason and path in self.contents:
            reason = "the archive holds this path twice; the first one was kept"
        if not reason and size > self.caps.member:
            reason = f"it is larger than {self.caps.member // MEGABYTE} MB"
        if not reason and self.total + size > self.caps.total:
            reason = f"everything before it already fills {self.caps.total // MEGABYTE} MB"
        if reason:
            self.skip(path, reason)
            return ""
        return path

    def keep(self, path: str, content: bytes) -> None:
        """Add a member that was admitted, unless its bytes are not text or grew past the caps."""
        reason = refuse_content(content)
        if len(content) > self.caps.member:
            reason = f"it is larger than {self.caps.member // MEGABYTE} MB"
        if reason:
            self.skip(path, reason)
            return
        self.contents[path] = content
        self.total += len(content)

    def finish(self, what: str) -> Bundle:
        """The bundle, or a refusal when not one file could be read."""
        if not self.contents:
            first = f" {self.skipped[0].reason}" if self.skipped else ""
            raise BundleRefused(f"{what} holds no file that can be read.{first}")
        return Bundle.of(self.contents, tuple(self.skipped))
