"""Reads logs into the tables of an engine: first as they are, and where the engine refuses, as a readable copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from delivery.logs import journal, kumomta, postfix, powermta
from delivery.logs.laundering import Laundered, launder, lines_of, look_through, packing_of
from delivery.logs.shortcomings import judge_file
from delivery.logs.sources import MOST_SAMPLES, LogUnreadable, Sample, Source, Told
from discovery.maillog.samples import masked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from delivery.logs.engine import Engine

    Read = Callable[[Engine, Source, Path, str], None]

READERS: dict[str, Read] = {
    "journal": journal.read,
    "postfix": postfix.read,
    "powermta": powermta.read,
    "kumomta": kumomta.read,
}


def read_log(engine: Engine, source: Source) -> Told:
    """Raises LogUnreadable for a file that cannot be opened; nothing that a file holds makes it raise."""
    told = Told(source)
    try:
        packing, plain = packing_of(source.path), Laundered(source.path)
        told.read, has_long = look_through(plain)
        is_read = not has_long and read_plainly(engine, source, packing)
        laundered = plain if is_read else read_laundered(engine, source)
    except OSError as error:
        raise LogUnreadable(f"{source.path} cannot be read: {error.strerror or error}.") from error
    told.troubles += laundered.troubles
    take_strange(engine, told, laundered)
    judge_file(engine, told)
    if laundered.path != source.path:
        laundered.path.unlink()
    return told


def read_plainly(engine: Engine, source: Source, packing: str) -> bool:
    """False where the engine cannot read it as it is; then nothing of it is in the tables."""
    if not packing:
        return False
    try:
        READERS[source.kind](engine, source, source.path, packing)
    except duckdb.Error:
        return False
    return True


def read_laundered(engine: Engine, source: Source) -> Laundered:
    into = engine.folder / f"{source.number}.log"
    laundered = launder(source.path, into)
    READERS[source.kind](engine, source, into, "none")
    return laundered


def take_strange(engine: Engine, told: Told, laundered: Laundered) -> None:
    """Move the lines that were not understood out of the tables; where the first of them stand is looked for."""
    number = told.source.number
    told.not_understood = engine.value("SELECT count(*) FROM strange WHERE file = $file", file=number)
    if not told.not_understood:
        return
    texts = [
        text
        for (text,) in engine.rows(
            f"SELECT DISTINCT line FROM strange WHERE file = $file LIMIT {MOST_SAMPLES}",  # noqa: S608 (our own number)
            file=number,
        )
    ]
    places = {text: laundered.places[text] for text in texts if text in laundered.places}
    places |= find_lines(told.source.path, [text for text in texts if text not in places])
    told.samples = [Sample(places.get(text), masked(text.encode())) for text in texts]
    told.samples.sort(key=lambda sample: (sample.offset is None, sample.offset or 0))


def find_lines(path: Path, texts: list[str]) -> dict[str, int]:
    wanted = {text.encode(): text for text in texts}
    found: dict[str, int] = {}
    for place, line in lines_of(path) if wanted else ():
        text = wanted.pop(line.rstrip(b"\r"), None)
        if text is not None:
            found[text] = place
            if not wanted:
                break
    return found
