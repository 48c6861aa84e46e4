"""Reads a folder on disk, or one file, into a bundle."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from discovery.postfix.bundle import DEFAULT_CAPS, MEGABYTE, Bundle, BundleRefused, Caps
from discovery.postfix.gathering import Gathering, read_up_to


def read_single_file(filename: str, content: bytes, caps: Caps = DEFAULT_CAPS) -> Bundle:
    """A bundle of one file; raises BundleRefused when it is empty, too large or not text."""
    if not content:
        raise BundleRefused(f"{filename} is empty.")
    gathering = Gathering(caps)
    name = PurePosixPath(filename.replace("\\", "/")).name or "upload"
    if path := gathering.admit(name, len(content)):
        gathering.keep(path, content)
    return gathering.finish(filename)


def read_folder(path: str | Path, caps: Caps = DEFAULT_CAPS) -> Bundle:
    """Every plain file below `path`, sorted; links that leave the folder are not followed.

    Raises BundleRefused when the folder is absent or holds nothing that can be read.
    """
    root = Path(path)
    if not root.is_dir():
        raise BundleRefused(f"{path} is not a folder.")
    gathering = Gathering(caps)
    for file in plain_paths(root):
        take_file(root, file, gathering)
    return gathering.finish(str(path))


def plain_paths(root: Path) -> Iterator[Path]:
    """Paths of everything that is not a folder; version control is left alone."""
    for folder, names, files in os.walk(root, followlinks=False):
        names[:] = sorted(name for name in names if name not in {".git", ".hg", ".svn"})
        links = [name for name in names if (Path(folder) / name).is_symlink()]
        yield from (Path(folder) / name for name in sorted([*files, *links]))


def take_file(root: Path, file: Path, gathering: Gathering) -> None:
    """Keep one file, or say why it was left out."""
    name = file.relative_to(root).as_posix()
    if reason := refuse_entry(root, file):
        gathering.skip(name, reason)
        return
    try:
        size, written = file.stat().st_size, file.stat().st_mtime
        with file.open("rb") as source:
            if gathering.is_too_large(size):
                gathering.pass_over(name, size, source if size <= gathering.caps.stream else None)
            elif path := gathering.admit(name, size):
                gathering.keep(path, read_up_to(source, gathering.caps.member + 1), written)
    except OSError as problem:
        gathering.skip(name, f"it cannot be read ({problem.strerror})")


def refuse_entry(root: Path, file: Path) -> str:
    """Why a folder entry may not be read, or an empty string."""
    try:
        target = file.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError):
        return "it is a link that leads nowhere" if file.is_symlink() else "it cannot be read"
    if not target.is_relative_to(root.resolve()):
        return "it is a link out of the folder"
    if file.is_symlink() and stat.S_ISDIR(mode):
        return "it is a link to a folder, which is read under its own name"
    if not stat.S_ISREG(mode):
        return "it is a device, socket or pipe, not a file"
    return ""


def read_path(path: str | Path, caps: Caps = DEFAULT_CAPS) -> Bundle:
    """A folder, an archive or one file, whichever `path` names."""
    from discovery.postfix.archives import read_archive

    place = Path(path)
    if place.is_dir():
        return read_folder(place, caps)
    try:
        if place.stat().st_size > caps.compressed:
            raise BundleRefused(f"{place.name} is larger than {caps.compressed // MEGABYTE} MB.")
        with place.open("rb") as source:
            return read_archive(place.name, source, caps)
    except OSError as problem:
        raise BundleRefused(f"{path} cannot be read: {problem.strerror}.") from problem
