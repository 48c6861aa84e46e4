"""Reads tar and zip uploads in memory. Nothing is extracted, no member is trusted.

Formats are told apart by their first bytes, not by their name.
"""

import io
import stat
import tarfile
import zipfile
from datetime import UTC, datetime
from typing import BinaryIO, cast

from discovery.postfix.bundle import DEFAULT_CAPS, MEGABYTE, Bundle, BundleRefused, Caps
from discovery.postfix.folders import read_single_file
from discovery.postfix.gathering import Gathering, Readable, for_sentence, read_up_to
from discovery.postfix.unpacking import BROKEN, BROKEN_ZIP, TAR_BLOCK, Bounded, is_tar, strip_suffix, unpacked

LARGEST_TAR_HEADER = 256 * 1024
CENTRAL_ENTRY = b"PK\x01\x02"
MOST_ENTRIES = 200_000
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
FOREIGN = {b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"\x1f\x9d": "compress"}
HEADER_TYPES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
LONG_NAME_TYPES = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
DAMAGED = "the file is damaged or cut short"


class CautiousTarInfo(tarfile.TarInfo):
    """Refuses extended headers that would be read into memory whole."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in HEADER_TYPES + LONG_NAME_TYPES and self.size > LARGEST_TAR_HEADER:
            raise tarfile.ReadError("an extended header is too large")
        proceed = super()._proc_member  # type: ignore[misc]  # the one hook tarfile has before it reads a header
        return cast("tarfile.TarInfo", proceed(archive))


def read_archive(filename: str, content: bytes | BinaryIO, caps: Caps = DEFAULT_CAPS) -> Bundle:
    """Read .tar, .tar.gz, .tar.bz2, .tar.xz, .tar.zst, .zip or one plain or packed file.

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


def read_stream(filename: str, packed: bytes, caps: Caps) -> Bundle:
    """A tar, packed or not, or one packed file."""
    source = Bounded(unpacked(packed), caps.member + TAR_BLOCK)
    head = read_up_to(source, TAR_BLOCK)
    if is_tar(head):
        return read_tar(filename, packed, caps)
    content = head + read_up_to(source, caps.member)
    if source.is_broken:
        raise BundleRefused(f"{filename} cannot be unpacked: {DAMAGED}. Pack it once more and upload it again.")
    if len(content) > caps.member:
        limit = caps.member // MEGABYTE
        raise BundleRefused(f"{filename} unpacks to more than {limit} MB, the most that one file may have.")
    return read_single_file(strip_suffix(filename), content, caps)


def read_tar(filename: str, packed: bytes, caps: Caps) -> Bundle:
    """Walk the members once, front to back; what came before damage is kept."""
    gathering = Gathering(caps)
    source = Bounded(unpacked(packed), caps.stream)
    is_cut = False
    try:
        stream = cast("BinaryIO", source)  # tarfile only calls read() on a stream
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=CautiousTarInfo) as archive:
            while not is_cut and (member := archive.next()):
                archive.members = []  # type: ignore[attr-defined]  # it would remember every one of them
                is_cut = not take_tar_member(archive, member, gathering)
    except BROKEN:
        source.is_broken = True
    if source.is_past_limit:
        gathering.end_early("unpacks to far more than a configuration holds, so reading ended")
    elif not is_cut and (source.is_broken or not source.has_tar_end):
        gathering.end_early("is damaged or cut short: it ends early")
    return gathering.finish(filename)


def take_tar_member(archive: tarfile.TarFile, member: tarfile.TarInfo, gathering: Gathering) -> bool:
    """Keep a regular file, or say why it is left out. False when the archive ended in the middle of it."""
    if member.isdir():
        return True
    if reason := refuse_kind(member):
        gathering.skip(member.name, reason)
        return True
    source = cast("Readable", archive.fileobj)
    if gathering.is_too_large(member.size):
        gathering.pass_over(member.name, member.size, Bounded(source, member.size))
        return True
    path = gathering.admit(member.name, member.size)
    if not path:
        return True
    content = read_up_to(source, member.size)
    if len(content) < member.size:
        gathering.keep_part(path, content)
        return False
    gathering.keep(path, content, member.mtime)
    return True


def refuse_kind(member: tarfile.TarInfo) -> str:
    """Why a tar member is not a plain file, or an empty string."""
    if member.issym():
        return f"it is a symbolic link to {for_sentence(member.linkname)}, and links are not followed"
    if member.islnk():
        return f"it is a hard link to {for_sentence(member.linkname)}, and links are not followed"
    if member.isdev():
        return "it is a device or a pipe, not a file"
    if member.issparse():
        return "it is a sparse file, which holds next to nothing however large it looks"
    return "" if member.isfile() else "it is not a plain file"


def read_zip(filename: str, packed: bytes, caps: Caps) -> Bundle:
    """Read a zip by its central directory."""
    if packed.count(CENTRAL_ENTRY) > MOST_ENTRIES:
        raise BundleRefused(f"{filename} holds more than {MOST_ENTRIES:,} members; please send only the configuration.")
    gathering = Gathering(caps)
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for member in archive.infolist():
                take_zip_member(archive, member, gathering)
    except (zipfile.BadZipFile, NotImplementedError, *BROKEN) as broken:
        again = "Pack the folder once more and upload it again."
        raise BundleRefused(f"{filename} cannot be opened: {DAMAGED}. {again}") from broken
    return gathering.finish(filename)


def take_zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, gathering: Gathering) -> None:
    """Keep a regular file; say why anything else is left out."""
    if member.is_dir():
        return
    if reason := refuse_zip_kind(member, gathering.caps):
        gathering.skip(member.filename, reason)
        return
    if gathering.is_too_large(member.file_size):
        gathering.pass_over(member.filename, member.file_size, None)
        return
    path = gathering.admit(member.filename, member.file_size)
    if not path:
        return
    try:
        with archive.open(member) as source:
            content = read_up_to(source, member.file_size)
    except BROKEN_ZIP:
        gathering.skip(path, "it is damaged or packed in a way that cannot be read")
        return
    gathering.keep(path, content, written_at(member))


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


def written_at(member: zipfile.ZipInfo) -> float:
    """Seconds since 1970; a zip says it in the local time of an unknown place, so the day may be off by one."""
    try:
        return datetime(*member.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0
