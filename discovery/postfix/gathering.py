"""A bundle under construction: which members are kept, under which names, and what is said of the others."""

import io
import posixpath
import re
from dataclasses import dataclass, field
from typing import Protocol

from discovery.postfix.bundle import DEFAULT_CAPS, MEGABYTE, UTF16_MARKS, Bundle, BundleRefused, Caps, Skipped

CHUNK = 64 * 1024
FIRST_PRINTABLE = " "
# These two are kept whatever they hold: what is wrong with them is then said with file and line.
KEPT_ANYWAY = ("main.cf", "master.cf")
PACKED_STARTS = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"(\xb5/\xfd", b"7z\xbc\xaf", b"Rar!")
TAR_MARK = slice(257, 262)
STRAY_BYTES = range(0xDC80, 0xDD00)  # how Python writes the bytes of a name that are not UTF-8
SURROGATE = re.compile("[\ud800-\udfff]")
POSTFIX_PATH = re.compile(r"(^|/)(postfix[^/]*/|etc/postfix|main\.cf$|master\.cf$)")
AGAIN = "Pack the folder once more and upload it again."


class Readable(Protocol):
    """The only thing asked of a stream."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, b"" at the end."""
        ...


def legible(name: str) -> str:
    """A name that can be stored and shown: bytes that are not UTF-8 are read as Latin-1."""
    return SURROGATE.sub(lambda found: chr(ord(found[0]) & 0xFF) if ord(found[0]) in STRAY_BYTES else "\ufffd", name)


def for_sentence(name: str, caps: Caps = DEFAULT_CAPS) -> str:
    """A name as it can stand in a sentence: not endless, and without control characters that act."""
    shown = legible(name)[: caps.path_length]
    return repr(shown) if any(letter < FIRST_PRINTABLE for letter in shown) else shown


def normalise_path(name: str, caps: Caps = DEFAULT_CAPS) -> tuple[str, str]:
    """`(path, "")`, or `(printable name, reason)` for a name that may not be used.

    `tar czf x /etc/postfix` is how most people pack, so a leading slash is taken off;
    `..` never is, because no honest archive of a configuration needs it.
    """
    slashed = legible(name).replace("\\", "/")
    shown = for_sentence(slashed, caps)
    if any(letter < FIRST_PRINTABLE for letter in slashed):
        return shown, "its name holds control characters"
    if ".." in slashed.split("/"):
        return shown, "its path climbs out of the archive with '..'"
    path = posixpath.normpath(slashed.lstrip("/")) if slashed.strip("/") else ""
    if path in {"", "."}:
        return shown, "it has no name"
    if len(path) > caps.path_length:
        return shown, f"its path is longer than {caps.path_length} characters"
    if path.count("/") >= caps.path_depth:
        return shown, f"it lies more than {caps.path_depth} folders deep"
    return path, ""


def refuse_content(path: str, content: bytes) -> str:
    """Why these bytes are not a text file, or an empty string."""
    if posixpath.basename(path) in KEPT_ANYWAY:
        return ""
    if content.startswith(UTF16_MARKS):
        return "it is UTF-16, which Postfix cannot read; please save it as UTF-8"
    if content.startswith(PACKED_STARTS) or content[TAR_MARK] == b"ustar":
        return "it is an archive inside the archive; unpack it first, or upload it by itself"
    if b"\x00" in content:
        return "it holds NUL bytes, so it is not a text file (compiled tables are read from their source)"
    return ""


def count_lines(source: Readable) -> tuple[int, int]:
    """Lines and bytes of what is read past; a last line without its end counts too."""
    lines, size, last = 0, 0, b"\n"
    while block := source.read(CHUNK):
        lines, size, last = lines + block.count(b"\n"), size + len(block), block
    return lines + (not last.endswith(b"\n")), size


def read_up_to(source: Readable, size: int) -> bytes:
    """At most `size` bytes. What came before a stream ended early is given."""
    kept = io.BytesIO()
    while kept.tell() < size and (block := source.read(min(CHUNK, size - kept.tell()))):
        kept.write(block)
    return kept.getvalue()


@dataclass(slots=True)
class Gathering:
    """Every member passes the caps here."""

    caps: Caps = DEFAULT_CAPS
    contents: dict[str, bytes] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    total: int = 0
    unnamed: int = 0
    surplus: int = 0
    newest: float = 0.0

    def skip(self, name: str, reason: str) -> None:
        """Remember that a member was left out; past a limit they are only counted."""
        if len(self.skipped) >= self.caps.reasons:
            self.unnamed += 1
            return
        shown = for_sentence(name, self.caps)
        self.skipped.append(Skipped(shown, f"{shown} was skipped: {reason}."))

    def admit(self, name: str, size: int) -> str:
        """The path under which a member of this size may be read, or "" after skipping it."""
        path, reason = normalise_path(name, self.caps)
        if not reason and path in self.contents:
            reason = "the archive holds this path twice; the first one was kept"
        if not reason and self.total + size > self.caps.total:
            reason = f"everything before it already fills {self.caps.total // MEGABYTE} MB"
        if reason:
            self.skip(path, reason)
            return ""
        if not self._has_room(path):
            self.surplus += 1
            return ""
        return path

    def _has_room(self, path: str) -> bool:
        is_postfix = POSTFIX_PATH.search(path) is not None
        return len(self.contents) < self.caps.members * (2 if is_postfix else 1)

    def is_too_large(self, size: int) -> bool:
        return size > self.caps.member

    def pass_over(self, name: str, size: int, source: Readable | None) -> None:
        """Skip a member that is larger than one file may be; its lines are counted where it is read past anyway."""
        lines, seen = count_lines(source) if source else (0, size)
        least = "more than " if seen < size else ""
        counted = f"{least}{lines:,} lines, " if lines else ""
        limit = self.caps.member // MEGABYTE
        self.skip(name, f"it has {counted}{size / MEGABYTE:,.0f} MB, and one file may have {limit} MB")

    def keep(self, path: str, content: bytes, written: float = 0.0) -> None:
        """Add a member that was admitted, unless its bytes are not text or grew past the caps."""
        reason = refuse_content(path, content)
        if len(content) > self.caps.member:
            reason = f"it is larger than {self.caps.member // MEGABYTE} MB"
        if reason:
            self.skip(path, reason)
            return
        self.contents[path] = content
        self.newest = max(self.newest, written)
        self.total += len(content)

    def keep_part(self, path: str, content: bytes) -> None:
        """The whole lines of a member in which the archive ended."""
        head = content[: content.rfind(b"\n") + 1]
        line = head.count(b"\n")
        if line and not refuse_content(path, head):
            self.keep(path, head)
        else:
            line = 0
        where = f"after line {line:,} of {path}" if line else f"in {path}, of which nothing could be kept"
        self.skipped.append(Skipped(path, f"The archive ends early, {where}. What came before was kept. {AGAIN}", line))

    def end_early(self, reason: str) -> None:
        """Say after which file nothing more could be read."""
        last = next(reversed(self.contents), "")
        kept = f", after {last}. What came before was kept" if last else ""
        line = self.contents[last].count(b"\n") if last else 0
        self.skipped.append(Skipped(last, f"The archive {reason}{kept}. {AGAIN}", line))

    def finish(self, what: str) -> Bundle:
        """The bundle, or a refusal when not one file could be read."""
        if self.surplus:
            sentence = (
                f"{self.surplus:,} more files were left out: an upload may hold {self.caps.members:,} files. "
                "Files of Postfix were kept all the same."
            )
            self.skipped.append(Skipped("", sentence))
        if self.unnamed:
            self.skipped.append(Skipped("", f"{self.unnamed:,} more members were skipped for reasons like these."))
        if not self.contents:
            first = f" {self.skipped[0].reason}" if self.skipped else ""
            raise BundleRefused(f"{what} holds no file that can be read.{first}")
        return Bundle.of(self.contents, tuple(self.skipped), self.newest)
