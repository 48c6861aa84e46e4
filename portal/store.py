"""Backups in a bucket of S3, or of whatever answers as it does, sealed before they leave the machine (decision 17)."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NamedTuple, cast

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.files import File
from storages.backends.s3 import S3Storage

from core.sealing import SHORTEST_SECRET, cipher
from core.spools import SealedFile
from portal.archive import BackupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cryptography.fernet import Fernet

PURPOSE = "a backup in a bucket"
ENDING = ".tar.sealed"
IN_MEMORY = 16 * 1024 * 1024  # bytes of a file that is fetched; the rest lies in a file without a name, still sealed


class Stored(NamedTuple):
    name: str
    size: int


def open_store() -> Store:
    """Asks nobody yet. Raises BackupError where the settings name no bucket or no key."""
    if not settings.BACKUP_BUCKET:
        raise BackupError("BACKUP_BUCKET names no bucket. Set it, or name a file. Nothing was written.")
    if len(settings.BACKUP_KEY) < SHORTEST_SECRET:
        raise BackupError(
            f"A backup leaves this machine sealed only. Set BACKUP_KEY to {SHORTEST_SECRET} random characters or more, "
            "and keep it apart from the bucket. Nothing was written."
        )
    return Store(_bucket(), cipher(settings.BACKUP_KEY, PURPOSE))


def _bucket() -> S3Storage:
    """Who may write there is for the environment to say, in the words of AWS, or for the role of the machine."""
    return S3Storage(
        bucket_name=settings.BACKUP_BUCKET,
        location=settings.BACKUP_FOLDER,
        endpoint_url=settings.BACKUP_ENDPOINT or None,
        region_name=settings.BACKUP_REGION or None,
        file_overwrite=False,
        max_memory_size=IN_MEMORY,
    )


class Store:
    def __init__(self, bucket: S3Storage, key: Fernet) -> None:
        self._bucket, self._key = bucket, key

    def put(self, source: Path, name: str) -> Stored:
        """Raises BackupError where it is refused, or where the bucket has another length of it afterwards."""
        with cast("IO[bytes]", tempfile.TemporaryFile()) as raw, source.open("rb") as plain, _asking():
            length = _seal(plain, SealedFile(self._key, raw), raw)
            kept = Stored(self._bucket.save(name, File(raw, name)), length)
            if (found := self._bucket.size(kept.name)) != length:
                raise BackupError(f"{kept.name} has {found} bytes in the bucket and {length} here. Do not rely on it.")
        return kept

    def fetch(self, name: str, target: Path) -> None:
        """Unseals it into a file. Raises BackupError where it is not there, was changed, or has another key."""
        with _asking():
            if name not in (stored := self._names()):
                raise BackupError(f"The bucket holds no {name}. The newest is {stored[-1] if stored else 'none'}.")
            with self._bucket.open(name, "rb") as raw, target.open("wb") as plain:
                try:
                    shutil.copyfileobj(SealedFile(self._key, raw), plain)
                except InvalidToken:
                    raise BackupError(
                        f"{name} was sealed with another BACKUP_KEY, or was changed since. Nothing was changed here."
                    ) from None

    def all(self) -> list[Stored]:
        """By name, which begins with when it was made."""
        with _asking():
            return [Stored(name, self._bucket.size(name)) for name in self._names()]

    def _names(self) -> list[str]:
        _, names = self._bucket.listdir("")
        return sorted(name for name in names if name.endswith(ENDING))


def _seal(plain: IO[bytes], sealed: SealedFile, raw: IO[bytes]) -> int:
    """Bytes that it has, sealed; what they are written to stands at its beginning afterwards."""
    shutil.copyfileobj(plain, sealed)
    sealed.seek(0)
    length = raw.seek(0, os.SEEK_END)
    raw.seek(0)
    return length


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except ClientError as refusal:
        why = refusal.response.get("Error", {}).get("Code", "no reason given")
        raise BackupError(f"The bucket {settings.BACKUP_BUCKET} refused: {why}.") from refusal
    except BotoCoreError as failure:
        raise BackupError(f"The bucket {settings.BACKUP_BUCKET} cannot be reached: {failure}") from failure
