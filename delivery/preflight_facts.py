"""What the portal knows by itself of the pre-flight: generated files, mail logs, hard stops, attached outputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.counting import counted
from delivery.preflight.logging_checks import LOGS_IN, logs_message_id
from delivery.preflight.outcomes import Outcome, State
from discovery.domain.find_measured import latest_logs
from discovery.hard_stops import FAIL, PASS
from discovery.models import StartOutput, Upload
from discovery.translation_evidence import told_about

if TYPE_CHECKING:
    from collections.abc import Iterator

    from delivery.preflight_state import Files
    from discovery.models import LogReading, TranslationSet

STATES = {PASS: State.PASSED, FAIL: State.PROBLEM}
OUTPUTS = {StartOutput.Verdict.PASSED: State.PASSED, StartOutput.Verdict.FAILED: State.PROBLEM}
STOPS = MappingProxyType({"auth": ("auth-login", "cleartext-auth"), "injection": ("sendmail-callers",)})

Facts = Callable[["Files", "TranslationSet"], "Iterator[Outcome]"]


def facts_of(check: str, files: Files, translation: TranslationSet) -> list[Outcome]:
    """Raises KeyError for a check that no fact stands behind."""
    return list(FACTS[check](files, translation))


def target_logs_id(files: Files, translation: TranslationSet) -> Iterator[Outcome]:
    del files
    check, name = "message_id_target", LOGS_IN[translation.target]
    named = translation.files.filter(path__regex=rf"(^|/){re.escape(name)}$")
    texts = {file.path: file.text for file in named}
    for path, text in texts.items():
        yield Outcome(check, path, *logs_message_id(translation.target, text))
    for folder in translation.sources.values_list("folder", flat=True):
        if not any(path.startswith(f"{folder}/") for path in texts):
            said = f"There is no {name} among the generated files of this host, so nothing says that it logs."
            yield Outcome(check, f"{folder}/{name}", State.PROBLEM, said)


def postfix_logs_id(files: Files, translation: TranslationSet) -> Iterator[Outcome]:
    del translation
    engagement = files.engagement
    logs = latest_logs(engagement)
    hosts = set(Upload.objects.filter(engagement=engagement).current().values_list("host_label", flat=True))
    for host in sorted(hosts | logs.keys()):
        yield _judge_log(host, logs.get(host))


def _judge_log(host: str, log: LogReading | None) -> Outcome:
    check = "message_id_postfix"
    if log is None:
        return Outcome(check, host, State.UNKNOWN, "No mail log of this host has been measured.")
    different, without = log.figures.get("ids_different", 0), log.figures.get("without_id", 0)
    told = f"Mail log {log.number}, {log.covered_from} to {log.covered_to}"
    if not different:
        return Outcome(check, host, State.PROBLEM, f"{told}: no Message-ID stands in it.")
    rest = f"; {counted(without, 'message')} without one" if without else ""
    return Outcome(check, host, State.PASSED, f"{told}: {different:,} different Message-IDs{rest}.")


def target_said(files: Files, translation: TranslationSet) -> Iterator[Outcome]:
    told = told_about(files.digest, files.engagement.pk)
    if not told:
        yield Outcome("target_check", str(translation), State.UNKNOWN, "Nothing was attached for these files.")
        return
    judged = [each for each in told if each.verdict != StartOutput.Verdict.NOT_JUDGED]
    speaking = judged[0] if judged else told[0]  # what says nothing for certain takes back nothing that was certain
    said = f"“{speaking.verdict_line}”" if speaking.verdict_line else "No line of the output says it for certain"
    later = "" if speaking is told[0] else " What was attached later says nothing for certain."
    state = OUTPUTS.get(StartOutput.Verdict(speaking.verdict), State.UNKNOWN)
    yield Outcome("target_check", str(translation), state, f"{said}, attached by {speaking.attached_by}.{later}")


def stops_of(check: str) -> Facts:
    def stops(files: Files, translation: TranslationSet) -> Iterator[Outcome]:
        for stop, verdicts in files.verdicts:
            if stop.id not in STOPS[check]:
                continue
            for verdict in verdicts:
                if verdict.target.target == translation.target:
                    found = ", ".join(finding.reference for finding in verdict.findings)
                    way = f" {found}. A way round it: {verdict.target.workaround}" if verdict.state == FAIL else ""
                    state = STATES.get(verdict.state, State.UNKNOWN)
                    yield Outcome(check, stop.title, state, f"{verdict.words}{way}")

    return stops


FACTS: Mapping[str, Facts] = MappingProxyType(
    {
        "message_id_target": target_logs_id,
        "message_id_postfix": postfix_logs_id,
        "target_check": target_said,
        "auth": stops_of("auth"),
        "injection": stops_of("injection"),
    }
)
