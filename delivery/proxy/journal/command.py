"""`gatepost journal DIR [--json]`: what the proxy's journal says of each transaction; the proxy may be running."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.proxy.journal.reading import Reader
from delivery.proxy.journal.records import JournalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from delivery.proxy.journal.records import Entry

REFUSED = 2
OUTCOMES = ("accepted", "refused", "unknown", "repeated")
DAMAGED = "{}: {} damaged and passed over; what they said can only be found in the logs of the two MTAs.\n"


def main(argv: Sequence[str]) -> int:
    """0 when the journal was read, 2 with one sentence when not."""
    options = parser().parse_args(list(argv))
    reader = Reader(options.directory)
    show = as_json if options.json else as_text
    try:
        for entry in reader:
            if options.outcome in (None, entry.outcome):
                sys.stdout.write(show(entry) + "\n")
        sys.stdout.flush()
    except JournalError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    except BrokenPipeError:  # whoever read it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.stderr.writelines(DAMAGED.format(path, lines(count)) for path, count in reader.damaged.items())
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="gatepost journal", description="Read the journal of the routing proxy.")
    made.add_argument("directory", type=Path, help="what the configuration calls journal")
    made.add_argument("--json", action="store_true", help="a JSON object a line, with every field")
    made.add_argument("--outcome", choices=OUTCOMES, help="only these; `unknown` lists what may be there twice")
    return made


def lines(count: int) -> str:
    return "1 line is" if count == 1 else f"{count:,} lines are"


def as_json(entry: Entry) -> str:
    told: dict[str, Any] = entry._asdict()
    told["key"] = f"{entry.key:016x}"
    del told["hearing"], told["shared"]
    told |= {name: [text(one) for one in told[name]] for name in ("recipients", "doubled")}
    told |= {name: text(told[name]) for name in ("sender", "message_id", "reply")}
    told |= {"time": stamp(entry.time), "concluded": None if entry.concluded is None else stamp(entry.concluded)}
    return json.dumps(told)


def as_text(entry: Entry) -> str:
    who = f"{text(entry.sender) or '<>'} -> {' '.join(text(one) for one in entry.recipients)}"
    end = f"{entry.outcome} {text(entry.reply)!r}" if entry.reply else entry.outcome
    return f"{stamp(entry.time)} {entry.id} {entry.backend} {text(entry.message_id) or '-'} {who} {end}"


def text(field: bytes) -> str:
    return field.decode("utf-8", "backslashreplace")


def stamp(microseconds: int) -> str:
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest).isoformat(timespec="microseconds")
