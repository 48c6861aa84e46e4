"""What a configuration file still says that cannot be taken as a whole: in an emergency, where the journal is."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from delivery.proxy.configuration import journal_folder
from delivery.proxy.control.standing import TURN
from delivery.proxy.tables import Table

if TYPE_CHECKING:
    from pathlib import Path


def find_journal(path: Path) -> Path | None:
    """The folder the file names, if it is a proxy's journal: a decision anywhere else would be obeyed by nobody."""
    mistakes: list[str] = []
    try:
        content = path.read_text(encoding="utf-8", errors="replace")
        found = journal_folder(Table(_remains(content), "", mistakes, path.absolute().parent))[1]
        return found if not mistakes and (found / TURN).is_file() else None
    except OSError:
        return None


def _remains(content: str) -> dict[str, Any]:
    """Of the lines that can be read after those before them."""
    taken, values = "", {}
    for line in content.splitlines():
        try:
            values = tomllib.loads(f"{taken}{line}\n")
        except tomllib.TOMLDecodeError:
            continue
        taken += f"{line}\n"
    return values
