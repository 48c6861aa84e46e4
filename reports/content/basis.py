"""What the plan was worked out on besides the estate: measured volumes, answers, addresses, generated files.

It belongs to the moment of freezing: mail logs go on being read in the phases that follow, and none of them makes a
signed plan untrue. So while a document is out for signature or signed, the basis is the one that is printed in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from discovery.advice import advice_for
from discovery.host_mail import logs_of
from discovery.measured import volume_of
from discovery.models import LogReading
from discovery.stated import stated_volume
from discovery.translation_queries import sets_to_deliver
from reports.content import as_content
from reports.content.answered import Answered, answers_of
from reports.content.basis_rows import addresses, domains, filters, pools, programs, signing_keys
from reports.content.generated import GeneratedFile, LetterCount, generated_files, letters_of, ways_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discovery.estate import Estate
    from discovery.measured import Measured, Volume
    from engagements.models import Engagement
    from reports.content.estate_rows import Row
    from reports.content.settled import People
    from reports.content.ways import Way


@dataclass(frozen=True, slots=True)
class LogRow:
    """A mail log that stands in the sums."""

    number: int
    host: str
    filename: str
    sha256: str
    first: str
    last: str
    lines: int
    uploaded_by: str


@dataclass(frozen=True, slots=True)
class Amount:
    """Recipients outside in a month, on a day or at a provider; `deferred` are attempts that were put off."""

    name: str
    delivered: int
    bounced: int
    deferred: int


@dataclass(frozen=True, slots=True)
class Refused:
    label: str
    means: str
    count: int


@dataclass(frozen=True, slots=True)
class Volumes:
    """`stated` values are None where nobody said them; without a log there are no days."""

    stated_month: int | None
    stated_peak: int | None
    logs: Sequence[LogRow]
    days: int
    first_day: str
    last_day: str
    peak_day: Amount | None
    peak_month: Amount | None
    providers: Sequence[Amount]
    refused: Sequence[Refused]
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Basis:
    """`advice` is the diagnosis of the data points as they stand, for a plan without an accepted quote."""

    advice: str
    volumes: Volumes
    addresses: Sequence[Row]
    pools: Sequence[Row]
    domains: Sequence[Row]
    filters: Sequence[Row]
    keys: Sequence[Row]
    programs: Sequence[Row]
    answers: Sequence[Answered]
    letters: Sequence[LetterCount]
    files: Sequence[GeneratedFile]
    ways: Sequence[Way]


def basis_of(
    engagement: Engagement, facts: Estate, settled: Mapping[str, Any], numbers: Mapping[str, int], people: People
) -> Mapping[str, Any]:
    """JSON-ready. `numbers` cites uploads."""
    if "basis" in settled:
        return dict(settled["basis"])
    advice, sets = advice_for(engagement), sets_to_deliver(engagement)
    return as_content(
        Basis(
            advice=f"{advice.label}. {advice.explanation}" if advice else "",
            volumes=_volumes(engagement, people),
            addresses=addresses(facts, numbers),
            pools=pools(facts, numbers),
            domains=domains(facts, numbers),
            filters=filters(facts, numbers),
            keys=signing_keys(facts, numbers),
            programs=programs(facts, numbers),
            answers=answers_of(engagement, people),
            letters=letters_of(sets),
            files=generated_files(sets),
            ways=ways_of(sets),
        )
    )


def _volumes(engagement: Engagement, people: People) -> Volumes:
    measured, stated = volume_of(engagement), stated_volume(engagement)
    counted = {log for log, _ in measured.counted}
    logs = LogReading.objects.filter(pk__in=counted).select_related("uploaded_by").defer("figures").order_by("number")
    return Volumes(
        stated_month=stated.month,
        stated_peak=stated.peak_day,
        logs=[_log(row, people) for row in logs],
        days=len(measured.days),
        first_day=measured.days[0].name if measured.days else "",
        last_day=measured.days[-1].name if measured.days else "",
        peak_day=_amount(measured.peak_day),
        peak_month=_amount(measured.peak_month),
        providers=_providers(measured),
        refused=_refused(engagement),
        remarks=measured.overlapping,
    )


def _log(row: LogReading, people: People) -> LogRow:
    return LogRow(
        number=row.number,
        host=row.host_label,
        filename=row.filename,
        sha256=row.sha256,
        first=row.covered_from,
        last=row.covered_to,
        lines=row.line_count,
        uploaded_by=people.name_of(row.uploaded_by),
    )


def _amount(volume: Volume | None) -> Amount | None:
    return Amount(volume.name, volume.delivered, volume.bounced, volume.deferred) if volume else None


def _providers(measured: Measured) -> list[Amount]:
    return [Amount(each.name, each.delivered, each.bounced, each.deferred) for each in measured.providers]


def _refused(engagement: Engagement) -> list[Refused]:
    """Why mail was refused, over the logs that count, the most frequent reason first."""
    counts: dict[tuple[str, str], int] = {}
    read = LogReading.objects.filter(pk__in=[log.pk for log in logs_of(engagement)])
    for rows in read.values_list("figures__categories", flat=True):
        for outcome, label, means, count in rows or ():
            if outcome != "deferred":
                counts[label, means] = counts.get((label, means), 0) + count
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Refused(label, means, count) for (label, means), count in ranked]
