"""What came of a reconciliation, for programs and for people."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from delivery.reconciliation.notes import JOURNAL, accepted_by, notes_of
from delivery.reconciliation.rules import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from delivery.logs.engine import Engine, Row
    from delivery.logs.sources import Told

LISTED = ("missing", "duplicate", "ambiguous")
ENDED = ("delivered", "bounced", "expired", "removed", "discarded", "queued")
SAME = 2  # seconds: many logs write whole ones
SAME_CLOCK = f"its clock within {SAME} s of the journal's"
OUTSIDE = "out of window"
MOMENTS = ("accepted", "ended", "again")
COLUMNS = (
    *("state", "cause", "message_id", "recipient", "path", "trace", "accepted", "ended", "became", "file", "ended_on"),
    *("again", "again_became", "again_on", "again_file"),
)


def messages_text(found: Mapping[str, Any]) -> str:
    """How many messages a run saw. They are told apart by their trace alone: without one nobody can count them."""
    if found["recipients"] and not found.get("messages"):
        return "not counted, because the journal names no trace"
    return f"{found.get('messages', 0):,}"


def as_json(engine: Engine, told: list[Told]) -> dict[str, Any]:
    again: dict[int, int] = dict(engine.rows("SELECT file, count(*) FROM told_again GROUP BY file"))
    return {
        **accepted_of(engine),
        "states": states_of(engine),
        **{state: listed(engine, state) for state in LISTED},
        "causes": causes_of(engine),
        "balance": balance_of(engine),
        "lines": {
            str(each.source.path): {
                **lines_of(each),
                "again": again.get(each.source.number, 0),
                **clock_of(engine, each),
            }
            for each in told
        },
        "accepted_by": accepted_by(engine),
        "notes": notes_of(engine, told),
    }


def accepted_of(engine: Engine) -> dict[str, Any]:
    return {
        "messages": engine.value("SELECT count(DISTINCT trace) FROM journal WHERE outcome = 'accepted'"),
        "recipients": engine.value("SELECT count(*) FROM journal WHERE outcome = 'accepted'"),
    }


def clock_of(engine: Engine, told: Told) -> dict[str, Any]:
    """By how many seconds the clock of a log is ahead of the journal's, and what shows it; None where nothing does."""
    if told.source.kind == "journal":
        return {}
    rows = engine.rows("SELECT round(ahead, 1), measured_by FROM clocks WHERE file = $file", file=told.source.number)
    ahead, measured_by = rows[0] if rows and accepted_by(engine) == JOURNAL else (None, None)
    return {"clock_ahead": ahead, "clock_by": measured_by}


def clock_text(lines: Mapping[str, Any]) -> str:
    """How the clock of a log stands to the journal's; "" where nothing tells. Old runs do not say what showed it."""
    ahead = lines.get("clock_ahead")
    if ahead is None:
        return ""
    if lines.get("clock_by") == "reception":
        way = "ahead of" if ahead > 0 else "behind"
        return SAME_CLOCK if abs(ahead) <= SAME else f"its clock {abs(ahead):,.1f} s {way} the journal's"
    if ahead < 0:
        return f"its clock at least {-ahead:,.1f} s behind the journal's"
    return f"its clock at most {ahead:,.1f} s ahead of the journal's (the quickest delivery is part of that)"


def states_of(engine: Engine) -> dict[str, int]:
    counted = dict.fromkeys(STATES, 0)
    counted["matched"] = engine.value("SELECT count(*) FROM ledger ANTI JOIN odd USING (key)")
    for state, count in engine.rows("SELECT state, count(*) FROM cases WHERE state <> 'none' GROUP BY state"):
        counted[state] += count
    return counted


def listed(engine: Engine, state: str) -> list[list[str]]:
    rows = engine.rows(
        "SELECT message_id, recipient FROM cases WHERE state = $state "
        "ORDER BY coalesce(accepted, ended), message_id, recipient",
        state=state,
    )
    return [[message_id or "", recipient or ""] for message_id, recipient in rows]


def causes_of(engine: Engine) -> dict[str, int]:
    return dict(
        engine.rows(
            "SELECT cause, count(DISTINCT (id_of(message_id), person(recipient))) FROM cases WHERE cause IS NOT NULL "
            "GROUP BY cause ORDER BY cause"
        )
    )


def balance_of(engine: Engine) -> dict[str, Any]:
    """Per path and hour: accepted = the sum of ENDED + out of window + difference.

    `noise` is the share of the difference in what the logs cover: of Postfix alone, before any split, what its logs
    never account for.
    """
    paths: dict[str, Any] = {}
    for path, hour, became, count in engine.rows("SELECT path, hour, became, recipients FROM balance ORDER BY ALL"):
        of_path = paths.setdefault(path, {**empty(), "hours": {}})
        of_hour = of_path["hours"].setdefault(moment(hour), empty())
        for each in (of_path, of_hour):
            each["accepted"] += count
            each[became if became in (*ENDED, OUTSIDE) else "difference"] += count
    for each in paths.values():
        each["noise"] = each["difference"] / max(each["accepted"] - each[OUTSIDE], 1)
    return paths


def empty() -> dict[str, Any]:
    return dict.fromkeys(("accepted", *ENDED, OUTSIDE, "difference"), 0)


def moment(seconds: float | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def lines_of(told: Told) -> dict[str, Any]:
    return {
        "read": told.read,
        "not_understood": told.not_understood,
        "first": [{"offset": sample.offset, "text": sample.text} for sample in told.samples],
        "troubles": [*([told.shortcoming] if told.shortcoming else []), *told.troubles],
    }


def write_csv(engine: Engine, folder: Path) -> None:
    """All cases in one file, and one file for each state that has some."""
    folder.mkdir(parents=True, exist_ok=True)
    for state in (*STATES[1:], "explained"):
        where = "state = $state" if state != "explained" else "cause IS NOT NULL AND $state <> ''"
        rows = engine.rows(f"SELECT {', '.join(COLUMNS)} FROM cases WHERE {where} ORDER BY ALL", state=state)  # noqa: S608 (our own words)
        with (folder / f"{state.replace(' ', '-')}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            writer.writerows(map(written, rows))


def written(row: Row) -> list[Any]:
    return [moment(value) if name in MOMENTS else value for name, value in zip(COLUMNS, row, strict=True)]
