"""Checks of the translation: what nobody classified, what is older than its uploads, what waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.xray.registry import Doubt, Fault, Scene, Whole, check

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Unknown:
    """A construct that the dictionary does not know: row `number` of the set `translation`."""

    name: str
    host: str
    place: str
    translation: int
    number: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """A gap without a decision; `reopened_because` says what an earlier decision did not survive."""

    number: int
    name: str
    host: str
    place: str
    reopened_because: str


@dataclass(frozen=True, slots=True)
class TranslationFacts:
    """What is known of the newest sets of the targets that may be delivered. `newer` are (upload, host)."""

    unknown: tuple[Unknown, ...]
    newer: tuple[tuple[int, str], ...]
    undecided: tuple[Undecided, ...]


NOT_YET = Doubt("Nothing has been translated yet.")
DECISIONS = Whole("All decisions", "translation_gaps")


@check(
    "constructs_classified",
    "Every construct is classified",
    whole=Whole("All of them in the translation", "translation", query="?letter=not+classified#map"),
)
def constructs_classified(scene: Scene) -> Iterator[Fault | Doubt]:
    if scene.translation is None:
        yield NOT_YET
        return
    for row in scene.translation.unknown:
        sentence = f"{row.name} is not classified: that blocks the plan. ({row.host}, {row.place})"
        yield Fault(sentence, "translation_row", (row.translation, row.number))


@check("translation_current", "The translation is made from the newest uploads")
def translation_current(scene: Scene) -> Iterator[Fault | Doubt]:
    if scene.translation is None:
        yield NOT_YET
        return
    for upload, host in scene.translation.newer:
        yield Fault(f"The translation is older than upload {upload} of {host}.", "translation")


@check("gaps_decided", "Every gap and all custom work has the customer's decision", whole=DECISIONS)
def gaps_decided(scene: Scene) -> Iterator[Fault | Doubt]:
    if scene.translation is None:
        yield NOT_YET
        return
    for gap in scene.translation.undecided:
        if not gap.reopened_because:
            yield Fault(f"{gap.name} waits for a decision. ({gap.host}, {gap.place})", "translation_gap", (gap.number,))


@check("decisions_held", "No decision was overtaken by a newer configuration", whole=DECISIONS)
def decisions_held(scene: Scene) -> Iterator[Fault | Doubt]:
    if scene.translation is None:
        yield NOT_YET
        return
    for gap in scene.translation.undecided:
        if gap.reopened_because:
            sentence = f"{gap.name} was decided and is open again. {gap.reopened_because} ({gap.host}, {gap.place})"
            yield Fault(sentence, "translation_gap", (gap.number,))
