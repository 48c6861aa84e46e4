"""What becomes of the configuration on the target: how much carries over, and each gap with the customer's decision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.counting import counted
from discovery.gap_choices import PRICE
from discovery.gaps import targets_of
from discovery.models import Gap
from discovery.translation_queries import sets_to_deliver
from engagements.models import Engagement
from reports.content.settled import People

WAITING = "Not decided yet"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Constructs with an equal or a rewrite on a target, of all that are not dropped."""

    target: str
    covered: int
    counted: int


@dataclass(frozen=True, slots=True)
class GapRow:
    reference: str
    name: str
    target: str
    host: str
    upload: int
    place: str
    line: str
    translation: str
    loss: str
    price: str
    recommended: str
    recommendation: str
    choice: str
    note: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Translated:
    coverage: Sequence[Coverage] = field(default_factory=tuple)
    gaps: Sequence[GapRow] = field(default_factory=tuple)


def translated_content(engagement: Engagement, numbers: Mapping[str, int], people: People) -> Translated:
    """On the target that was chosen, until then on both. `numbers` cites uploads."""
    targets = targets_of(engagement)
    told = Gap.objects.filter(engagement=engagement).on(targets).select_related("row", "decided_by")
    sets = sets_to_deliver(engagement)
    return Translated(
        coverage=[Coverage(one.get_target_display(), one.covered_count, one.counted_count) for one in sets],
        gaps=[_row(gap, numbers.get(gap.host_label, 0), people) for gap in told.order_by("number")],
    )


def _row(gap: Gap, upload: int, people: People) -> GapRow:
    row = gap.row
    return GapRow(
        reference=gap.reference,
        name=f"{row.kind} {row}",
        target=gap.get_target_display(),
        host=gap.host_label,
        upload=upload,
        place=row.place,
        line=row.value,
        translation=row.get_letter_display(),
        loss=row.loss,
        price=PRICE,
        recommended=gap.get_recommended_display(),
        recommendation=gap.recommendation,
        choice=gap.get_choice_display() if gap.choice else WAITING,
        note=gap.note,
        decided_by=people.name_of(gap.decided_by),
        decided_at=gap.decided_at,
    )


def accepted_of(translated: Translated) -> Iterator[str]:
    """What a signature accepts of it: what is built in numbers, what changes line by line."""
    for one in translated.coverage:
        yield f"{one.covered} of {counted(one.counted, 'construct')} with an equal or a rewrite on {one.target}"
    for choice in (Gap.Choice.LUA, Gap.Choice.APPLICATION):
        if count := sum(row.choice == choice.label for row in translated.gaps):
            yield f"{choice.label} for {counted(count, 'line')}, {PRICE.lower()}"
    for row in translated.gaps:
        if row.choice == Gap.Choice.ACCEPT.label:
            yield f"Behaviour change {row.reference}, {row.name} ({row.host}, {row.place}): {row.loss}"
    if waiting := sum(row.choice == WAITING for row in translated.gaps):
        yield f"{counted(waiting, 'line')} without a decision"
