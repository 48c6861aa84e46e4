"""`gatepost reconcile`: what the journal of the proxy and the logs of both MTAs say together; no database."""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from core.counting import counted
from delivery.logs.engine import MEMORY, THREADS, open_engine
from delivery.logs.sources import LogUnreadable
from delivery.reconciliation.notes import LOGS, NOBODY
from delivery.reconciliation.partitions import Partitions
from delivery.reconciliation.reconciling import reconcile
from delivery.reconciliation.report import ENDED, OUTSIDE, as_json, clock_text, messages_text, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Kind, Told

KINDS: tuple[Kind, ...] = ("journal", "postfix", "powermta", "kumomta")
CLEAN, FOUND, REFUSED = 0, 1, 2
LOOKED_AT = ("missing", "duplicate", "ambiguous", "out of window")
STATUS = """\
exit status:
  0  it was compared, whatever came out; with --exit-code: every accepted recipient came to one end, or is on its way
  1  with --exit-code: something to look at: missing, duplicate, ambiguous or out of window
  2  called wrongly, or a file cannot be opened; with --exit-code also: nothing of a file was understood, or the journal
     tells of no message. What was compared without it is printed
"""
PERCENT = 100
AMOUNT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B|%)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """Of memory, as it was asked for."""

    number: float
    unit: str

    def __str__(self) -> str:
        return f"{self.number:g}{self.unit}"

    def share(self, holders: int) -> str:
        return f"{self.number / holders:.3f}{self.unit}"


def main(argv: Sequence[str]) -> int:
    """The exit status: see STATUS. With REFUSED there is one sentence when nothing was compared at all."""
    options = parser().parse_args(list(argv))
    paths = [(kind, path) for kind in KINDS for path in getattr(options, kind)]
    if not paths:
        parser().error("name a journal or a log to read")
    # With parts, one half of the memory is for what reads and judges all of them.
    memory = options.memory.share(2 if options.partitions else 1)
    try:
        with open_engine(memory=memory, threads=options.threads, spill=options.spill) as engine:
            parts = parts_of(engine, options) if options.partitions else None
            told = reconcile(engine, paths, secret=secret_of(options.recipients_key), parts=parts)
            found = as_json(engine, told)
            if options.csv:
                write_csv(engine, options.csv)
    except LogUnreadable as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    except duckdb.OutOfMemoryException:
        said = f"--memory {options.memory} is too little for these files. Give more. Nothing was compared."
        sys.stderr.write(f"{said}\n")
        return REFUSED
    sys.stdout.write((json.dumps(found, indent=2) if options.json else "\n".join(describe(found))) + "\n")
    return status_of(found, told) if options.exit_code else CLEAN


def status_of(found: dict[str, Any], told: list[Told]) -> int:
    if any(each.is_failing for each in told) or found["accepted_by"] == NOBODY:
        return REFUSED
    return FOUND if any(found["states"][state] for state in LOOKED_AT) else CLEAN


def parts_of(engine: Engine, options: argparse.Namespace) -> Partitions:
    """One process a thread; they share the half of the memory that the engine leaves."""
    workers = min(options.threads, options.partitions)
    return Partitions(engine.folder, options.partitions, workers, options.memory.share(2 * workers))


def amount(text: str) -> Amount:
    read = AMOUNT.fullmatch(text)
    if not read or not float(read[1]) or (read[2] == "%" and float(read[1]) > PERCENT):
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of memory; write it as 500MB, 2GB or 50%")
    return Amount(float(read[1]), read[2])


def count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no count; write a whole number from 1 up")
    return int(text)


def secret_of(path: Path | None) -> bytes:
    try:
        return path.read_bytes().strip() if path else b""
    except OSError as error:
        raise LogUnreadable(f"{path} cannot be read: {error.strerror or error}.") from error


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="gatepost reconcile",
        description="Say of every message that the proxy accepted what became of it.",
        epilog=STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for kind, text in (
        ("journal", "the journal of the proxy: its folder, its files, or what `gatepost journal DIR --json` prints"),
        ("postfix", "mail logs of the old side"),
        ("powermta", "accounting files of PowerMTA"),
        ("kumomta", "log segments of KumoMTA"),
    ):
        made.add_argument(f"--{kind}", nargs="+", action="extend", default=[], type=Path, metavar="FILE", help=text)
    made.add_argument(
        "--recipients-key", type=Path, metavar="FILE", help="the secret with which the journal hashes recipients"
    )
    add_ways_to_tell(made)
    made.add_argument("--memory", default=MEMORY, type=amount, help=f"what the engine may take of memory ({MEMORY})")
    made.add_argument("--threads", default=THREADS, type=count, help=f"threads of the engine ({THREADS})")
    made.add_argument(
        "--partitions", type=count, default=0, metavar="N", help="judge in N parts, each by a process of its own"
    )
    made.add_argument("--spill", type=Path, metavar="DIR", help="where what does not fit into memory goes meanwhile")
    return made


def add_ways_to_tell(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="print everything as JSON")
    made.add_argument("--exit-code", action="store_true", help="end with 1 or 2 where there is something to look at")
    made.add_argument("--csv", type=Path, metavar="DIR", help="write the full lists there")


def place_of(offset: int | None) -> str:
    return "at a place that is not known" if offset is None else f"at byte {offset}"


def describe(found: dict[str, Any]) -> Iterator[str]:
    """The result as text for people."""
    yield from found["notes"]
    if found["accepted_by"] != NOBODY:
        yield from describe_ledger(found)
    for file, lines in found["lines"].items():
        clock = f", {clock_text(lines)}" if clock_text(lines) else ""
        yield f"{file}: {counted(lines['read'], 'line')}, {lines['not_understood']:,} not understood{clock}"
        yield from (f"  {trouble}" for trouble in lines["troubles"])
        if lines["again"]:
            yield f"  {lines['again']:,} of what it tells stands in another file too; it was counted once"
        yield from (f"  {place_of(each['offset'])}: {each['text']}" for each in lines["first"])


def describe_ledger(found: dict[str, Any]) -> Iterator[str]:
    whose = " by the word of the logs alone" if found["accepted_by"] == LOGS else ""
    yield f"messages: {messages_text(found)}; recipients: {found['recipients']:,}{whose}"
    yield from (f"  {state:14} {count:>12,}" for state, count in found["states"].items())
    for cause, count in found["causes"].items():
        yield f"  {count:,} explained by {cause}"
    for path, each in found["balance"].items():
        ended = ", ".join(f"{each[name]:,} {name}" for name in (*ENDED, OUTSIDE) if each[name])
        yield f"{path}: {each['accepted']:,} accepted = {ended or 'nothing'}, {each['difference']:,} not accounted for"
    for state in ("missing", "duplicate", "ambiguous"):
        yield from (f"{state}: {message_id} to {recipient}" for message_id, recipient in found[state])
