"""Milters and policy daemons: what Postfix asks over a socket."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from discovery.dossiers.book import phrases
from discovery.dossiers.notes import Notes, for_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discovery.estate import Estate, Row

CUSTOM = "custom"
MILTER, POLICY = "milter", "policy"
ASKS_POLICY = re.compile(r"\bcheck_policy_service\s+\{?\s*(?P<socket>[^\s,{}]+)")
SPAWN = "spawn"


def filters_in(estate: Estate) -> Iterator[Notes]:
    """One a host and socket, whatever the number of parameters, services and instances that name it."""
    found: dict[tuple[str, str, str], Notes] = {}
    for row in estate.milters:
        _note_milter(_opened(found, row, MILTER, row.values["socket"]), row, estate)
    for row, parameter, socket, service in _policies(estate):
        _note_policy(_opened(found, row, POLICY, socket), row, for_service(parameter, service), estate)
    yield from found.values()


def _opened(found: dict[tuple[str, str, str], Notes], row: Row, kind: str, socket: str) -> Notes:
    notes = Notes(row.host, kind, socket, kind, title=socket)
    return found.setdefault(notes.key, notes)


def _note_milter(notes: Notes, row: Row, estate: Estate) -> None:
    values = row.values
    asked = phrases()["inputs"].get(values["parameter"], values["parameter"])
    notes.tell("inputs", for_service(asked, values["service"]), row)
    notes.show(for_service(values["parameter"], values["service"]), row.file, row.line)
    for path in values["configuration"]:
        notes.show("Configuration", path, 0)
    if values["product"] == CUSTOM:
        _note_program(notes, values["source"], estate)
        return
    notes.title = values["product"]
    notes.tell("language", phrases()["published"].format(name=values["product"]), row)
    notes.tell("source", "available", row)
    notes.tell("outputs", values["function"][:1].upper() + values["function"][1:], row)


def _policies(estate: Estate) -> Iterator[tuple[Row, str, str, str]]:
    """(line, parameter, socket, service) of every question to a policy daemon."""
    for row in estate.parameters:
        for found in ASKS_POLICY.finditer(row.values["value"]):
            yield row, row.values["name"], found["socket"], ""
    for row in estate.services:
        for name, value, _line in row.values["overrides"]:
            for found in ASKS_POLICY.finditer(value):
                yield row, name, found["socket"], row.values["name"]


def _note_policy(notes: Notes, row: Row, asked: str, estate: Estate) -> None:
    notes.tell("inputs", phrases()["inputs"]["policy"].format(parameter=asked), row)
    notes.show(asked, row.file, row.line)
    notes.title = _product_at(notes, estate) or notes.title
    service = posixpath.basename(notes.name)
    for spawned in estate.services:
        command = spawned.values["command"].split()
        if spawned.host == row.host and spawned.values["name"] == service and command[:1] == [SPAWN]:
            notes.title = service
            notes.show("Started by master.cf", spawned.file, spawned.line)
            _note_program(notes, next((word for word in reversed(command) if "/" in word), "").split("=")[-1], estate)


def _product_at(notes: Notes, estate: Estate) -> str:
    """The published software behind a socket, where its address tells."""
    at_socket = (row for row in estate.filters if row.host == notes.host and row.values["target"] == notes.name)
    return next((row.values["product"] for row in at_socket if row.values["product"] not in {"", CUSTOM}), "")


def _note_program(notes: Notes, path: str, estate: Estate) -> None:
    for script in estate.scripts:
        if path and script.host == notes.host and f"/{script.values['path']}".endswith(f"/{path.lstrip('/')}"):
            notes.tell_source(script)
            return
