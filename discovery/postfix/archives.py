"""Reads tar and zip uploads in memory. Nothing is extracted, no member is trusted.

Formats are told apart by their first bytes, not by their name.
"""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from typing import BinaryIO, Protocol, cast

from discovery.postfix.bundle import DEFAULT_CAPS, MEGABYTE, Bundle, BundleRefused, Caps, Gathering
from discovery.postfix.folders import read_single_file

CHUNK = 64 * 1024
TAR_BLOCK = 512
XZ_MEMORY = 96 * MEGABYTE
LARGEST_TAR_HEADER = 256 * 1024
CENTRAL_ENTRY = b"PK\x01\x02"
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
FOREIGN = {b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"(\xb5/\xfd": "Zstandard", b"\x1f\x9d": "compress"}
BROKEN = (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError, ValueError)
HEADER_TYPES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
LONG_NAME_TYPES = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)


class Readable(Protocol):
    """The only thing asked of an unpacked stream."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, b"" at the end."""
        ...


class StreamTooLong(Exception):  # noqa: N818 - caught here, never shown
    """More was unpacked than the caps allow."""


class Bounded:
    """A reader that stops after a given number of unpacked bytes."""

    def __init__(self, source: Readable, limit: int) -> None:
        """Read from `source`, at most `limit` bytes in all."""
        self.source = source
        self.left = limit

    def read(self, size: int = CHUNK) -> bytes:
        """The next bytes; raises StreamTooLong when the limit is passed."""
        if self.left <= 0:
            raise StreamTooLong
        block = self.source.read(min(size, self.left, CHUNK))
        self.left -= len(block)
        return block


class XzReader:
    """An xz stream whose dictionary may not claim more than XZ_MEMORY; LZMAFile has no such limit."""

    def __init__(self, packed: bytes) -> None:
        """Unpack `packed`, one chunk a call."""
        self.packed = io.BytesIO(packed)
        self.decompressor = lzma.LZMADecompressor(memlimit=XZ_MEMORY)

    def read(self, size: int = CHUNK, /) -> bytes:
        """At most `size` bytes, b"" at the end of the stream."""
        while not self.decompressor.eof:
            fresh = self.packed.read(CHUNK) if self.decompressor.needs_input else b""
            if self.decompressor.needs_input and not fresh:
                raise EOFError("the xz stream ends early")
            if block := self.decompressor.decompress(fresh, max_length=size):
                return block
        return b""


class CautiousTarInfo(tarfile.TarInfo):
    """Refuses extended headers that would be read into memory whole."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in HEADER_TYPES + LONG_NAME_TYPES and self.size > LARGEST_TAR_HEADER:
            raise tarfile.ReadError("an extended header is too large")
        proceed = super()._proc_member  # type: ignore[misc]  # the one hook tarfile has before it reads a header
        return cast("tarfile.TarInfo", proceed(archive))


def read_archive(filename: str, content: bytes | BinaryIO, caps: Caps = DEFAULT_CAPS) -> Bundle:
    """Read .tar, .tar.gz, .tar.bz2, .tar.xz, .zip or one plain or packed file.

    Raises BundleRefused with one sentence when nothing of it can be used; members that
    cannot be used are listed in `Bundle.skipped`.
    """
    packed = content if isinstance(content, bytes) else content.read(caps.compressed + 1)
    if len(packed) > caps.compressed:
        limit = caps.compressed // MEGABYTE
        raise BundleRefused(f"{filename} is larger than {limit} MB; please send only the configuration.")
    if not packed:
        raise BundleRefused(f"{filename} is empty.")
    for start, name in FOREIGN.items():
        if packed.startswith(start):
            raise BundleRefused(f"{filename} is a {name} archive; please send .tar.gz or .zip.")
    if packed.startswith(ZIP_STARTS):
        return read_zip(filename, packed, caps)
    return read_stream(filename, packed, caps)


def unpacked(packed: bytes) -> Readable:
    """A reader over the bytes inside gzip, bzip2 or xz, or over the bytes themselves."""
    if packed.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=io.BytesIO(packed))
    if packed.startswith(b"BZh"):
        return bz2.BZ2File(io.BytesIO(packed))
    if packed.startswith(b"\xfd7zXZ\x00"):
        return XzReader(packed)
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


def read_stream(filename: str, packed: bytes, caps: Caps) -> Bundle:
    """A tar, packed or not, or one packed file."""
    head = read_head(filename, packed)
    if is_tar(head):
        return read_tar(filename, packed, caps)
    source = Bounded(unpacked(packed), caps.member + 1)
    return read_single_file(strip_suffix(filename), read_all(filename, source), caps)


def read_head(filename: str, packed: bytes) -> bytes:
    """The first tar block of the unpacked stream; refuses what cannot be unpacked at all."""
    try:
        return unpacked(packed).read(TAR_BLOCK)
    except BROKEN as broken:
        raise BundleRefused(f"{filename} cannot be unpacked: the file is damaged or cut short.") from broken


def read_all(filename: str, source: Bounded) -> bytes:
    """Everything of one packed file, or a refusal when it is broken or too long."""
    parts: list[bytes] = []
    try:
        while block := source.read():
            parts.append(block)
    except StreamTooLong as long:
        raise BundleRefused(f"{filename} unpacks to more than one configuration file may hold.") from long
    except BROKEN as broken:
        raise BundleRefused(f"{filename} cannot be unpacked: the file is damaged or cut short.") from broken
    return b"".join(parts)


def strip_suffix(filename: str) -> str:
    """`main.cf.gz` names a packed `main.cf`."""
    for suffix in (".gz", ".bz2", ".xz"):
        filename = filename.removesuffix(suffix)
    return filename


def read_tar(filename: str, packed: bytes, caps: Caps) -> Bundle:
    """Walk the members once, front to back; what came before damage is kept."""
    gathering = Gathering(caps)
    limit = min(caps.stream, max(len(packed), MEGABYTE) * caps.ratio)
    source = cast("BinaryIO", Bounded(unpacked(packed), limit))  # tarfile only calls read() on a stream
    try:
        with tarfile.open(fileobj=source, mode="r|", tarinfo=CautiousTarInfo) as archive:
            for member in archive:
                if gathering.is_full:
                    gathering.skip("The rest of the archive", f"it holds more than {caps.members} members")
                    break
                take_tar_member(archive, member, gathering)
    except StreamTooLong:
        gathering.skip("The rest of the archive", "it unpacks to far more than a configuration holds")
    except BROKEN:
        gathering.skip("The rest of the archive", "the file is damaged or cut short; what came before was kept")
    return gathering.finish(filename)


def take_tar_member(archive: tarfile.TarFile, member: tarfile.TarInfo, gathering: Gathering) -> None:
    """Keep a regular file; say why anything else is left out."""
    if member.isdir():
        return
    if reason := refuse_kind(member):
        gathering.skip(member.name, reason)
        return
    path = gathering.admit(member.name, member.size)
    source = archive.extractfile(member) if path else None
    if source is None:
        return
    content = source.read(member.size)
    if len(content) < member.size:
        gathering.skip(path, "the archive ends in the middle of it")
        return
    gathering.keep(path, content)


def refuse_kind(member: tarfile.TarInfo) -> str:
    """Why a tar member is not a plain file, or an empty string."""
    if member.issym():
        return f"it is a symbolic link to {member.linkname}, and links are not followed"
    if member.islnk():
        return f"it is a hard link to {member.linkname}, and links are not followed"
    if member.isdev():
        return "it is a device or a pipe, not a file"
    if not member.isfile() or member.issparse():
        return "it is not a plain file"
    return ""


def read_zip(filename: str, packed: bytes, caps: Caps) -> Bundle:
    """Read a zip by its central directory."""
    if packed.count(CENTRAL_ENTRY) > 2 * caps.members:
        raise BundleRefused(f"{filename} holds more than {caps.members} members; please send only the configuration.")
    gathering = Gathering(caps)
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for member in archive.infolist():
                if gathering.is_full:
                    gathering.skip("The rest of the archive", f"it holds more than {caps.members} members")
                    break
                take_zip_member(archive, member, gathering)
    except (zipfile.BadZipFile, NotImplementedError, *BROKEN) as broken:
        raise BundleRefused(f"{filename} cannot be opened: the zip file is damaged or cut short.") from broken
    return gathering.finish(filename)


def take_zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, gathering: Gathering) -> None:
    """Keep a regular file; say why anything else is left out."""
    if member.is_dir():
        return
    if reason := refuse_zip_kind(member, gathering.caps):
        gathering.skip(member.filename, reason)
        return
    path = gathering.admit(member.filename, member.file_size)
    if not path:
        return
    try:
        with archive.open(member) as source:
            content = source.read(gathering.caps.member + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, *BROKEN):
        gathering.skip(path, "it is damaged or packed in a way that cannot be read")
        return
    gathering.keep(path, content)


def refuse_zip_kind(member: zipfile.ZipInfo, caps: Caps) -> str:
    """Why a zip member may not be read, or an empty string."""
    mode = member.external_attr >> 16
    if member.flag_bits & 1:
        return "it is encrypted"
    if stat.S_ISLNK(mode):
        return "it is a symbolic link, and links are not followed"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a device or a pipe, not a file"
    if member.file_size > MEGABYTE and member.file_size > member.compress_size * caps.ratio:
        return f"it unpacks to more than {caps.ratio} times its size"
    return ""
