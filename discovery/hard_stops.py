"""The named hard stops of each target, and what the current findings of an engagement say about them.

`discovery/rules/hard_stops.yaml` lists them. A stop fails when a finding shows it, cannot be told while nothing was
read, while a finding raises a doubt or while a configuration would not show it, and passes otherwise. Mail logs of
enough days that do not show it let it pass too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from core.components import Status, StatusKind
from discovery.log_evidence import LogEvidence, LogFacts, log_facts
from discovery.models import Finding, Upload
from discovery.postfix.rule_packs import PACKS
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
SHOWN = {
    PASS: Status(StatusKind.COMPLETED, "Pass"),
    FAIL: Status(StatusKind.PROBLEM, "Fail"),
    UNKNOWN: Status(StatusKind.NOT_STARTED, "Cannot be told yet"),
}
NOTHING_READ = "No configuration has been read yet."


@dataclass(frozen=True, slots=True)
class TargetStop:
    """What makes a stop fail on one target; `is_settled` when the target has no difficulty whatever is found."""

    target: str
    fails: tuple[str, ...]
    doubts: tuple[str, ...]
    workaround: str
    is_settled: bool

    @property
    def label(self) -> str:
        return str(Engagement.Target(self.target).label)


@dataclass(frozen=True, slots=True)
class HardStop:
    """One row of hard_stops.yaml; `settles` are rules whose findings show that nothing stops.

    `logs_pass` is what is said when mail logs rule it out, "" when they cannot; `logs_settle` whether over doubts too.
    """

    id: str
    title: str
    passes: str
    ask: str
    is_visible: bool
    settles: tuple[str, ...]
    targets: tuple[TargetStop, ...]
    logs_pass: str = ""
    logs_settle: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known about one stop on one target. `dismissed` findings no longer count against it."""

    stop: HardStop
    target: TargetStop
    state: str
    words: str
    findings: tuple[Finding, ...] = ()
    dismissed: tuple[Finding, ...] = ()
    logs: tuple[LogEvidence, ...] = ()

    @property
    def status(self) -> Status:
        return SHOWN[self.state]

    @property
    def needs_workaround(self) -> bool:
        return self.state != PASS


@cache
def hard_stops() -> tuple[HardStop, ...]:
    rows = yaml.safe_load((PACKS / "hard_stops.yaml").read_text(encoding="utf-8"))
    return tuple(stop_of(row) for row in rows)


def stop_of(row: Mapping[str, Any]) -> HardStop:
    return HardStop(
        id=row["id"],
        title=row["title"],
        passes=row["passes"],
        ask=row["ask"],
        is_visible=row["visible"],
        settles=tuple(row.get("settles", ())),
        targets=tuple(target_of(target, each) for target, each in row["targets"].items()),
        logs_pass=row.get("logs", {}).get("passes", ""),
        logs_settle=row.get("logs", {}).get("settle_doubts", False),
    )


def target_of(target: str, row: Mapping[str, Any]) -> TargetStop:
    is_settled = bool(row.get("settled")) or not (row["fails"] or row["doubts"])
    return TargetStop(target, tuple(row["fails"]), tuple(row["doubts"]), row["workaround"], is_settled)


@cache
def rules_asked() -> tuple[str, ...]:
    """Every rule that a hard stop looks at."""
    named = [rule for stop in hard_stops() for target in stop.targets for rule in (*target.fails, *target.doubts)]
    return tuple(dict.fromkeys([*named, *(rule for stop in hard_stops() for rule in stop.settles)]))


def verdicts_of(engagement: Engagement) -> list[tuple[HardStop, list[Verdict]]]:
    """Each stop with a verdict for each target, in the order of the file. Four queries."""
    hosts = sorted(Upload.objects.filter(engagement=engagement).current().values_list("host_label", flat=True))
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in Finding.objects.filter(engagement=engagement, rule__in=rules_asked()).current().order_by("number"):
        by_rule[finding.rule].append(finding)
    logs = log_facts(engagement)
    return [(stop, [judge(stop, target, by_rule, hosts, logs) for target in stop.targets]) for stop in hard_stops()]


def judge(
    stop: HardStop, target: TargetStop, by_rule: Mapping[str, list[Finding]], hosts: list[str], logs: LogFacts
) -> Verdict:
    """The verdict on one stop for one target."""
    return replace(_judged(stop, target, by_rule, hosts, logs), logs=logs.about(stop.id))


def _judged(
    stop: HardStop, target: TargetStop, by_rule: Mapping[str, list[Finding]], hosts: list[str], logs: LogFacts
) -> Verdict:
    failing, doubtful = said_by(target.fails, by_rule), said_by(target.doubts, by_rule)
    settling = said_by(stop.settles, by_rule)
    dismissed = tuple(each for each in (*failing, *doubtful) if each.state == Finding.State.DISMISSED)
    standing = tuple(each for each in failing if each not in dismissed)
    doubts = tuple(each for each in doubtful if each not in dismissed)
    if standing:
        return Verdict(stop, target, FAIL, "These findings show it.", standing, dismissed)
    if target.is_settled:
        return Verdict(stop, target, PASS, target.workaround)
    if stop.logs_pass and hosts and (stop.logs_settle or not doubts) and logs.is_ruled_out(stop.id, hosts):
        return Verdict(stop, target, PASS, f"{stop.logs_pass} {_days_of(hosts, logs)}", doubts, dismissed)
    if doubts or not hosts or not (stop.is_visible or settling) or _is_seen_undecided(stop, logs, dismissed):
        return Verdict(stop, target, UNKNOWN, stop.ask if hosts else NOTHING_READ, doubts, dismissed)
    return Verdict(stop, target, PASS, f"{stop.passes} Looked at: {', '.join(hosts)}.", settling, dismissed)


def _is_seen_undecided(stop: HardStop, logs: LogFacts, dismissed: tuple[Finding, ...]) -> bool:
    """A log shows it, and no finding about that was dismissed: an earlier log, or one of a host that is not read."""
    is_seen = any(each.is_seen for each in logs.about(stop.id))
    return is_seen and not any(each.source == Finding.Source.LOGS for each in dismissed)


def _days_of(hosts: list[str], logs: LogFacts) -> str:
    return f"Looked at: {', '.join(f'{logs.days[host]} days of {host}' for host in hosts)}."


def said_by(rules: Iterable[str], by_rule: Mapping[str, list[Finding]]) -> tuple[Finding, ...]:
    return tuple(finding for rule in rules for finding in by_rule.get(rule, ()))
