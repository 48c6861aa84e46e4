"""Streams inside gzip, bzip2, xz and Zstandard, read a chunk at a time and never further than a limit."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib

import zstandard

from discovery.postfix.bundle import MEGABYTE
from discovery.postfix.gathering import CHUNK, Readable

TAR_BLOCK = 512
PACKED_MEMORY = 96 * MEGABYTE
BITE = 256
XZ_START = b"\xfd7zXZ\x00"
BROKEN = (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError, zstandard.ZstdError, ValueError)
BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, *BROKEN)
SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


class Bounded:
    """A reader that ends after a given number of unpacked bytes, and at damage; both can be asked about afterwards."""

    def __init__(self, source: Readable, limit: int) -> None:
        """Read from `source`, at most `limit` bytes in all."""
        self.source = source
        self.left = limit
        self.is_past_limit = False
        self.is_broken = False
        self.last = b""

    def read(self, size: int = CHUNK, /) -> bytes:
        """The next bytes; b"" at the end, whatever it is that ends here."""
        if self.left <= 0 or self.is_broken:
            self.is_past_limit = self.left <= 0
            return b""
        try:
            block = self.source.read(min(size, self.left, CHUNK))
        except BROKEN:
            self.is_broken = True
            return b""
        self.left -= len(block)
        self.last = block or self.last
        return block

    @property
    def has_tar_end(self) -> bool:
        """Whether what was read last is the zeros that close a tar, or more came than was asked for."""
        return not self.last[-TAR_BLOCK:].strip(b"\0")


class XzReader:
    """xz streams whose dictionary may not claim more than PACKED_MEMORY; LZMAFile has no such limit."""

    def __init__(self, packed: Readable) -> None:
        """Unpack `packed`, one chunk a call."""
        self.packed = packed
        self.decompressor = lzma.LZMADecompressor(memlimit=PACKED_MEMORY)

    def read(self, size: int = CHUNK, /) -> bytes:
        """At most `size` bytes, b"" at the end of the last stream. What follows and is no xz is passed over."""
        fresh = b""
        while not self.decompressor.eof or (fresh := self._next_stream()):
            if not fresh and self.decompressor.needs_input and not (fresh := self.packed.read(CHUNK)):
                raise EOFError("the xz stream ends early")
            if block := self.decompressor.decompress(fresh, max_length=size):
                return block
            fresh = b""
        return b""

    def _next_stream(self) -> bytes:
        """The beginning of a stream behind the one that ended, with a decompressor that is ready for it."""
        following = (self.decompressor.unused_data + self.packed.read(CHUNK)).lstrip(b"\0")
        if not following.startswith(XZ_START):
            return b""
        self.decompressor = lzma.LZMADecompressor(memlimit=PACKED_MEMORY)
        return following


class ZstdReader:
    """Zstandard frames, unpacked in bites: a single block of four bytes may hold 128 KB."""

    def __init__(self, packed: Readable, bite: int = BITE) -> None:
        """Unpack `packed`, reading `bite` bytes of it at once; each may become 32 KB."""
        self.packed, self.bite = packed, bite
        self.library = zstandard.ZstdDecompressor(max_window_size=PACKED_MEMORY)
        self.frame = self.library.decompressobj()
        self.ready = io.BytesIO()

    def read(self, size: int = CHUNK, /) -> bytes:
        """At most `size` bytes, b"" at the end of the last frame. Raises EOFError for one that is cut short."""
        while not (block := self.ready.read(size)):
            fresh = self.frame.unused_data + self.packed.read(self.bite)
            if self.frame.eof:
                if not fresh:
                    return b""
                self.frame = self.library.decompressobj()
            elif not fresh:
                raise EOFError("the Zstandard frame ends early")
            self.ready = io.BytesIO(self.frame.decompress(fresh))
        return block


class Prompt:
    """Gives what could be unpacked before it says that the rest is broken; `read` of the library loses it."""

    def __init__(self, file: gzip.GzipFile | bz2.BZ2File) -> None:
        """Read from `file`."""
        self.file = file

    def read(self, size: int = CHUNK, /) -> bytes:
        """At most `size` bytes, b"" at the end."""
        return self.file.read1(size)


def unpacked(packed: bytes) -> Readable:
    """A reader over the bytes inside a packed file, or over the bytes themselves."""
    if packed.startswith(b"\x1f\x8b"):
        return Prompt(gzip.GzipFile(fileobj=io.BytesIO(packed)))
    if packed.startswith(b"BZh"):
        return Prompt(bz2.BZ2File(io.BytesIO(packed)))
    if packed.startswith(XZ_START):
        return XzReader(io.BytesIO(packed))
    if packed.startswith(b"(\xb5/\xfd"):
        return ZstdReader(io.BytesIO(packed))
    return io.BytesIO(packed)


def is_tar(head: bytes) -> bool:
    """Whether a first block carries a valid tar checksum, or is the zeros of an empty tar."""
    if len(head) < TAR_BLOCK:
        return False
    if not head.strip(b"\0"):
        return True
    try:
        tarfile.TarInfo.frombuf(head[:TAR_BLOCK], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def strip_suffix(filename: str) -> str:
    """`main.cf.gz` names a packed `main.cf`."""
    for suffix in SUFFIXES:
        filename = filename.removesuffix(suffix)
    return filename
