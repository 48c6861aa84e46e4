"""The first table of a close report: each promise and what was measured, a line each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from reports.closing.counting import days, not_recorded, part, span
from reports.sheets.blocks import Prose
from reports.sheets.phrases import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from reports.sheets.blocks import Block
    from reports.sheets.desk import Desk

MINUTE = 60
Line = tuple[str, str, str]  # the key of what it is about, what was promised, what was measured


def overview(desk: Desk) -> list[Block]:
    rows = [
        [desk.cell(desk.words(f"close.{key}"), is_strong=True), desk.own(promised), desk.own(measured)]
        for key, promised, measured in (*_quoted(desk), *_planned(desk), *_mail(desk), *_after(desk))
    ]
    note = desk.words("close.fingerprint_note", percent_from=desk.part("percent_from"))
    return [desk.table("close.table", rows, "quarter", "third", ""), Prose(desk.own(note), is_note=True)]


def _offered(desk: Desk, key: str) -> Any:
    return (desk.part("offer") or {}).get(key)


def _quoted(desk: Desk) -> Iterator[Line]:
    words, quoted, total = desk.words, desk.part("quoted"), _offered(desk, "total")
    measured = not_recorded(desk)
    if total:
        values = {"count": desk.figure(desk.part("agreements")), "reference": _offered(desk, "reference")}
        measured = words("close.fee_measured", **values, not_recorded=not_recorded(desk))
    yield "fee", say(words, total) if total else not_recorded(desk), measured
    took = span(desk, quoted["took"])
    late = words("close.quote_late", span=took) if quoted["was_late"] else took
    yield "quote", words("close.quote_promised", hours=quoted["promised_hours"]), late


def _planned(desk: Desk) -> Iterator[Line]:
    words, phases, gates = desk.words, desk.part("phases"), desk.part("gates")
    ended = [row for row in phases if row["actual_days"] is not None]
    kept = sum(row["actual_days"] <= row["planned_days"] for row in ended)
    promised = words("close.phases_promised", count=len(phases)) if phases else not_recorded(desk)
    yield "phases_kept", promised, _of(desk, "close.phases_measured", kept, len(ended))
    dated = [row for row in gates if row["promised_on"]]
    signed = [row for row in dated if row["signed_at"]]
    in_time = sum(_signed_on(desk, row) <= row["promised_on"] for row in signed)
    promised = words("close.gates_promised", count=len(dated)) if dated else not_recorded(desk)
    yield "gates_kept", promised, _of(desk, "close.gates_measured", in_time, len(signed))


def _of(desk: Desk, key: str, count: int, among: int) -> str:
    return desk.words(key, part=part(desk, count, among))


def _signed_on(desk: Desk, row: dict[str, Any]) -> str:
    """The day at the customer, as it is written in a document: one that sorts."""
    return datetime.fromisoformat(row["signed_at"]).astimezone(desk.words.zone).date().isoformat()


def _mail(desk: Desk) -> Iterator[Line]:
    words, mail, back = desk.words, desk.part("mail"), desk.part("way_back")
    told = part(desk, mail["missing"], mail["recipients"], may_share=False) if mail else not_recorded(desk)
    yield "missing", words("close.missing_promised"), told
    ended = [row for row in back["returns"] if row["took"] is not None]
    kept = sum(row["took"] <= back["limit"] for row in ended)
    promised = words("close.back_promised", span=span(desk, back["limit"]))
    yield "back_kept", promised, _of(desk, "close.back_measured", kept, len(ended))
    full = sum(not row["is_drill"] for row in back["returns"])
    undone = (desk.part("window") or {}).get("fallen_back", 0)
    counts = {"full": full, "lowered": back["lowered"], "undone": undone}
    yield "rolled_back", words("close.rolled_promised"), words("close.rolled_measured", **counts)
    yield "window", _promised_days(desk, "rollback_days"), window_words(desk)
    yield "streams", words("close.streams_promised"), _streams(desk)


def _promised_days(desk: Desk, key: str) -> str:
    count = _offered(desk, key)
    return days(desk, count) if count else desk.words("close.nothing_promised")


def window_words(desk: Desk) -> str:
    words, window = desk.words, desk.part("window")
    if not window:
        return words("close.no_window")
    if window["days"] is None:
        return words("close.no_cutover_stands", count=window["cutovers"])
    key = "close.window_closed" if window["closed_at"] else "close.window_open"
    last = words.moment(window["closed_at"] or window["ends_at"])
    return words(key, days=days(desk, window["days"]), first=words.moment(window["done_at"]), last=last)


def _streams(desk: Desk) -> str:
    streams = desk.part("streams")
    if not streams["known"]:
        return not_recorded(desk)
    known, stay = streams["known"], len(streams["staying"])
    parts = {"moved": part(desk, streams["migrating"], known), "stay": part(desk, stay, known)}
    return desk.words("close.streams_measured", **parts, undecided=desk.figure(streams["undecided"]))


def _after(desk: Desk) -> Iterator[Line]:
    words, watch, training = desk.words, desk.part("watch"), desk.part("training")
    told = not_recorded(desk)
    if watch:
        held = part(desk, watch["logged"], watch["days"])
        told = words("close.watch_measured", days=days(desk, watch["days"]), part=held)
    yield "watch", _promised_days(desk, "monitoring_days"), told
    included, books = training["included"], desk.part("runbooks")
    promised = words("close.nothing_promised") if included is None else span(desk, included * MINUTE)
    sessions = {"held": span(desk, training["held"] * MINUTE), "sessions": desk.figure(training["sessions_held"])}
    yield "training", promised, words("close.training_measured", **sessions)
    yield "runbooks", words("close.runbooks_promised"), part(desk, books["in_force"], books["needed"])
