"""What is said of streams: which are told, how each stands, and of how much mail none is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.components import Status, StatusKind
from core.counting import counted
from delivery.watch_rows import status_of
from discovery.maillog.streams import NOT_TOLD, stream_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from delivery.models import InsightCard
    from delivery.watch.baseline import Frozen
    from delivery.watch_figures import Material
    from delivery.watch_state import Age, Key, Standing

NO_STREAMS = (
    "This baseline knows no streams: its mail logs name no senders, or were read before hours were kept by stream. "
    "Only all mail together is compared. A log that was taken is not taken again. Other logs with senders tell streams "
    "in a baseline that is frozen after them; where the plan is out for signature or signed, they open phase 1 again."
)
NONE_TOLD = (
    "The newest run tells no streams of the new route: only all mail together is compared. A run that reads logs of "
    "PowerMTA or KumoMTA with their senders tells them."
)
TOO_FEW = "That is too few: no stream is compared with the baseline, only all mail together."
NEW = Status(StatusKind.NOT_STARTED, "Not in the baseline")
SILENT = Status(StatusKind.NOT_STARTED, "No mail on these days")
UNTOLD = Status(StatusKind.NOT_STARTED, "Not compared")
WORST = (StatusKind.PROBLEM, StatusKind.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class StreamRow:
    """Recipients that came to an end: over the days of the baseline, and on the days that are shown."""

    name: str
    label: str
    before: int
    now: int
    status: Status


def streams_note(material: Material) -> str:
    """What is not compared by stream, and why; empty where all is, and before the new route has a log."""
    if not material.frozen.streams or any(material.streams):
        return stream_days_note(material.frozen)
    return NONE_TOLD if material.hours else ""


def stream_days_note(frozen: Frozen) -> str:
    """On how few days of a baseline its streams rest; empty where all of them tell streams."""
    told, days = frozen.stream_days
    if not frozen.streams:
        return NO_STREAMS
    if told == days:
        return ""
    rest = f"{told} of {counted(days, 'day')} of the baseline tell streams."
    return f"{rest} {TOO_FEW}" if frozen.has_too_few_stream_days else rest


def stream_rows(
    material: Material, standings: Sequence[Standing], cards: Mapping[Key, InsightCard], age: Age
) -> list[StreamRow]:
    """The largest first, and what belongs to none that is told; together they are all mail."""
    told = material.told_streams
    rows = [_row(material, name, _status(material, name, standings, cards, age)) for name in told]
    return [*rows, _row(material, NOT_TOLD, UNTOLD)] if told else []


def _row(material: Material, name: str, status: Status) -> StreamRow:
    return StreamRow(name, stream_label(name), material.frozen.ended(name), material.ended(name), status)


def _status(
    material: Material, name: str, standings: Sequence[Standing], cards: Mapping[Key, InsightCard], age: Age
) -> Status:
    """The worst of its figures; where none is bad, how many are known to be good, at all its providers."""
    mine = [each for each in standings if each.stream == name and each.rule.by_stream]
    found = [status_of(each, cards.get(each.key), age) for each in mine]
    for kind in WORST:
        if worst := next((each for each in found if each.kind is kind), None):
            return worst
    if not material.ended(name):
        return SILENT
    if material.frozen.has_too_few_stream_days:
        return UNTOLD
    return _good(found) if name in material.frozen.streams else NEW


def _good(found: Sequence[Status]) -> Status:
    steady = sum(each.kind is StatusKind.COMPLETED for each in found)
    kind = StatusKind.COMPLETED if steady else StatusKind.NOT_STARTED
    return Status(kind, f"{steady} of {counted(len(found), 'figure')} steady")
