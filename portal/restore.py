"""`./gatepost restore FILE`: a portal as it was when the backup was made, or nothing changed at all."""

from __future__ import annotations

import argparse
import gzip
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psycopg
from psycopg import sql

from portal import archive
from portal.archive import BackupError, Manifest
from portal.backup import database_address, program, reach, secret_marks
from portal.holdings import Holdings, holdings
from portal.prepare import prepare
from portal.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EMPTY = b"""
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
END $$;
CREATE SCHEMA public;
"""
IN_USE = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
THERE = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
FETCHED = "fetched.tar"
NOT_FOR_OLDER = b"SET transaction_timeout"  # what newer programs write and older servers refuse
PARK = """
UPDATE public.core_outboxmessage SET parked_at = now(), error_sentence = {said}
WHERE sent_at IS NULL AND parked_at IS NULL;
"""
COUNT_PARKED = "SELECT count(*) FROM core_outboxmessage WHERE error_sentence = %s"
PARKED = "The portal was restored from a backup of {made_at}: whether this mail has gone out since is not known."


def main(argv: Sequence[str]) -> int:
    words = argparse.ArgumentParser(
        prog="./gatepost restore",
        description="Restores a portal from a backup. The portal must not run. Everything is looked at before anything "
        "is changed, and the database is written in one transaction.",
    )
    words.add_argument("file", type=Path, help="what `./gatepost backup` wrote")
    words.add_argument("--store", action="store_true", help="FILE is a name in the bucket BACKUP_BUCKET")
    words.add_argument("--replace", action="store_true", help="also where a portal is already, which is lost then")
    words.add_argument("--send-mail", action="store_true", help="send what waited then; without it, it is parked")
    words.add_argument(
        "--other-secrets", action="store_true", help="also where SECRET_KEY or FINGERPRINT_KEY is another"
    )
    asked = words.parse_args(argv)
    try:
        return restore(asked)
    except BackupError as refusal:
        sys.stderr.write(f"gatepost: {refusal}\n")
        return 1


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def restore(asked: argparse.Namespace) -> int:
    """0, or 1 where what came out differs. Raises BackupError before anything was changed; OSError for the disk."""
    if not asked.store and not asked.file.is_file():
        raise BackupError(f"There is no file {asked.file}.")
    with tempfile.TemporaryDirectory(prefix="gatepost-restore-") as name:
        folder = Path(name)
        manifest = archive.unpack(fetch(asked.file, folder) if asked.store else asked.file, folder)
        refuse_newer(manifest)
        if not asked.other_secrets:
            refuse_other_secrets(manifest)
        refuse_what_is_there(folder / archive.KEYS, replaces=asked.replace)
        keys = stage_keys(folder / archive.KEYS)
        load(folder / archive.DATABASE, "" if asked.send_mail else parking(manifest))
        put_keys(folder / archive.KEYS, keys)
    with psycopg.connect(database_address()) as connection:
        found = holdings(connection)
    return tell(manifest, found)


def fetch(name: Path, folder: Path) -> Path:
    target = folder / FETCHED
    open_store().fetch(str(name), target)
    return target


def parking(manifest: Manifest) -> str:
    said = sql.Literal(PARKED.format(made_at=manifest.made_at))
    return sql.SQL(PARK).format(said=said).as_string(None)


def refuse_newer(manifest: Manifest) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if strange := sorted(set(manifest.migrations) - known):
        raise BackupError(
            f"This backup was made by another version: {strange[-1]} is not known here. "
            "Install the version that made it, or a newer one. Nothing was changed."
        )


def refuse_other_secrets(manifest: Manifest) -> None:
    differing = [name for name, mark in secret_marks().items() if manifest.secrets.get(name) != mark]
    if differing:
        raise BackupError(
            f"{' and '.join(differing)} is another one here: what was sealed with the old one could not be read. "
            "Set the old one, or say --other-secrets and enter passwords anew. Nothing was changed."
        )


def refuse_what_is_there(keys: Path, *, replaces: bool) -> None:
    with psycopg.connect(database_address()) as connection:
        in_use, there = (connection.execute(asked).fetchone() for asked in (IN_USE, THERE))
    if in_use and in_use[0]:
        raise BackupError(
            f"{in_use[0]} other connections use this database: stop the portal and its workers. Nothing was changed."
        )
    if there and there[0] and not replaces:
        raise BackupError(
            f"This database is not empty: {there[0]} tables and other things stand in it. Restore into an empty one, "
            "or say --replace: all of that is lost then. Nothing was changed."
        )
    if not replaces and is_other(key_folder(), keys):
        raise BackupError(
            f"{key_folder()} holds other keys. Move them away, or say --replace: they are kept beside the others then. "
            "Nothing was changed."
        )


def key_folder() -> Path:
    from django.conf import settings

    return Path(settings.PORTAL_KEY_FOLDER)


def is_other(folder: Path, keys: Path) -> bool:
    """Whether a folder holds anything that the keys of the backup do not."""
    return any(True for _ in others(folder, keys))


def others(folder: Path, keys: Path) -> Iterator[Path]:
    """Drafts are none: a restore that was refused or killed leaves its own."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        ours, is_draft = keys / path.relative_to(folder), path.name.startswith(".")
        if path.is_file() and not is_draft and not (ours.is_file() and ours.read_bytes() == path.read_bytes()):
            yield path


def load(dump: Path, last: str) -> None:
    """In one transaction with the statement that comes last. Raises BackupError where the database refuses."""
    address, environment = reach()
    words = [program("psql"), address, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    environment["PGOPTIONS"] = "-c client_min_messages=warning"
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(  # noqa: S603 (PostgreSQL's own program, our own words)
            [*words, "--output=/dev/null"], stdin=subprocess.PIPE, stderr=said, env=environment
        )
        if running.stdin:
            pour(dump, running.stdin, last)
        if running.wait():
            said.seek(0)
            why = said.read(2000).decode(errors="replace").strip().splitlines()
            raise BackupError(f"The database refused: {why[0] if why else 'no reason given'}. It is as it was.")


def pour(dump: Path, psql: IO[bytes], last: str) -> None:
    """Without the last line nothing of it stays: whatever ends this process before leaves the database as it was."""
    try:
        psql.write(b"BEGIN;\n" + EMPTY)
        with gzip.open(dump) as lines:
            for line in lines:
                if not line.startswith(NOT_FOR_OLDER):
                    psql.write(line)
        psql.write(f"{last}\nCOMMIT;\n".encode())
        psql.close()
    except BrokenPipeError:
        return  # it stopped at an error, which it names


def stage_keys(keys: Path) -> dict[Path, Path]:
    """Copies beside where they will stand: a disk that is full is noticed before anything changes."""
    staged = {}
    for path in sorted(keys.rglob("*")) if keys.is_dir() else ():
        if path.is_file():
            target = key_folder() / path.relative_to(keys)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            staged[target] = target.with_name(f".{target.name}.restored")
            shutil.copyfile(path, staged[target])
            staged[target].chmod(0o600)
    return staged


def put_keys(keys: Path, staged: dict[Path, Path]) -> None:
    """Other keys that stand here are kept in a folder among them: what they sealed has to be verified with them."""
    folder = key_folder()
    kept = folder / f"before-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    for path in list(others(folder, keys)):
        target = kept / path.relative_to(folder)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.rename(target)
    for target, draft in staged.items():
        draft.replace(target)
    if kept.is_dir():
        say(f"The keys that were here are kept in {kept}.")


def tell(manifest: Manifest, found: Holdings) -> int:
    """Compares what is here with what the backup says, brings it to this version, and walks the ledger."""
    differing = sorted(name for name in manifest.tables if found.tables.get(name) != manifest.tables[name])
    if differing or found.ledger != manifest.ledger:
        say(f"NOT EQUAL to the backup: {', '.join(differing) or 'the heads of the ledger'}. Do not use this portal.")
        return 1
    count = sum(found.tables.values())
    say(f"Restored as of {manifest.made_at}: {count:,} rows in {len(found.tables)} tables, all there.")
    prepare(say)
    from django.core.management import CommandError, call_command

    try:
        call_command("verify_ledger")
    except CommandError as error:
        say(f"The ledger does not hold: {error}")
        return 1
    with psycopg.connect(database_address()) as connection:
        parked = connection.execute(COUNT_PARKED, [PARKED.format(made_at=manifest.made_at)]).fetchone()
    if parked and parked[0]:
        say(
            f"{parked[0]} mails that waited then are parked: whether they went out since is not known. "
            "Send each by hand."
        )
    return 0
