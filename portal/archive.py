"""What a backup is: one tar with a manifest, the database as SQL and the keys, each by its digest.

- `manifest.json`: format, when, which migrations, rows of each table, the heads of the ledger, digests of the files
- `database.sql.gz`: what `pg_dump` wrote
- `keys/...`: the folder of the portal's keys
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import tarfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 1
MANIFEST, DATABASE, KEYS = "manifest.json", "database.sql.gz", "keys"
LARGEST_MANIFEST = 4 * 1024 * 1024
LARGEST_KEY = 1024 * 1024


class BackupError(Exception):
    """It cannot be made or restored. The text says why, what was kept and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`secrets` names settings whose values a restored portal needs, each by a keyed digest that tells nothing else.

    `tables` has the rows of each table, `files` the SHA-256 of each file in hexadecimal.
    """

    format: int
    made_at: str
    migrations: tuple[str, ...]
    tables: dict[str, int]
    ledger: str
    secrets: dict[str, str]
    files: dict[str, str]

    def written(self) -> bytes:
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def read(cls, content: bytes) -> Manifest:
        """Raises BackupError."""
        try:
            told = json.loads(content)
            known = told["format"] == FORMAT
            found = cls(**(told | {"migrations": tuple(told["migrations"])})) if known else None
        except (ValueError, TypeError, KeyError) as error:
            raise BackupError(f"{MANIFEST} cannot be read ({error}): this is no backup of Gatepost.") from error
        if found is None:
            raise BackupError(f"This backup has format {told['format']}; this version reads {FORMAT}.")
        return found


def secret_mark(value: str) -> str:
    """Tells whether two portals have the same secret, and nothing else about it."""
    return hmac.new(value.encode(), b"gatepost backup", hashlib.sha256).hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(target: Path, folder: Path, manifest: Manifest) -> None:
    """Packs what the manifest names. The file is there whole or not at all, and only its owner reads it."""
    (folder / MANIFEST).write_bytes(manifest.written())
    draft = target.with_name(f".{target.name}.part")
    try:
        with (
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
            tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            for name in (MANIFEST, *sorted(manifest.files)):
                tar.add(folder / name, arcname=name, recursive=False)
            tar.close()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> Manifest:
    """Every file of the manifest, compared with its digest, nothing else. Raises BackupError or OSError."""
    with _opened(source) as tar:
        first = tar.next()
        if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
            raise BackupError(f"{source} does not begin with {MANIFEST}: this is no backup of Gatepost.")
        manifest = Manifest.read(_content(tar, first))
        wanted = dict(manifest.files)
        while (member := tar.next()) is not None:
            if not _may_stand(member) or wanted.pop(member.name, None) is None:
                raise BackupError(f"{source} holds {member.name}, which does not belong there. Nothing was changed.")
            _extract(tar, member, folder)
            if digest_of(folder / member.name) != manifest.files[member.name]:
                raise BackupError(f"{member.name} in {source} was changed after it was made. Nothing was changed here.")
    if wanted:
        raise BackupError(f"{source} lacks {', '.join(sorted(wanted))}. Nothing was changed.")
    return manifest


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{source} is broken or cut off ({error}). Nothing was changed.") from error


def _may_stand(member: tarfile.TarInfo) -> bool:
    path = PurePosixPath(member.name)
    is_key = len(path.parts) > 1 and path.parts[0] == KEYS and member.size <= LARGEST_KEY
    return member.isreg() and ".." not in path.parts and (member.name == DATABASE or is_key)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return file.read() if file else b""


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    target, file = folder / member.name, tar.extractfile(member)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        if file:
            shutil.copyfileobj(file, out)
