"""Remembers for which code the embedded database was made ready, so that the next start need not look."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from portal.embedded import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = ("*/migrations/*.py", "accounts/guard/*.*", "portal/prepare.py", "requirements/runtime.txt")


class Stamp:
    """Beside the cluster: who deletes the cluster's folder deletes the stamp."""

    def __init__(self, folder: Path, *, wants_demo: bool = False) -> None:
        self._path = folder / "postgres" / "prepared.json"
        self._wants_demo = wants_demo

    def is_current(self) -> bool:
        try:
            written = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return False
        return bool(written["code"] == code_digest() and (written["demo"] or not self._wants_demo))

    def write(self) -> None:
        self._path.write_text(json.dumps({"code": code_digest(), "demo": self._wants_demo}))

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def code_digest() -> str:
    """Of everything a database is prepared from; what the packages bring stands for itself in their lock file."""
    digest = hashlib.sha256()
    for path in (path for pattern in SOURCES for path in sorted(ROOT.glob(pattern))):
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
