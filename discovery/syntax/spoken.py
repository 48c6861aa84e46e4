"""What the output of the target's own check says, where that is certain."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PHRASES = Path(__file__).parent / "spoken.yaml"
LONGEST_LINE = 300


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`line` is what it was taken from, empty where nothing was certain."""

    verdict: Verdict
    line: str = ""


@cache
def phrases() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return found


def command_of(target: str) -> str:
    """What is run on the new host with the files of a set, and prints the line that settles it."""
    return str(phrases()["commands"][target])


def judge_output(target: str, text: str) -> Judgement:
    """Failed where a line says so or the last exit status is not 0; passed where 0 is a promise."""
    lines = text.splitlines()
    failures = [re.compile(pattern) for pattern in phrases()["failures"][target]]
    for line in lines:
        if any(pattern.search(line[:LONGEST_LINE]) for pattern in failures):
            return Judgement(Verdict.FAILED, line[:LONGEST_LINE].strip())
    status = re.compile(phrases()["status"])
    told = [found for line in lines if (found := status.match(line[:LONGEST_LINE]))]
    if not told:
        return Judgement(Verdict.NOT_JUDGED)
    last = told[-1]
    if int(last[1]):
        return Judgement(Verdict.FAILED, last.group().strip())
    if target not in phrases()["promises"]:
        return Judgement(Verdict.NOT_JUDGED)
    return Judgement(Verdict.PASSED, last.group().strip())
