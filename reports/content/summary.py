"""The executive summary: sentences computed from the rest of the content, never typed."""

from collections.abc import Iterator, Sequence

from core.counting import counted
from core.wording import day_text
from reports.content.decided import Override
from reports.content.estate import EstateContent
from reports.content.findings import SeverityGroup
from reports.content.offer import Offer
from reports.content.planned import Schedule
from reports.content.translated import Translated, accepted_of

_URGENT = ("blocker", "high")


def summary_of(
    estate: EstateContent, findings: Sequence[SeverityGroup], schedule: Schedule, offer: Offer | None
) -> list[str]:
    return [*_what_runs(estate), *_what_was_found(findings), *_what_it_takes(schedule, offer)]


def accepted_by_signing(
    target: str, findings: Sequence[SeverityGroup], translation: Translated, overrides: Sequence[Override]
) -> list[str]:
    """What a signature accepts, in a few lines: they stand beside the button."""
    total = sum(group.count for group in findings)
    waiting = sum(group.unanswered for group in findings)
    accepts = [f"{target} as the target"] if target else []
    if total:
        accepts.append(f"The answers to {total - waiting} of {counted(total, 'finding')}")
    accepts += accepted_of(translation)
    if overrides:
        accepts.append(f"{counted(len(overrides), 'check')} passed by decision of the lead")
    return accepts


def _what_runs(estate: EstateContent) -> Iterator[str]:
    if not estate.readings:
        yield "No configuration has been read yet: this plan says nothing about the estate."
        return
    parameters = sum(row.parameters for row in estate.instances)
    services = sum(row.services for row in estate.instances)
    addresses = {address for row in estate.instances for address in row.addresses}
    yield (
        f"{counted(len(estate.readings), 'host')} with {counted(len(estate.instances), 'Postfix instance')} "
        f"{'was' if len(estate.readings) == 1 else 'were'} read: {counted(parameters, 'parameter')} set, "
        f"{counted(services, 'service')} in master.cf, "
        f"{counted(len(addresses), 'sending address', 'sending addresses')} bound by name."
    )
    custom = len(estate.milters) + len(estate.scripts)
    if custom:
        yield (
            f"{counted(len(estate.milters), 'milter entry', 'milter entries')} and "
            f"{counted(len(estate.scripts), 'script')} of the customer's have a part in it."
        )
    if estate.missing:
        yield f"{counted(len(estate.missing), 'file')} the configuration points at did not come with the bundle."


def _what_was_found(findings: Sequence[SeverityGroup]) -> Iterator[str]:
    total = sum(group.count for group in findings)
    if not total:
        yield "No rule found anything to report."
        return
    parts = ", ".join(f"{group.count} {group.label.lower()}" for group in findings if group.count)
    verb = "is" if total == 1 else "are"
    yield f"There {verb} {counted(total, 'finding')}: {parts}."
    waiting = sum(group.unanswered for group in findings if group.severity in _URGENT)
    yield (
        f"{counted(waiting, 'blocking or high finding')} {'has' if waiting == 1 else 'have'} no answer yet."
        if waiting
        else "Every blocking and high finding has an answer."
    )


def _what_it_takes(schedule: Schedule, offer: Offer | None) -> Iterator[str]:
    if offer is None:
        yield "No accepted quote on record."
    else:
        diagnosis = offer.said["diagnosis"]
        yield f"Verdict: {diagnosis['label'].lower()}. {diagnosis['explanation']}"
        yield f"The tier is {offer.tier} ({offer.scope}) at a fixed fee of {offer.total}, quote {offer.reference}."
    if schedule.phases:
        first = min(phase.start for phase in schedule.phases)
        last = max(phase.end for phase in schedule.phases)
        yield f"The work is planned from {day_text(first)} to {day_text(last)}."
