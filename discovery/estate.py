"""The current inventory of an engagement as plain values: what pages show and what the plan is printed from.

Everything here can be given to `dataclasses.asdict` and then to JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The words of the rule packs for what becomes of a construct; not-applicable has no class.
CLASS_LETTERS = {"direct": "N", "partial": "R", "custom": "C", "feature-change": "X"}


@dataclass(frozen=True, slots=True)
class HostReading:
    """The upload that speaks for a host now."""

    host: str
    upload: int
    filename: str
    sha256: str
    files: int
    skipped: int
    not_understood: int
    secrets_hidden: int


@dataclass(frozen=True, slots=True)
class Row:
    """A fact with its host, its instance and the place it was read from. `values` are named as in the table's model."""

    host: str
    upload: int
    instance: str
    file: str
    line: int
    values: dict[str, Any]

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def jump(self) -> str:
        return jump_to(self.line)


def finding_reference(number: int) -> str:
    """As people cite it."""
    return f"F-{number:03}"


def jump_to(line: int) -> str:
    """What follows the address of a file so that the page opens at the line."""
    return f"?line={line}#L{line}" if line else ""


@dataclass(frozen=True, slots=True)
class FindingRow:
    number: int
    reference: str
    host: str
    instance: str
    rule: str
    title: str
    severity: str
    confidence: str
    file: str
    line: int
    evidence: str
    message: str
    why: str
    translation_class: str
    suggested_classes: dict[str, str]
    impact: str
    proposal: str
    effort: int
    state: str
    dismissal: str
    decision_note: str
    decided_by: str

    def letter(self, target: str) -> str:
        """N, R, C or X on a target: as a person decided, else as the rule suggests, else empty."""
        return self.translation_class or CLASS_LETTERS.get(self.suggested_classes.get(target, ""), "")


@dataclass(frozen=True, slots=True)
class DossierRow:
    """What counts about a component: stated by a person, else read. `is_stated` once anybody has written into it."""

    reference: str
    number: int
    kind: str
    name: str
    host: str
    owner: str
    language: str
    line_count: str
    source: str
    replacement: str
    note: str
    is_found: bool
    is_gone: bool
    is_stated: bool
    unknown: tuple[str, ...]
    differs: tuple[str, ...]  # labels of fields about which people and files disagree
    found_as: str
    found_name: str


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A stream as people left it. `route` is migrate, stay or undecided; `kind` is "" for one that was added."""

    number: int
    reference: str
    key: str
    name: str
    kind: str
    purpose: str
    state: str
    route: str
    route_reason: str


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything that is known now: the latest upload of each host, the findings they still show, what people added."""

    hosts: tuple[HostReading, ...]
    instances: tuple[Row, ...]
    parameters: tuple[Row, ...]
    services: tuple[Row, ...]
    maps: tuple[Row, ...]
    milters: tuple[Row, ...]
    transports: tuple[Row, ...]
    scripts: tuple[Row, ...]
    cron_jobs: tuple[Row, ...]
    problems: tuple[Row, ...]
    missing_files: tuple[Row, ...]
    findings: tuple[FindingRow, ...]
    dossiers: tuple[DossierRow, ...]
    addresses: tuple[Row, ...]
    pools: tuple[Row, ...]
    stream_proposals: tuple[Row, ...]
    domains: tuple[Row, ...]
    tenants: tuple[Row, ...]
    doors: tuple[Row, ...]
    filters: tuple[Row, ...]
    signing_keys: tuple[Row, ...]
    streams: tuple[StreamRow, ...]

    @property
    def is_empty(self) -> bool:
        return not self.hosts and not self.dossiers

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, by the name of the tuple, and how many parameters are in use."""
        names = (
            "hosts",
            "instances",
            "services",
            "maps",
            "milters",
            "transports",
            "scripts",
            "cron_jobs",
            "problems",
            "missing_files",
            "findings",
            "dossiers",
        )
        counted = {name: len(getattr(self, name)) for name in names}
        counted["milters"] = len({(row.host, row.values["socket"]) for row in self.milters})  # several settings ask one
        counted["parameters"] = sum(1 for row in self.parameters if row.values["is_used"])
        counted["unused_parameters"] = len(self.parameters) - counted["parameters"]
        counted["custom_transports"] = sum(1 for row in self.transports if row.values["is_custom"])
        counted["files"] = sum(host.files for host in self.hosts)
        counted["secrets_hidden"] = sum(host.secrets_hidden for host in self.hosts)
        return counted

    def findings_by(self, field: str) -> dict[str, list[FindingRow]]:
        """Findings grouped by a field of FindingRow (severity, state, translation_class), in their own order."""
        groups: dict[str, list[FindingRow]] = {}
        for finding in self.findings:
            groups.setdefault(str(getattr(finding, field)), []).append(finding)
        return groups
