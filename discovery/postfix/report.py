"""The shapes in which an audit is handed over. Frozen; `as_json` methods give plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discovery.postfix.bundle import Skipped
from discovery.postfix.estate_facts import (
    Domain,
    Door,
    Filter,
    Pool,
    SendingAddress,
    SigningKey,
    StreamProposal,
    Tenant,
)
from discovery.postfix.facts import (
    CronJob,
    HiddenSecret,
    MapUse,
    Milter,
    MissingFile,
    Problem,
    Script,
    Service,
    Setting,
    Transport,
)
from discovery.postfix.versions import ANY_RELEASE, Release

SEVERITIES = ("blocker", "high", "medium", "low", "info")
CONFIDENCES = ("certain", "likely", "guess")
FACTS = (
    "services", "maps", "milters", "transports", "scripts", "cron_jobs", "addresses", "pools", "stream_proposals",
    "domains", "tenants", "doors", "filters", "signing_keys",
)  # fmt: skip
LISTS = ("bind_addresses", "helo_names", "relay_hosts", "content_filters", "streams")


@dataclass(frozen=True, slots=True)
class Instance:
    """One Postfix instance: a main.cf, its master.cf and what they name.

    `scripts`, `cron_jobs` and `signing_keys` are the host's: they stand with the first instance of each host.
    Instances with the same `likeness` are the same but for their own names, addresses and folders.
    `files` are its main.cf and master.cf in the bundle.
    """

    name: str
    config_directory: str
    parameters: Mapping[str, Setting]
    unused: tuple[Setting, ...] = ()
    services: tuple[Service, ...] = ()
    maps: tuple[MapUse, ...] = ()
    milters: tuple[Milter, ...] = ()
    transports: tuple[Transport, ...] = ()
    scripts: tuple[Script, ...] = ()
    cron_jobs: tuple[CronJob, ...] = ()
    bind_addresses: tuple[str, ...] = ()
    helo_names: tuple[str, ...] = ()
    relay_hosts: tuple[str, ...] = ()
    content_filters: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    addresses: tuple[SendingAddress, ...] = ()
    pools: tuple[Pool, ...] = ()
    stream_proposals: tuple[StreamProposal, ...] = ()
    domains: tuple[Domain, ...] = ()
    tenants: tuple[Tenant, ...] = ()
    doors: tuple[Door, ...] = ()
    filters: tuple[Filter, ...] = ()
    signing_keys: tuple[SigningKey, ...] = ()
    likeness: str = ""
    files: tuple[str, ...] = ()
    release: Release = ANY_RELEASE

    def as_json(self) -> dict[str, Any]:
        """The instance as plain values; `parameters` are those that `postconf -n` prints."""
        return {
            "name": self.name,
            "config_directory": self.config_directory,
            "parameters": {name: setting.as_json() for name, setting in self.parameters.items()},
            "unused_parameters": [{"name": unused.name, **unused.as_json()} for unused in self.unused],
            **{name: [fact.as_json() for fact in getattr(self, name)] for name in FACTS},
            **{name: list(getattr(self, name)) for name in LISTS},
            "likeness": self.likeness,
            "release": {"exact": self.release.exact, "at_least": self.release.lowest},
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about one line.

    `number` (F-001) counts within one report; `fingerprint` is the same in every report
    as long as rule, file and the line's text stay the same.
    """

    number: str
    rule: str
    title: str
    severity: str
    confidence: str
    file: str
    line: int
    evidence: str
    message: str
    why: str
    manual: tuple[str, ...]
    classes: Mapping[str, str]
    effort: int
    instance: str
    fingerprint: str

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.number,
            "rule": self.rule,
            "title": self.title,
            "severity": self.severity,
            "confidence": self.confidence,
            "file": self.file,
            "line": self.line,
            "evidence": self.evidence,
            "message": self.message,
            "why": self.why,
            "manual": list(self.manual),
            "class": dict(self.classes),
            "effort": self.effort,
            "instance": self.instance,
            "fingerprint": self.fingerprint,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one audit says about one bundle."""

    instances: tuple[Instance, ...]
    findings: tuple[Finding, ...]
    missing_files: tuple[MissingFile, ...]
    skipped: tuple[Skipped, ...]
    secrets: tuple[HiddenSecret, ...]

    def as_json(self) -> dict[str, Any]:
        """The six keys that the command line, the API and the golden tests agree on."""
        return {
            "instances": [instance.as_json() for instance in self.instances],
            "findings": [finding.as_json() for finding in self.findings],
            "missing_files": [missing.as_json() for missing in self.missing_files],
            "skipped": [{"path": skipped.path, "reason": skipped.reason} for skipped in self.skipped],
            "secrets_masked": len(self.secrets),
        }
