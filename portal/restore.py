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

from portal import archive
from portal.archive import BackupError, Manifest
from portal.backup import database_address, program, reach, secret_marks
from portal.holdings import Holdings, holdings
from portal.prepare import prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

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
IN_USE = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
HAS_PORTAL = "SELECT to_regclass('public.django_migrations') IS NOT NULL"
NOT_FOR_OLDER = b"SET transaction_timeout"  # what newer programs write and older servers refuse
PARK = """
    UPDATE core_outboxmessage SET parked_at = now(), error_sentence = %s WHERE sent_at IS NULL AND parked_at IS NULL
"""
PARKED = "The portal was restored from a backup of {made_at}: whether this mail has gone out since is not known."


def main(argv: Sequence[str]) -> int:
    words = argparse.ArgumentParser(
        prog="./gatepost restore",
        description="Restores a portal from a backup. The portal must not run. Everything is looked at before anything "
        "is changed, and the database is written in one transaction.",
    )
    words.add_argument("file", type=Path, help="what `./gatepost backup` wrote")
    words.add_argument("--replace", action="store_true", help="also where a portal is already, which is lost then")
    words.add_argument("--send-mail", action="store_true", help="send what waited then; without it, it is parked")
    asked = words.parse_args(argv)
    try:
        return restore(asked.file, replaces=asked.replace, sends_mail=asked.send_mail)
    except BackupError as refusal:
        sys.stderr.write(f"gatepost: {refusal}\n")
        return 1


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def restore(source: Path, *, replaces: bool, sends_mail: bool) -> int:
    """0, or 1 where what came out differs. Raises BackupError before anything was changed; OSError for the disk."""
    if not source.is_file():
        raise BackupError(f"There is no file {source}.")
    with tempfile.TemporaryDirectory(prefix="gatepost-restore-") as name:
        folder = Path(name)
        manifest = archive.unpack(source, folder)
        refuse_newer(manifest)
        refuse_what_is_there(folder / archive.KEYS, replaces=replaces)
        load(folder / archive.DATABASE)
        put_keys(folder / archive.KEYS)
    with psycopg.connect(database_address()) as connection:
        found = holdings(connection)
        parked = 0 if sends_mail else park_mail(connection, manifest)
    return tell(manifest, found, parked)


def refuse_newer(manifest: Manifest) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if strange := sorted(set(manifest.migrations) - known):
        raise BackupError(
            f"This backup was made by another version: {strange[-1]} is not known here. "
            "Install the version that made it, or a newer one. Nothing was changed."
        )


def refuse_what_is_there(keys: Path, *, replaces: bool) -> None:
    with psycopg.connect(database_address()) as connection:
        in_use, has_portal = (connection.execute(asked).fetchone() for asked in (IN_USE, HAS_PORTAL))
    if in_use and in_use[0]:
        raise BackupError(
            f"{in_use[0]} other connections use this database: stop the portal and its workers. Nothing was changed."
        )
    if has_portal and has_portal[0] and not replaces:
        raise BackupError(
            "There is a portal in this database already. Restore into an empty one, or say --replace: "
            "what is there is lost then. Nothing was changed."
        )
    if not replaces and is_other(key_folder(), keys):
        raise BackupError(
            f"{key_folder()} holds other keys. Move them away, or say --replace: they are kept beside it then. "
            "Nothing was changed."
        )


def key_folder() -> Path:
    from django.conf import settings

    return Path(settings.PORTAL_KEY_FOLDER)


def is_other(folder: Path, keys: Path) -> bool:
    """Whether a folder holds anything that the keys of the backup do not."""
    return any(
        not (keys / path.relative_to(folder)).is_file()
        or (keys / path.relative_to(folder)).read_bytes() != path.read_bytes()
        for path in (folder.rglob("*") if folder.is_dir() else ())
        if path.is_file()
    )


def load(dump: Path) -> None:
    """In one transaction. Raises BackupError where the database refuses: it is as it was then."""
    address, environment = reach()
    words = [program("psql"), address, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    environment["PGOPTIONS"] = "-c client_min_messages=warning"
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(  # noqa: S603 (PostgreSQL's own program, our own words)
            [*words, "--output=/dev/null"], stdin=subprocess.PIPE, stderr=said, env=environment
        )
        if running.stdin:
            pour(dump, running.stdin)
        if running.wait():
            said.seek(0)
            why = said.read(2000).decode(errors="replace").strip().splitlines()
            raise BackupError(f"The database refused: {why[0] if why else 'no reason given'}. It is as it was.")


def pour(dump: Path, psql: IO[bytes]) -> None:
    try:
        psql.write(EMPTY)
        with gzip.open(dump) as lines:
            for line in lines:
                if not line.startswith(NOT_FOR_OLDER):
                    psql.write(line)
        psql.close()
    except BrokenPipeError:
        return  # it stopped at an error, which it names


def put_keys(keys: Path) -> None:
    """Where other keys stand, these are kept beside the folder: what they sealed has to be verified with them."""
    folder = key_folder()
    if is_other(folder, keys):
        kept = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        folder.rename(kept)
        say(f"The keys that were here are kept in {kept}.")
    for path in sorted(keys.rglob("*")) if keys.is_dir() else []:
        target = folder / path.relative_to(keys)
        if path.is_dir():
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
        else:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(0o600)


def park_mail(connection: psycopg.Connection[tuple[object, ...]], manifest: Manifest) -> int:
    return connection.execute(PARK, [PARKED.format(made_at=manifest.made_at)]).rowcount


def tell(manifest: Manifest, found: Holdings, parked: int) -> int:
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
    if parked:
        say(f"{parked} mails that waited then are parked: whether they went out since is not known. Send each by hand.")
    for name, mark in secret_marks().items():
        if manifest.secrets.get(name) != mark:
            say(f"{name} is another one here: set the old one, or what was sealed with it cannot be read.")
    return 0
