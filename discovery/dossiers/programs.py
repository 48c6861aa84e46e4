"""Programs of the customer's own: what runs them, from the transports, crontabs and aliases that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.dossiers.book import UNTOLD, kind_by_name, kind_by_traits, phrases
from discovery.dossiers.notes import Notes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from discovery.estate import Estate, Row

    Opened = Callable[[Row, str, str, str], Notes]  # by found_as, name and the kind it is unless its name tells another

PROGRAM, COMMAND = "program", "command"
PIPE, CRON, SCRIPT = "pipe", "cron", "script"
CALLED_BY = frozenset({"cron", "timer", "alias"})  # how a file that is not in the bundle says what names it


def programs_in(estate: Estate, taken: Iterable[str]) -> Iterator[Notes]:
    """One a host and program; a command of cron without a program of its own is known by its text.

    `taken` are the files in the bundle that belong to a milter or policy daemon already.
    """
    found: dict[tuple[str, str, str], Notes] = {}

    def opened(row: Row, found_as: str, name: str, kind: str) -> Notes:
        notes = Notes(row.host, found_as, name, kind, title=name)
        return found.setdefault(notes.key, notes)

    _from_transports(estate, opened)
    _from_missing(estate, opened)
    _from_scripts(estate, opened, frozenset(taken))
    _from_cron(estate, opened)
    for notes in found.values():
        if notes.kind in {PIPE, SCRIPT}:
            notes.kind = kind_by_name(f"{notes.name} {' '.join(one.what for one in notes.evidence)}") or notes.kind
    yield from found.values()


def _from_transports(estate: Estate, opened: Opened) -> None:
    for row in estate.transports:
        values = row.values
        if values["program"] == PIPE and values["is_custom"]:
            notes = opened(row, PROGRAM, values["script"] or values["name"], PIPE)
            notes.tell("inputs", phrases()["inputs"]["pipe"].format(name=values["name"]), row)
            notes.show(f"Transport {values['name']}", row.file, row.line)


def _from_missing(estate: Estate, opened: Opened) -> None:
    """Programs that cron or an alias starts and that nobody packed."""
    for row in estate.missing_files:
        if row.values["parameter"] in CALLED_BY:
            notes = opened(row, PROGRAM, row.values["path"], SCRIPT)
            notes.show(f"Named in {row.file}", row.file, row.line)
            if row.values["parameter"] == "alias":
                notes.tell("inputs", phrases()["inputs"]["alias"], row)


def _from_scripts(estate: Estate, opened: Opened, taken: frozenset[str]) -> None:
    for row in estate.scripts:
        path = row.values["path"]
        told = row.values["roles"] or kind_by_traits(row.values["kind"]) or kind_by_name(path)
        if path in taken or not told:
            continue
        notes = opened(row, PROGRAM, _on_host(path, estate, row.host), SCRIPT)
        notes.tell_source(row)
        if "alias" in row.values["roles"]:
            notes.tell("inputs", phrases()["inputs"]["alias"], row)


def _on_host(path: str, estate: Estate, host: str) -> str:
    """The path as the host knows it: a bundle may hold its files below a folder of its own."""
    called = [row.values["script"] for row in estate.transports if row.host == host]
    called += [word for row in estate.cron_jobs if row.host == host for word in row.values["command"].split()]
    below = (word for word in called if word.startswith("/") and f"/{path}".endswith(word))
    return max(below, key=len, default=f"/{path}")


def _from_cron(estate: Estate, opened: Opened) -> None:
    """A line of cron that starts a known program is its schedule; one that works on the queue is a component itself."""
    known = set(_known_programs(estate))
    for row in estate.cron_jobs:
        command = row.values["command"]
        started = [word for word in command.split() if (row.host, word) in known]
        kind = kind_by_name(command)
        if not started and kind == UNTOLD:
            continue
        found_as, name = (PROGRAM, started[0]) if started else (COMMAND, command)
        notes = opened(row, found_as, name, CRON if not started else kind or SCRIPT)
        notes.tell("schedule", row.values["schedule"], row)
        notes.show(f"Cron: {row.values['schedule']}", row.file, row.line)


def _known_programs(estate: Estate) -> Iterator[tuple[str, str]]:
    for row in estate.missing_files:
        if row.values["parameter"] in CALLED_BY:
            yield row.host, row.values["path"]
    for row in estate.transports:
        if row.values["script"]:
            yield row.host, row.values["script"]
    for row in estate.scripts:
        yield row.host, _on_host(row.values["path"], estate, row.host)
