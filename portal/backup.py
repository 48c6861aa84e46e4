"""`./gatepost backup FILE`: database and keys as one file, of one moment, while the portal runs."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings

from portal import archive
from portal.archive import BackupError, Manifest
from portal.holdings import PASSING, holdings
from portal.store import ENDING, open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

SECRETS = ("SECRET_KEY", "FINGERPRINT_KEY")
OPEN = "It opens every door of this portal: keep it where only its owner reads it."
SEALED = "It is sealed: nobody reads it without BACKUP_KEY."
# The broker's tables hold hints to look at the database; `portal.prepare` makes them anew.
LEFT_OUT = ("--exclude-schema=pgmq", *(f"--exclude-table-data=public.{name}" for name in PASSING))


def main(argv: Sequence[str]) -> int:
    words = argparse.ArgumentParser(
        prog="./gatepost backup",
        description="Writes the database and the keys of this portal into one file. Whoever has it has everything: "
        "keep it as safe as the portal. The portal may run.",
    )
    words.add_argument("file", type=Path, nargs="?", help="the tar to write; one that is there is not written over")
    words.add_argument("--store", action="store_true", help="keep it in the bucket BACKUP_BUCKET, sealed")
    words.add_argument("--list", action="store_true", help="say what the bucket holds, and write nothing")
    asked = words.parse_args(argv)
    if not (asked.file or asked.store or asked.list):
        words.error("name a FILE, or say --store")
    try:
        tell_stored() if asked.list else make(asked)
    except BackupError as refusal:
        sys.stderr.write(f"gatepost: {refusal}\n")
        return 1
    return 0


def make(asked: argparse.Namespace) -> None:
    """A bucket that is to have it is opened before anything is made."""
    store = open_store() if asked.store else None
    with tempfile.TemporaryDirectory(prefix="gatepost-backup-") as folder:
        file = asked.file or Path(folder) / f"gatepost-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.tar"
        manifest = backup(file.absolute())
        held = f"{sum(manifest.tables.values()):,} rows, {len(manifest.files) - 1} files of keys"
        if asked.file:
            sys.stdout.write(f"{file}: {held}, {file.stat().st_size:,} bytes. {OPEN}\n")
        if store:
            kept = store.put(file, f"{file.stem}{ENDING}")
            sys.stdout.write(f"{kept.name} in {settings.BACKUP_BUCKET}: {held}, {kept.size:,} bytes. {SEALED}\n")
    sys.stdout.write(f"Not in it: {' and '.join(SECRETS)}, which a restored portal needs, too.\n")


def tell_stored() -> None:
    stored = open_store().all()
    rows = [f"{each.name}  {each.size:,} bytes\n" for each in stored]
    sys.stdout.write("".join(rows) or f"The bucket {settings.BACKUP_BUCKET} holds no backup.\n")


def backup(target: Path) -> Manifest:
    """Raises BackupError where the file is there already or PostgreSQL's own program refuses; OSError for the disk."""
    if target.exists():
        raise BackupError(f"{target} is there already. Name another file; nothing was written.")
    if not target.parent.is_dir():
        raise BackupError(f"The folder {target.parent} does not exist. Make it, then try again.")
    with tempfile.TemporaryDirectory(prefix=".gatepost-backup-", dir=target.parent) as name:
        folder = Path(name)
        manifest = gather(folder)
        archive.write(target, folder, manifest)
    return manifest


def gather(folder: Path) -> Manifest:
    with psycopg.connect(database_address()) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        dump(folder / archive.DATABASE, str(snapshot and snapshot[0]))
        held = holdings(connection)
    files = [archive.DATABASE, *copy_keys(folder)]
    return Manifest(
        format=archive.FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        migrations=held.migrations,
        tables=held.tables,
        ledger=held.ledger,
        secrets=secret_marks(),
        files={name: archive.digest_of(folder / name) for name in files},
    )


def database_address() -> str:
    """The portal's database in libpq's words, out of Django's settings."""
    from portal.broker import conninfo_of

    return conninfo_of(settings.DATABASES["default"])


def secret_marks() -> dict[str, str]:
    return {name: archive.secret_mark(getattr(settings, name)) for name in SECRETS}


def dump(target: Path, snapshot: str) -> None:
    address, environment = reach()
    words = ["--format=plain", "--compress=gzip:6", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    done = subprocess.run(  # noqa: S603 (PostgreSQL's own program, our own words)
        [program("pg_dump"), address, *words, *LEFT_OUT, f"--file={target}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupError(f"pg_dump refused: {said[0] if said else 'no reason given'}. No backup was written.")


def reach() -> tuple[str, dict[str, str]]:
    """For one of PostgreSQL's programs: where the database is, and an environment that knows its password."""
    parts = psycopg.conninfo.conninfo_to_dict(database_address())
    environment = os.environ | {"PGPASSWORD": str(parts.pop("password", ""))}
    return f"--dbname={psycopg.conninfo.make_conninfo('', **parts)}", environment


def program(name: str) -> str:
    """The one that comes with the embedded server: it knows every older server, too. Else the machine's own."""
    from portal.keeper import binary

    try:
        return str(binary(name))
    except OSError:
        found = shutil.which(name)
        if found is None:
            raise BackupError(f"{name} was not found. Install PostgreSQL's client programs, then try again.") from None
        return found


def copy_keys(folder: Path) -> list[str]:
    """Names in the archive. A portal that has sealed nothing yet has none."""
    keys = Path(settings.PORTAL_KEY_FOLDER)
    names = []
    for path in sorted(keys.rglob("*")) if keys.is_dir() else []:
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            name = f"{archive.KEYS}/{path.relative_to(keys).as_posix()}"
            (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
            names.append(name)
    return names
