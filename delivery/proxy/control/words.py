"""The status of a proxy, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from delivery.proxy.control.reach import say_reach

if TYPE_CHECKING:
    from collections.abc import Iterator

BECAUSE = {
    "rollback": "rolled back",
    "drain": "the other side is drained",
    "unreadable": "the file of decisions cannot be read",
}


def say_status(status: dict[str, Any]) -> str:
    return "\n".join(_lines(status)) + "\n"


def _lines(status: dict[str, Any]) -> Iterator[str]:
    yield _where(status)
    yield from say_reach(status)
    if status["draining"]:
        yield f"Draining since {status['since']}: no new sessions are taken."
    yield from map(_weight, status["weights"])
    yield from map(_cap, status["caps"])
    figures = status["figures"]
    for side in ("old", "new"):
        yield (
            f"To the {side} side: {figures[f'accepted_{side}']} accepted, {figures[f'refused_{side}']} refused, "
            f"{figures[f'unknown_{side}']} of unknown outcome"
        )
    if figures["pins"]:
        yield f"Retries for {figures['pins']} recipients are held to the side that may have their messages"
    for process in status["processes"]:
        yield _process(process)
    yield from _configuration(status["configuration"])


def _weight(row: dict[str, Any]) -> str:
    configured = "" if row["new"] == row["configured"] else f" (the configuration says {row['configured']:g} %)"
    bound = f", up to the cap of {row['pool']}; what is above it goes to the old side" if row["pool"] else ""
    return f"  {row['rule']}: {row['new']:g} % new{configured}{bound}"


def _cap(cap: dict[str, Any]) -> str:
    counted = f"  {cap['pool']}, {cap['provider']}, this {cap['window']}: {cap['used']}"
    if cap["most"] is None:
        return f"{counted} no cap now"
    of = f"{counted} of {cap['most']} recipients"
    if cap["used"] < cap["most"]:
        return of
    window = f"the next {cap['window']} (UTC) begins"
    return f"{of}. Full: the cap holds it, and the rest goes to the old side until {window}."


def _where(status: dict[str, Any]) -> str:
    if status["everything"]:
        why = BECAUSE.get(status["by"], status["by"])
        return f"Everything goes to the {status['everything']} side since {status['since']}: {why}."
    return f"{status['new']:g} % of what no rule decides goes to the new side."


def _process(process: dict[str, Any]) -> str:
    journal = "" if process["journal_available"] else ", its journal cannot be written"
    behind = "" if process["has_this_configuration"] else ", still on another configuration"
    open_now = f"{process['sessions_open']} sessions, {process['transactions_open']} transactions open"
    return f"Process {process['number']} (pid {process['pid']}): {open_now}{journal}{behind}"


def _configuration(configuration: dict[str, Any]) -> Iterator[str]:
    yield f"Configuration {configuration['path']}, read {configuration['loaded_seconds_ago']} s ago"
    if configuration["refused"]:
        yield "The file has changed since and was not taken:"
        yield from (f"  {sentence}" for sentence in configuration["refused"])
    if configuration["waits_for_restart"]:
        yield f"Changed in the file, and waiting for a restart: {', '.join(configuration['waits_for_restart'])}"
