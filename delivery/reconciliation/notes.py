"""What a reconciliation cannot say, in sentences, so that no zero looks like a proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.counting import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Told

JOURNAL, LOGS, NOBODY = "journal", "logs", ""
SIDES = {"old": "Postfix", "new": "the new side (PowerMTA or KumoMTA)"}
NO_JOURNAL = (
    "There is no journal of the proxy, so nobody knows what it accepted. Each log is held against itself: what it says "
    "it took against what it says became of it. A message that no server took is in no figure here."
)
SILENT = "The logs of {side} do not say what it took, so nothing of them is compared."
NOTHING_READ = (
    "Of the journal of the proxy no acceptance was read ({files}), so nobody knows what was accepted. Whether a "
    "message was lost or came twice cannot be said; no figure here says that none was."
)
NO_LOG = "No log tells what {side} did: of {count} that it took nothing can be said."


def accepted_by(engine: Engine) -> str:
    """Whose word it is that messages were accepted."""
    if not engine.value("SELECT count(*) FROM files WHERE kind = 'journal'"):
        return LOGS
    return JOURNAL if engine.value("SELECT count(*) FROM journal") else NOBODY


def notes_of(engine: Engine, told: list[Told], names: Mapping[str, str] | None = None) -> list[str]:
    """`names` are how files are called, by their path, where that is not the path itself."""
    word = accepted_by(engine)
    if word == LOGS:
        silent = engine.rows("SELECT side FROM windows WHERE NOT says_reception ORDER BY side")
        return [NO_JOURNAL, *(SILENT.format(side=SIDES.get(side, side)) for (side,) in silent)]
    if word == NOBODY:
        paths = (str(each.source.path) for each in told if each.source.kind == "journal")
        return [NOTHING_READ.format(files=", ".join((names or {}).get(path, path) for path in paths))]
    unseen = engine.rows(
        "SELECT path, count(*) FROM journal WHERE outcome = 'accepted' AND path NOT IN (SELECT side FROM windows) "
        "GROUP BY path ORDER BY path"
    )
    return [NO_LOG.format(side=SIDES.get(path, path), count=counted(count, "recipient")) for path, count in unseen]
