"""A PostgreSQL of one's own, out of a wheel: for trying Gatepost and for its tests.

Whoever needs the server holds a shared lock on `users.lock` in its folder. A keeper process (`portal.keeper`) runs the
server for as long as somebody holds it and stops it after the last one let go or died: nobody has to tidy up, and
`up`, `manage`, `test` and `shell` can come and go in any order.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.locks import FileLock, alone, is_held

LONGEST_SOCKET_FOLDER = 80  # the system allows 107 bytes for the whole name of a socket
START_SECONDS = 60
ROOT = Path(__file__).resolve().parents[1]
# Everything a running portal writes; another folder makes another portal.
VAR = Path(os.environ.get("GATEPOST_VAR") or ROOT / "var").resolve()


class EmbeddedError(Exception):
    """The server cannot run here. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server keeps its things."""

    folder: Path

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def users_lock(self) -> Path:
        return self.folder / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.folder / "keeper.lock"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def sockets(self) -> Path:
        """A folder of sockets only the server's user enters; elsewhere when the path is too long or has a blank."""
        here = self.folder / "socket"
        if len(str(here)) <= LONGEST_SOCKET_FOLDER and " " not in str(here):
            return here
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"gatepost-{digest}"

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={quote(str(self.sockets), safe='')}"


class Hold:
    """A server that runs at least until `release()` or the end of this process."""

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        self._place = Place(folder.resolve())
        self._throwaway = throwaway
        self._lock = FileLock(self._place.users_lock)
        self._lock.share()
        try:
            self.ensure()
        except BaseException:
            self._lock.close()
            raise

    @property
    def url(self) -> str:
        return self._place.url

    def ensure(self) -> None:
        """Start the server where it does not run. Cheap when it does. Raises EmbeddedError."""
        with alone(self._place.folder / "starting.lock"):
            keeper = None if is_held(self._place.keeper_lock) else self._start_keeper()
            self._wait_until_it_answers(keeper)

    def ensure_kept(self) -> None:
        """Start the keeper again should it have been killed: a look at a lock, to be called often."""
        if not is_held(self._place.keeper_lock):
            self.ensure()

    def release(self) -> None:
        self._lock.close()

    def _start_keeper(self) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "portal.keeper", str(self._place.folder)]
        with (self._place.folder / "keeper.log").open("wb") as log:
            return subprocess.Popen(  # noqa: S603 (our own words)
                [*words, "--throwaway"] if self._throwaway else words,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for whoever holds the server, not for the server
            )

    def _wait_until_it_answers(self, keeper: subprocess.Popen[bytes] | None) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(self._place):
            if keeper is not None and keeper.poll() is not None:
                raise EmbeddedError(_why(self._place))
            if time.monotonic() > deadline:
                raise EmbeddedError(f"The database does not answer. What it says: {self._place.log}")
            time.sleep(0.02)


def answers(place: Place) -> bool:
    """Whether the server takes connections."""
    import psycopg  # the keeper has no use for it and starts sooner without

    if not place.sockets.exists():
        return False
    try:
        psycopg.connect(place.url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _why(place: Place) -> str:
    """The last words of a keeper that gave up."""
    log = place.folder / "keeper.log"
    words = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return words[-1] if words else f"The database could not start. What it says: {place.log}"
