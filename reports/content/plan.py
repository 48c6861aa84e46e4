"""The migration plan, which the customer signs at gate 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discovery.queries import estate_of
from engagements.models import Gate
from reports.content import as_content
from reports.content.basis import basis_of
from reports.content.chosen import Chosen, CostsContent, chosen_content, costs_content
from reports.content.decided import Override, overrides_of
from reports.content.estate import EstateContent, readings_of
from reports.content.findings import SeverityGroup, findings_of
from reports.content.formats import formats
from reports.content.offer import Offer, accepted_offer
from reports.content.planned import Duty, Schedule, duties_of, schedule_of
from reports.content.settled import People, Person, questions_of, settled_content, signers_of, time_zone_of
from reports.content.statistics import statistics_content
from reports.content.summary import accepted_by_signing, summary_of
from reports.content.translated import Translated, translated_content
from reports.content.weighed import WeighedContent, weighed_content


@dataclass(frozen=True, slots=True)
class Plan:
    format: int
    language: str
    time_zone: str
    code: str
    target: str
    accepts: Sequence[str]
    summary: Sequence[str]
    offer: Offer | None
    weighed: WeighedContent | None
    estate: EstateContent
    findings: Sequence[SeverityGroup]
    translation: Translated
    chosen: Chosen
    costs: CostsContent
    statistics: Any
    schedule: Schedule
    duties: Sequence[Duty]
    overrides: Sequence[Override]
    questions: Sequence[Any]
    signers: Sequence[Any]
    basis: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """Everybody the document names."""

    people: Sequence[Person]


def plan_content(gate: Gate) -> dict[str, Any]:
    """The plan as the records stand now."""
    engagement, settled = gate.engagement, settled_content(gate)
    people = People(settled)
    known, offer = estate_of(engagement), accepted_offer(engagement, people)
    estate = EstateContent.of(known, readings_of(engagement, people))
    numbers = {reading.host: reading.number for reading in estate.readings}
    findings, translation = findings_of(engagement, numbers, people), translated_content(engagement, numbers, people)
    overrides, schedule = overrides_of(gate, people), schedule_of(engagement)
    plan = Plan(
        **_opening(gate, settled),
        accepts=accepted_by_signing(engagement.get_target_display(), findings, translation, overrides),
        summary=summary_of(estate, findings, schedule, offer),
        offer=offer,
        estate=estate,
        findings=findings,
        translation=translation,
        **_advice(gate, settled, people),
        **_agreement(gate, settled, people),
        schedule=schedule,
        overrides=overrides,
        basis=basis_of(engagement, known, settled, numbers, people),
    )
    return as_content(plan) | as_content(Named(people.named()))  # every name was asked for by now


def _opening(gate: Gate, settled: dict[str, Any]) -> dict[str, Any]:
    """How it is written, and what about."""
    return {
        "format": formats().format,
        "language": gate.language,
        "time_zone": time_zone_of(gate, settled),
        "code": gate.engagement.code,
        "target": gate.engagement.get_target_display(),
    }


def _advice(gate: Gate, settled: dict[str, Any], people: People) -> dict[str, Any]:
    """What the practice advises and what stands beside it."""
    engagement = gate.engagement
    return {
        "weighed": weighed_content(engagement, settled, people),
        "chosen": chosen_content(engagement, settled, people),
        "statistics": statistics_content(gate),
        "costs": costs_content(engagement, settled, people),
    }


def _agreement(gate: Gate, settled: dict[str, Any], people: People) -> dict[str, Any]:
    """What the two sides owe each other, ask each other and sign."""
    return {
        "duties": duties_of(gate.engagement),
        "questions": questions_of(gate, settled, people),
        "signers": signers_of(gate, settled),
    }
