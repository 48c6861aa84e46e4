"""Which findings a reader looks at in the review queue, and how an address says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

from django.urls import reverse

from discovery.models import Confidence, Finding, Severity, TranslationClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.models import User
    from discovery.models.finding import FindingQuerySet
    from discovery.review_queries import Known

OPEN = Finding.State.OPEN.value
STATES = [*Finding.State.choices, ("gone", "No longer there"), ("all", "All")]
CLASSES = [*TranslationClass.choices, ("none", "None yet")]
PROPOSALS = [("none", "None yet"), ("written", "Written")]
KNOWN = {
    "state": dict(STATES),
    "severity": dict(Severity.choices),
    "confidence": dict(Confidence.choices),
    "translation_class": dict(CLASSES),
    "proposal": dict(PROPOSALS),
    "source": dict(Finding.Source.choices),
}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Empty means all; `assignee` is "me", "nobody" or an address, `text` is looked for in what a finding says."""

    state: str = OPEN
    severity: str = ""
    confidence: str = ""
    translation_class: str = ""
    proposal: str = ""
    assignee: str = ""
    source: str = ""
    host_label: str = ""
    rule: str = ""
    text: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str], *, state: str = OPEN) -> Self:
        """From an address, or from what a page kept of one. Words nobody knows ask for nothing."""
        names = [field.name for field in fields(cls)]
        told = {name: asked[name].replace("\0", "").strip()[:LONGEST] for name in names if name in asked}
        understood = {name: value for name, value in told.items() if value in KNOWN.get(name, {value: ""})}
        return cls(**{"state": state} | {name: value for name, value in understood.items() if value})

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def is_narrow(self) -> bool:
        """Whether it hides findings of its state."""
        return replace(self, state=OPEN) != QueueFilter()

    @property
    def is_detailed(self) -> bool:
        """Whether it asks for more than state, severity and text."""
        return replace(self, severity="", text="").is_narrow

    def narrow(self, findings: FindingQuerySet, reader: User) -> FindingQuerySet:
        """The asked findings, gravest first."""
        asked = findings.by_severity().in_state(self.state)
        for name in ("severity", "confidence", "source", "host_label", "rule"):
            if value := getattr(self, name):
                asked = asked.filter(**{name: value})
        if self.translation_class:
            asked = asked.of_class(self.translation_class)
        if self.proposal:
            asked = asked.proposing(self.proposal)
        if self.assignee:
            asked = asked.assigned(self.assignee, reader)
        return asked.mentioning(self.text) if self.text else asked

    def url(self, code: str, *, at: Finding | None = None) -> str:
        """The queue as asked, at one of its rows."""
        row = f"&at={at.number}#f-{at.number}" if at else ""
        return f"{reverse('discovery:queue', args=[code])}?{self.query}{row}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One drop-down of the filter: its options as pairs of value and label."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]


def choices_of(known: Known, team: Iterable[User], asked: QueueFilter) -> tuple[Choice, ...]:
    """What there is to choose from; rules, hosts and people are those of the engagement."""
    people = [(person.email, str(person)) for person in team]
    options: dict[str, tuple[str, Iterable[tuple[str, str]]]] = {
        "confidence": ("Confidence", Confidence.choices),
        "translation_class": ("Class", CLASSES),
        "proposal": ("Proposal", PROPOSALS),
        "assignee": ("Assigned to", [("me", "Me"), ("nobody", "Nobody"), *people]),
        "source": ("Source", Finding.Source.choices),
        "host_label": ("Host", [(host, host) for host in known.hosts]),
        "rule": ("Rule", [(rule, rule) for rule in known.rules]),
    }
    return tuple(Choice(name, label, getattr(asked, name), tuple(pairs)) for name, (label, pairs) in options.items())
